// The losses: what they read of a batch, and values by PyTorch.
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, test } from 'vitest'
import { initialize } from '../testing/contributions.ts'
import reference from '../testing/layers.json' with { type: 'json' }
import { difference, fill, integers } from '../testing/reference.ts'
import crossEntropy from './cross-entropy.ts'
import mse from './mse.ts'

beforeAll(() => tf.setBackend('cpu'))

const outputs = () => ({ logits: fill([6, 5], 1, 6) })
const labels = () => tf.tensor1d(integers(6, 2, 5), 'int32')
const attention_mask = () => tf.tensor1d([1, 0, 1, 1, 0, 1])

const lossOf = async (config: unknown = {}) =>
  (await initialize(crossEntropy)).create('loss', 'cross_entropy', config, {})

describe('cross_entropy', () => {
  test('averages over all labels, or over those the mask keeps', async () => {
    const loss = await lossOf()
    const all = { outputs: outputs(), batch: { labels: labels() } }
    expect(difference(loss.compute(all).dataSync(), reference.cross_entropy.output)).toBeLessThan(
      1e-6,
    )
    expect(loss.weight!(all).dataSync()[0]).toBe(6)

    const some = { ...all, batch: { labels: labels(), attention_mask: attention_mask() } }
    const masked = loss.compute(some).dataSync()
    expect(difference(masked, reference.cross_entropy_masked.output)).toBeLessThan(1e-6)
    expect(loss.weight!(some).dataSync()[0]).toBe(4)
  })

  test('smooths labels', async () => {
    const loss = await lossOf({ label_smoothing: 0.1 })
    const batch = { labels: labels(), attention_mask: attention_mask() }
    const value = loss.compute({ outputs: outputs(), batch }).dataSync()
    expect(difference(value, reference.cross_entropy_smoothed.output)).toBeLessThan(1e-6)
  })

  test('takes no mask that is not about labels', async () => {
    const loss = await lossOf()
    const batch = { labels: labels(), attention_mask: tf.zeros([6, 9]) }
    const value = loss.compute({ outputs: outputs(), batch }).dataSync()
    expect(difference(value, reference.cross_entropy.output)).toBeLessThan(1e-6)
  })

  test('is 0 where nothing is kept, without dividing by 0', async () => {
    const loss = await lossOf()
    const batch = { labels: labels(), attention_mask: tf.zeros([6]) }
    expect(loss.compute({ outputs: outputs(), batch }).dataSync()[0]).toBeCloseTo(0)
  })

  test('says what is missing', async () => {
    const loss = await lossOf()
    const call = () =>
      loss.compute({ outputs: { predictions: tf.zeros([6]) }, batch: { x: labels() } })
    expect(call).toThrow(
      "needs the output 'logits' and the column 'labels'; there are outputs predictions",
    )
  })
})

describe('mse', () => {
  test('is the mean of squares', async () => {
    const loss = (await initialize(mse)).create('loss', 'mse', {}, {})
    const args = { outputs: { predictions: fill([6, 2], 1) }, batch: { labels: fill([6, 2], 2) } }
    expect(difference(loss.compute(args).dataSync(), reference.mse.output)).toBeLessThan(1e-6)
    expect(loss.weight!(args).dataSync()[0]).toBe(12)
    const apart = { ...args, batch: { labels: fill([6], 2) } }
    expect(() => loss.compute(apart)).toThrow('predictions are [6, 2], labels [6]')
  })

  test('averages over what the mask keeps, and is 0 over nothing', async () => {
    const loss = (await initialize(mse)).create('loss', 'mse', {}, {})
    const outputs = { predictions: tf.tensor1d([1, 2, 3, 4]) }
    const args = (...mask: number[]) => ({
      outputs,
      batch: { labels: tf.tensor1d([0, 0, 0, 0]), attention_mask: tf.tensor1d(mask, 'int32') },
    })
    expect(loss.compute(args(1, 0, 1, 0)).dataSync()[0]).toBe(5)
    expect(loss.weight!(args(1, 0, 1, 0)).dataSync()[0]).toBe(2)
    expect(loss.compute(args(0, 0, 0, 0)).dataSync()[0]).toBe(0)
  })
})
