// When a recording may run again: what had the same values has the same again.
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import { Region } from './region.ts'
import { Replay } from './replay.ts'
import { Traces } from './traces.ts'

const form = { shape: [2], dtype: 'float32' } as const

/** Of a recording that computes something of `value`, given `inputs`. */
function replayOf(...args: Parameters<typeof recordedOf>): Replay {
  const replay = recordedOf(...args)
  expect(replay).toBeInstanceOf(Replay)
  return replay as Replay
}

/** The same, or what it did besides; `meanwhile` is what it did. */
function recordedOf(
  value: tf.Tensor,
  inputs: readonly tf.Tensor[] = [],
  traces = new Traces(() => undefined),
  meanwhile: () => void = () => undefined,
): ReturnType<typeof Replay.of> {
  const region = new Region({
    traces,
    inputs,
    describe: () => ({ ...form, isUpload: false }),
  })
  region.recording.add('Neg', [['x', { dataId: value.dataId, ...form }]], {})
  meanwhile()
  const { calls, externals, ids } = region.recording
  const program = { plan: { isDonated: [] } } as never
  return Replay.of({ program, trace: { calls, externals }, kept: [], ids }, region, {
    valuesOf: () => [],
    holdersOf: (dataId) => tf.engine().backend.refCount(dataId),
  })
}

test('a variable that is given the data of another tensor is told of by name', () => {
  const [value, batch] = [tf.tensor1d([1, 2]), tf.tensor1d([3, 4])]
  const variable = tf.variable(value)
  const found = recordedOf(value, [batch], undefined, () => {
    variable.assign(batch)
  })
  expect(found).toEqual([
    {
      kind: 'does',
      message: expect.stringContaining('gives a variable [2] the data of another tensor') as string,
      variable: variable.name,
    },
  ])
  tf.dispose([value, batch, variable])
})

test('a variable may have other values, unless another tensor has those that were recorded', () => {
  const first = tf.tensor1d([1, 2])
  const variable = tf.variable(first)
  const shared = replayOf(first)
  expect(shared.disagreement([])).toBeUndefined()
  const other = tf.tensor1d([3, 4])
  variable.assign(other)
  // What it takes may have been meant to be those of the other tensor, which stay.
  expect(shared.disagreement([])).toMatchObject({ shape: [2] })
  first.dispose()
  other.dispose()
  const alone = replayOf(variable)
  const next = tf.tensor1d([5, 6])
  variable.assign(next)
  expect(alone.disagreement([])).toBeUndefined()
  tf.dispose([variable, next])
})

test('an input may have other values, unless it was given before and a tensor that is kept had them too', () => {
  const [first, second] = [tf.tensor1d([1, 2]), tf.tensor1d([3, 4])]
  const traces = new Traces(() => undefined)
  const kept = first.clone()
  const fresh = replayOf(first, [first], traces)
  expect(fresh.disagreement([second])).toBeUndefined()
  const again = replayOf(first, [first], traces)
  expect(again.disagreement([first])).toBeUndefined()
  expect(again.disagreement([second])).toMatchObject({ shape: [2] })
  kept.dispose()
  expect(replayOf(first, [first], traces).disagreement([second])).toBeUndefined()
  tf.dispose([first, second])
})

test.each<[string, () => tf.Tensor]>([
  ['a tensor', () => tf.tensor1d([1, 2])],
  ['a variable', () => tf.variable(tf.tensor1d([1, 2]))],
])('nothing runs again with the data of %s that is gone', (_, make) => {
  const value = make()
  const replay = replayOf(value)
  const { data } = tf.backend() as unknown as {
    data: Parameters<Replay['current']>[0]
  }
  const current = replay.current(data)
  expect(current?.ids).toEqual([value.dataId])
  expect(replay.current(data)).toBe(current)
  value.dispose()
  expect(replay.current(data)).toBeUndefined()
})
