// Hits on logits where one can see them.
import * as tf from '@tensorflow/tfjs'
import { createTestEngine, expect, test, testPlugin } from 'plugboard/testing'
import MyMetric from '../plugins/my-metric.ts'

async function valueOf(among: number, batch: Record<string, tf.Tensor>) {
  const engine = await createTestEngine({ plugins: [MyMetric] })
  await engine.up()
  const { ctx } = engine.instance('my_metric')
  const metric = ctx.create('metric', { name: 'my_metric', config: { among } }, {})
  const logits = tf.tensor2d([
    [5, 2, 1, 0],
    [5, 2, 1, 0],
    [5, 2, 1, 0],
  ])
  return metric.summarize([...metric.measure({ outputs: { logits }, batch }).dataSync()])
}

const labels = () => tf.tensor1d([0, 1, 3], 'int32')

test('conforms to what every plugin must keep', () => testPlugin(MyMetric))

test('counts labels among the most likely classes', async () => {
  expect(await valueOf(1, { labels: labels() })).toEqual({ my_metric: 1 / 3 })
  expect(await valueOf(2, { labels: labels() })).toEqual({ my_metric: 2 / 3 })
  expect(await valueOf(4, { labels: labels() })).toEqual({ my_metric: 1 })
})

test('leaves out what the mask leaves out', async () => {
  const some = { labels: labels(), attention_mask: tf.tensor1d([1, 0, 0]) }
  expect(await valueOf(1, some)).toEqual({ my_metric: 1 })
  expect(await valueOf(1, { ...some, attention_mask: tf.zeros([3]) })).toEqual({})
})
