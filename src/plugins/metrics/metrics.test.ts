// Metrics add up over batches to what one batch of all rows gives.
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs'
import type { Metric, PluginInstance } from 'plugboard'
import { beforeAll, describe, expect, test } from 'vitest'
import { initialize } from '../testing/contributions.ts'
import { fill, integers } from '../testing/reference.ts'
import parts from '../testing/training-parts.json' with { type: 'json' }
import accuracy from './accuracy.ts'
import auc from './auc.ts'
import bits from './bits-per-character.ts'
import confusion from './confusion-matrix.ts'
import mae from './mae.ts'
import perplexity from './perplexity.ts'
import precisionRecall from './precision-recall.ts'
import r2 from './r2.ts'

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
  ['auc', auc],
  ['bits_per_character', bits],
  ['confusion_matrix', confusion],
  ['f1', precisionRecall],
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

/** Inputs of scripts/reference/training_parts.py, in three batches of unequal size. */
const ROWS = 60
type Batch = Parameters<Metric['measure']>[0]

function inBatches(outputs: Batch['outputs'], batch: Batch['batch']): Batch[] {
  const cut = (tensors: Batch['batch'], start: number, size: number) =>
    Object.fromEntries(
      Object.entries(tensors).map(([name, it]) => [
        name,
        it.slice([start, ...it.shape.slice(1).map(() => 0)], [size, ...it.shape.slice(1)]),
      ]),
    )
  return [
    [0, 25],
    [25, 34],
    [59, 1],
  ].map(([start, size]) => ({
    outputs: cut(outputs, start!, size!),
    batch: cut(batch, start!, size!),
  }))
}

const classOf = integers(ROWS, 3, 3)
const isYes = classOf.map((label) => Number(label > 0))
const mask = () => tf.tensor1d(integers(ROWS, 9, 4).map((value) => Number(value > 0)))

const scores = () => {
  const lift = tf.oneHot(tf.tensor1d(classOf, 'int32'), 4).toFloat().mul(0.7)
  return fill([ROWS, 4], 11, 4)
    .sub(tf.tensor1d([0, 0, 0, 10]))
    .add(lift)
}

const several = (logits = scores()) =>
  inBatches({ logits }, { labels: tf.tensor1d(classOf, 'int32'), attention_mask: mask() })

/** One logit for a yes. */
const binary = () => {
  const logits = fill([ROWS], 12, 4).add(tf.tensor1d(isYes).mul(0.8))
  return inBatches({ logits }, { labels: tf.tensor1d(isYes, 'int32'), attention_mask: mask() })
}

const make = async (plugin: unknown, name: string, config: unknown = {}): Promise<Metric> => {
  const made = await initialize(plugin as new (init: never) => PluginInstance)
  return made.create('metric', name, config, {})
}

/** The one value of a metric. */
const valueOf = async (
  plugin: unknown,
  name: string,
  config: unknown,
  batches: Batch[],
  value = name,
) => {
  const values = summary(await make(plugin, name, config), batches)
  expect(Object.keys(values)).toEqual([value])
  return values[value]!
}

test('accuracy of the top two is that of scikit-learn', async () => {
  const found = await valueOf(accuracy, 'accuracy', { top_k: 2 }, several(), 'top_2_accuracy')
  expect(found).toBeCloseTo(parts.metrics.top_2, 6)
})

test('accuracy takes equal logits in their order, and no more of them than there are', async () => {
  const even = batchOf(
    [
      [1, 1, 1],
      [1, 1, 1],
      [1, 1, 1],
    ],
    [0, 1, 2],
  )
  for (const top_k of [1, 2]) {
    const metric = await make(accuracy, 'accuracy', { top_k })
    expect(Object.values(summary(metric, [even]))[0]).toBeCloseTo(top_k / 3, 6)
  }
  const all = await make(accuracy, 'accuracy', { top_k: 3 })
  expect(() => all.measure(even)).toThrow('top_k of accuracy is 3, but there are 3 classes')
})

test.each(['precision', 'recall', 'f1'] as const)(
  '%s is that of scikit-learn, over all kinds of mean',
  async (name) => {
    for (const average of ['macro', 'micro', 'weighted'] as const) {
      const value = average === 'macro' ? name : `${name}_${average}`
      const found = await valueOf(precisionRecall, name, { average }, several(), value)
      expect(found).toBeCloseTo(parts.metrics[name][average], 6)
    }
    const config = { average: 'binary' }
    const found = await valueOf(precisionRecall, name, config, binary(), `${name}_binary`)
    expect(found).toBeCloseTo(parts.metrics[name].binary, 6)
  },
)

test('precision of a class that is never named is 0; a class that is not there is refused', async () => {
  const one = batchOf(
    [
      [3, 1],
      [2, 1],
    ],
    [0, 1],
  )
  const config = { average: 'binary' }
  expect(await valueOf(precisionRecall, 'precision', config, [one], 'precision_binary')).toBe(0)
  const beyond = await make(precisionRecall, 'recall', { average: 'binary', positive: 2 })
  expect(() => beyond.measure(one)).toThrow('class 2, but the model tells 2 classes apart, 0 to 1')
})

test('of a single class every average is 1 or 0', async () => {
  const ones = batchOf([[0, 3]], [1])
  for (const average of ['macro', 'micro', 'weighted', 'binary']) {
    const value = average === 'macro' ? 'f1' : `f1_${average}`
    expect(await valueOf(precisionRecall, 'f1', { average }, [ones], value)).toBe(1)
  }
})

test('the confusion matrix and its mean recall are those of scikit-learn', async () => {
  const metric = await make(confusion, 'confusion_matrix')
  const sums = several()
    .map((batch) => [...metric.measure(batch).dataSync()])
    .reduce((all, more) => all.map((sum, i) => sum + more[i]!))
  expect(sums).toEqual(parts.metrics.confusion)
  expect(metric.summarize(sums)['balanced_accuracy']).toBeCloseTo(parts.metrics.balanced, 6)
  const wide = { outputs: { logits: tf.zeros([1, 300]) }, batch: { labels: tf.zeros([1]) } }
  expect(() => metric.measure(wide)).toThrow('of 300 classes has 90000 entries')
})

describe('auc', () => {
  test('is that of scikit-learn, as one logit or two', async () => {
    expect(await valueOf(auc, 'auc', { bins: 10_000 }, binary())).toBeCloseTo(parts.metrics.auc, 5)
    const pairs = binary().map(({ outputs: { logits }, batch }) => ({
      outputs: { logits: tf.stack([logits!.mul(-0.5), logits!.mul(0.5)], -1) },
      batch,
    }))
    expect(await valueOf(auc, 'auc', {}, pairs)).toBeCloseTo(parts.metrics.auc, 2)
  })

  test('of several classes is the mean of one against the rest', async () => {
    const three = several(scores().slice([0, 0], [ROWS, 3]))
    const found = await valueOf(auc, 'auc', { bins: 10_000 }, three)
    expect(found).toBeCloseTo(parts.metrics.auc_classes, 4)
    const wide = { outputs: { logits: tf.zeros([1, 101]) }, batch: { labels: tf.zeros([1]) } }
    const metric = await make(auc, 'auc')
    expect(() => metric.measure(wide)).toThrow('auc of 101 classes')
  })

  test('is off by no more than what shares a bin', async () => {
    const metric = await make(auc, 'auc', { bins: 20 })
    const sums = binary()
      .map((batch) => [...metric.measure(batch).dataSync()])
      .reduce((all, more) => all.map((sum, i) => sum + more[i]!))
    const yes = sums.filter((_, i) => i % 2 === 0)
    const no = sums.filter((_, i) => i % 2 === 1)
    const add = (counts: number[]) => counts.reduce((sum, count) => sum + count, 0)
    const bound = add(yes.map((p, i) => p * no[i]!)) / 2 / (add(yes) * add(no))
    const error = Math.abs(metric.summarize(sums)['auc']! - parts.metrics.auc)
    expect(error).toBeLessThanOrEqual(bound)
    expect(bound).toBeLessThan(0.1)
  })

  test('is 1 for a clean cut, ½ for equal scores, whatever their size, and nothing for one class', async () => {
    const of = async (logits: number[], labels: number[]) => {
      const batch = { labels: tf.tensor1d(labels, 'int32') }
      return summary(await make(auc, 'auc'), [{ outputs: { logits: tf.tensor1d(logits) }, batch }])
    }
    expect(await of([-2, -1, 1, 90], [0, 0, 1, 1])).toEqual({ auc: 1 })
    expect(await of([1e30, -1e30], [0, 1])).toEqual({ auc: 0 })
    expect(await of([3, 3, 3, 3], [0, 1, 1, 0])).toEqual({ auc: 0.5 })
    expect(await of([1, 2], [1, 1])).toEqual({})
  })
})

test('bits per character are the cross-entropy in bits', async () => {
  const found = await valueOf(bits, 'bits_per_character', {}, several())
  expect(found).toBeCloseTo(parts.metrics.bits, 5)
  const longer = { characters_per_token: 4 }
  const shared = await valueOf(bits, 'bits_per_character', longer, several())
  expect(shared).toBeCloseTo(parts.metrics.bits / 4, 5)
})

describe('of numbers', () => {
  const targets = () => fill([ROWS, 2], 13, 3)
  const predictions = () => fill([ROWS, 2], 14, 1).add(targets().mul(0.7))

  test('mae and r2 are those of scikit-learn', async () => {
    const batches = inBatches({ predictions: predictions() }, { labels: targets() })
    expect(await valueOf(mae, 'mae', {}, batches)).toBeCloseTo(parts.metrics.mae, 6)
    expect(await valueOf(r2, 'r2', {}, batches)).toBeCloseTo(parts.metrics.r2, 5)
  })

  test('over what the mask keeps', async () => {
    const first = (tensor: tf.Tensor) => tensor.slice([0, 0], [ROWS, 1]).flatten()
    const batches = inBatches(
      { predictions: first(predictions()) },
      { labels: first(targets()), attention_mask: mask() },
    )
    expect(await valueOf(r2, 'r2', {}, batches)).toBeCloseTo(parts.metrics.r2_first, 5)
  })

  test('r2 of labels that do not vary is left out, and 0 for the mean', async () => {
    const metric = await make(r2, 'r2')
    const of = (given: number[], labels: number[]) =>
      summary(metric, [
        { outputs: { predictions: tf.tensor1d(given) }, batch: { labels: tf.tensor1d(labels) } },
      ])
    expect(of([1, 2, 3], [7.3, 7.3, 7.3])).toEqual({})
    expect(of([1], [7])).toEqual({})
    expect(of([2, 2, 2], [1, 2, 3])['r2']).toBeCloseTo(0, 6)
  })

  test.each([
    ['mae', mae],
    ['r2', r2],
  ] as const)('%s over nothing is left out; other shapes are refused', async (name, plugin) => {
    const metric = await make(plugin, name)
    const outputs = { predictions: tf.ones([3]) }
    const nothing = { labels: tf.zeros([3]), attention_mask: tf.zeros([3]) }
    expect(summary(metric, [{ outputs, batch: nothing }])).toEqual({})
    expect(() => metric.measure({ outputs, batch: { labels: tf.zeros([3, 1]) } })).toThrow(
      `${name} needs 'predictions' and 'labels' of one shape; predictions are [3], labels [3, 1]`,
    )
  })
})
