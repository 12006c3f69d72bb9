// Which results take over the memory of what they replace.
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import { Region } from './region.ts'
import { Traces } from './traces.ts'

test('of variables that began as copies of each other one keeps the memory', () => {
  const first = tf.tensor1d([1, 2, 3, 4])
  const shared = first.dataId
  const variables = [tf.variable(first), tf.variable(first)]
  first.dispose()
  const region = new Region({
    traces: new Traces(() => undefined),
    inputs: [],
    describe: () => ({ shape: [4], dtype: 'float32', isUpload: false }),
  })
  const results = variables.map((variable, i) => {
    expect(variable.dataId).toBe(shared)
    const kernel = ['Neg', 'Square'][i]!
    region.recording.add(kernel, [['x', { dataId: shared, shape: [4], dtype: 'float32' }]], {})
    const result = tf.tensor1d([0, 0, 0, 0])
    region.recording.bind(result.dataId, 0)
    region.lazy.add(result.dataId)
    return result
  })
  region.dying.add(shared)
  variables.forEach((variable, i) => variable.assign(results[i]!))
  const { ids, externals } = region.recording
  expect(region.kept(ids, externals).map(({ donor }) => donor)).toEqual([0, undefined])
  tf.dispose([...variables, ...results])
})
