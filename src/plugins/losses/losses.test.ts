// The losses: what they read of a batch, and values by PyTorch.
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs'
import type { Loss, PluginInstance } from 'plugboard'
import { beforeAll, describe, expect, test } from 'vitest'
import { initialize } from '../testing/contributions.ts'
import reference from '../testing/layers.json' with { type: 'json' }
import { difference, fill, integers } from '../testing/reference.ts'
import parts from '../testing/training-parts.json' with { type: 'json' }
import bce from './bce.ts'
import crossEntropy from './cross-entropy.ts'
import huber from './huber.ts'
import mae from './mae.ts'
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

/** Inputs of scripts/reference/training_parts.py. */
const ROWS = 12
const inputs = {
  classes: () => ({
    outputs: { logits: fill([ROWS, 5], 1, 6) },
    batch: { labels: tf.tensor1d(integers(ROWS, 2, 5), 'int32') },
  }),
  masked: () => ({
    outputs: inputs.classes().outputs,
    batch: {
      ...inputs.classes().batch,
      attention_mask: tf.tensor1d(integers(ROWS, 7, 3).map((value) => Number(value > 0))),
    },
  }),
  numbers: () => ({
    outputs: { predictions: fill([ROWS, 2], 3, 6) },
    batch: { labels: fill([ROWS, 2], 4, 6) },
  }),
  binary: () => ({
    outputs: { logits: fill([ROWS, 3], 6, 30) },
    batch: { labels: tf.tensor2d(integers(ROWS * 3, 5, 2), [ROWS, 3]) },
  }),
}

const class_weights = [0.5, 2, 1, 0.25, 3]

const cases = [
  ['weighted', crossEntropy, 'cross_entropy', { class_weights }, 'classes'],
  [
    'weighted_masked_smoothed',
    crossEntropy,
    'cross_entropy',
    { class_weights, label_smoothing: 0.2 },
    'masked',
  ],
  ['mse', mse, 'mse', {}, 'numbers'],
  ['mae', mae, 'mae', {}, 'numbers'],
  ['huber', huber, 'huber', {}, 'numbers'],
  ['huber_wide', huber, 'huber', { delta: 2.5 }, 'numbers'],
  ['bce', bce, 'bce', {}, 'binary'],
  ['bce_weighted', bce, 'bce', { pos_weight: 3 }, 'binary'],
  ['bce_weights', bce, 'bce', { pos_weight: [0.5, 1, 4] }, 'binary'],
] as const

type Args = Parameters<Loss['compute']>[0]

const make = async (Plugin: unknown, name: string, config: unknown): Promise<Loss> => {
  const plugin = await initialize(Plugin as new (init: never) => PluginInstance)
  return plugin.create('loss', name, config, {})
}

/** What the loss reads, as a function of it alone. */
const lossIn = (loss: Loss, args: Args) => (predicted: tf.Tensor) =>
  loss.compute({ ...args, outputs: { [Object.keys(args.outputs)[0]!]: predicted } })

describe.each(cases)('%s', (reference, plugin, name, config, input) => {
  test('has the value and the gradient that PyTorch has', async () => {
    const args: Args = inputs[input]()
    const of = lossIn(await make(plugin, name, config), args)
    const [predicted] = Object.values(args.outputs)
    const { value, gradient } = parts.losses[reference]
    expect(difference(of(predicted!).dataSync(), [value])).toBeLessThan(1e-6)
    expect(difference(tf.grad(of)(predicted!).dataSync(), gradient)).toBeLessThan(2e-6)
  })

  test('has the gradient that its slope is', async () => {
    const args: Args = inputs[input]()
    const of = lossIn(await make(plugin, name, config), args)
    const predicted = Object.values(args.outputs)[0]!
    const gradient = tf.grad(of)(predicted).dataSync()
    const values = predicted.dataSync()
    // Huber bends and the absolute error breaks: not between these points.
    const step = 1e-2
    for (const at of [0, 7, predicted.size - 1]) {
      const moved = (by: number) =>
        of(
          tf.tensor(
            values.map((value, i) => (i === at ? value + by : value)),
            predicted.shape,
          ),
        ).dataSync()[0]!
      expect((moved(step) - moved(-step)) / (2 * step)).toBeCloseTo(gradient[at]!, 3)
    }
  })

  test('over two batches, weighed, is what it is over one', async () => {
    const loss = await make(plugin, name, config)
    const args: Args = inputs[input]()
    const part = (start: number, size: number): Args => {
      const cut = (tensors: Args['batch']) =>
        Object.fromEntries(
          Object.entries(tensors).map(([key, it]) => [
            key,
            it.slice([start, ...it.shape.slice(1).map(() => 0)], [size, ...it.shape.slice(1)]),
          ]),
        )
      return { outputs: cut(args.outputs), batch: cut(args.batch) }
    }
    const batches = [part(0, 5), part(5, ROWS - 5)].map((batch) => ({
      value: loss.compute(batch).dataSync()[0]!,
      weight: loss.weight!(batch).dataSync()[0]!,
    }))
    const sum = batches.reduce((all, { value, weight }) => all + value * weight, 0)
    const weights = batches.reduce((all, { weight }) => all + weight, 0)
    expect(difference([sum / weights], [parts.losses[reference].value])).toBeLessThan(2e-6)
  })
})

test('class weights must be as many as the classes, and cover more than nothing', async () => {
  const loss = await make(crossEntropy, 'cross_entropy', { class_weights: [1, 2] })
  expect(() => loss.compute(inputs.classes())).toThrow(
    'class_weights of cross_entropy are 2, but the model tells 5 classes apart',
  )
  await expect(make(crossEntropy, 'cross_entropy', { class_weights: [0, 0] })).rejects.toThrow(
    'above 0',
  )
})

test.each([
  ['cross_entropy', crossEntropy, 'masked'],
  ['mae', mae, 'numbers'],
  ['huber', huber, 'numbers'],
  ['bce', bce, 'binary'],
] as const)('%s of nothing is 0, with a gradient of 0', async (name, plugin, input) => {
  const args: Args = inputs[input]()
  const batch = { ...args.batch, attention_mask: tf.zerosLike(args.batch['labels']!) }
  const of = lossIn(await make(plugin, name, {}), { ...args, batch })
  const predicted = Object.values(args.outputs)[0]!
  expect(of(predicted).dataSync()[0]).toBeCloseTo(0)
  expect(Math.max(...tf.grad(of)(predicted).abs().dataSync())).toBe(0)
})

describe('bce', () => {
  test('is finite for logits of any size, and has the slope of a no or a yes', async () => {
    const loss = await make(bce, 'bce', {})
    const of = lossIn(loss, {
      outputs: { logits: tf.zeros([4]) },
      batch: { labels: tf.tensor1d([0, 1, 0, 1]) },
    })
    const far = tf.tensor1d([1000, 1000, -1000, -1000])
    expect(of(far).dataSync()[0]).toBeCloseTo(500)
    expect([...tf.grad(of)(far).dataSync()].map((slope) => slope + 0)).toEqual([0.25, 0, 0, -0.25])
  })

  test('reads predictions where a model has no logits', async () => {
    const loss = await make(bce, 'bce', {})
    const { outputs, batch } = inputs.binary()
    const value = loss.compute({ outputs: { predictions: outputs.logits }, batch }).dataSync()
    expect(difference(value, [parts.losses.bce.value])).toBeLessThan(1e-6)
  })

  test('says which shapes do not fit, and what labels must be', async () => {
    const loss = await make(bce, 'bce', { pos_weight: [1, 2] })
    const labels = tf.zeros([ROWS, 3])
    const misfit = { outputs: { logits: tf.zeros([ROWS, 2]) }, batch: { labels } }
    expect(() => loss.compute(misfit)).toThrow('logits are [12, 2], labels [12, 3]')
    expect(() => loss.compute(inputs.binary())).toThrow(
      'pos_weight of bce has 2 values, but labels are [12, 3]',
    )
    expect(loss.ranges!(inputs.binary())).toEqual({ labels: { min: 0, max: 1 } })
  })
})

test('cross_entropy says which labels it can take', async () => {
  const loss = await make(crossEntropy, 'cross_entropy', {})
  expect(loss.ranges!(inputs.classes())).toEqual({ labels: { min: 0, max: 4, isWhole: true } })
  const outputs = { logits: tf.zeros([ROWS, 5]) }
  const apart = { outputs, batch: { labels: tf.zeros([ROWS, 5]) } }
  expect(() => loss.compute(apart)).toThrow(
    'cross_entropy cannot compare labels of [12, 5] with logits of [12, 5], which need labels of [12]',
  )
})
