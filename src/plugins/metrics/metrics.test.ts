// Metrics add up over batches to what one batch of all rows gives.
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs'
import type { Metric, PluginInstance } from 'plugboard'
import { beforeAll, expect, test } from 'vitest'
import { initialize } from '../testing/contributions.ts'
import { fill, integers } from '../testing/reference.ts'
import accuracy from './accuracy.ts'
import perplexity from './perplexity.ts'

beforeAll(() => tf.setBackend('cpu'))

const summary = (metric: Metric, batches: Parameters<Metric['measure']>[0][]) => {
  const sums = batches.map((batch) => [...metric.measure(batch).dataSync()])
  const [first, ...rest] = sums as [number[], ...number[][]]
  return metric.summarize(first.map((sum, k) => rest.reduce((all, more) => all + more[k]!, sum)))
}

const batchOf = (logits: number[][], labels: number[], mask?: number[]) => ({
  outputs: { logits: tf.tensor2d(logits) },
  batch: {
    labels: tf.tensor1d(labels, 'int32'),
    ...(mask ? { attention_mask: tf.tensor1d(mask) } : {}),
  },
})

test('accuracy is the share of right labels', async () => {
  const metric = (await initialize(accuracy)).create('metric', 'accuracy', {}, {})
  const first = batchOf(
    [
      [1, 3],
      [2, 0],
      [0, 1],
    ],
    [1, 0, 0],
  )
  const second = batchOf([[5, 3]], [0])
  expect(summary(metric, [first, second])).toEqual({ accuracy: 3 / 4 })
  const masked = batchOf(
    [
      [1, 3],
      [2, 0],
      [0, 1],
    ],
    [1, 0, 0],
    [1, 0, 1],
  )
  expect(summary(metric, [masked, second])).toEqual({ accuracy: 2 / 3 })
})

test('accuracy reads labels along time', async () => {
  const metric = (await initialize(accuracy)).create('metric', 'accuracy', {}, {})
  const logits = tf.tensor3d([
    [
      [1, 0],
      [0, 1],
    ],
    [
      [1, 0],
      [1, 0],
    ],
  ])
  const labels = tf.tensor2d(
    [
      [0, 1],
      [1, 0],
    ],
    [2, 2],
    'int32',
  )
  const attention_mask = tf.tensor2d([
    [1, 1],
    [1, 0],
  ])
  expect(summary(metric, [{ outputs: { logits }, batch: { labels, attention_mask } }])).toEqual({
    accuracy: 2 / 3,
  })
})

test.each([
  ['accuracy', accuracy],
  ['perplexity', perplexity],
] as const)('%s over no labels is left out; without logits it says so', async (name, plugin) => {
  const metric = (await initialize<PluginInstance>(plugin)).create('metric', name, {}, {})
  expect(summary(metric, [batchOf([[1, 3]], [1], [0])])).toEqual({})
  const nothing = { outputs: { predictions: tf.zeros([1]) }, batch: { labels: tf.zeros([1]) } }
  expect(() => metric.measure(nothing)).toThrow(`${name} needs the output 'logits'`)
})

test('perplexity of even odds is the number of choices', async () => {
  const metric = (await initialize(perplexity)).create('metric', 'perplexity', {}, {})
  const even = batchOf(
    [
      [2, 2, 2, 2],
      [0, 0, 0, 0],
    ],
    [1, 3],
  )
  expect(summary(metric, [even])['perplexity']).toBeCloseTo(4, 5)
})

test('perplexity over two batches is that of one batch of all', async () => {
  const metric = (await initialize(perplexity)).create('metric', 'perplexity', {}, {})
  const logits = fill([6, 5], 1, 6)
  const labels = tf.tensor1d(integers(6, 2, 5), 'int32')
  const attention_mask = tf.tensor1d([1, 0, 1, 1, 0, 1])
  const part = (start: number, size: number) => ({
    outputs: { logits: logits.slice([start, 0], [size, 5]) },
    batch: {
      labels: labels.slice(start, size),
      attention_mask: attention_mask.slice(start, size),
    },
  })
  const whole = summary(metric, [part(0, 6)])['perplexity']!
  expect(summary(metric, [part(0, 4), part(4, 2)])['perplexity']).toBeCloseTo(whole, 5)
})
