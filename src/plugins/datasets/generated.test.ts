// Generated datasets: forms, counts, and that the seed alone decides.
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs'
import { createRandom, type DataEnv, numbersIn, type Table } from 'plugboard'
import { describe, expect, test } from 'vitest'
import exactMatch from '../metrics/exact-match.ts'
import { initialize } from '../testing/contributions.ts'
import points from './points.ts'
import sequences from './sequences.ts'

const env = (seed: number): DataEnv => ({
  asset: () => Promise.reject(new Error('nothing is read')),
  random: createRandom(seed),
  signal: new AbortController().signal,
})

const pointsOf = async (name: string, config: unknown = {}, seed = 0) => {
  const dataset = (await initialize(points)).create('dataset', name, config, env(seed))
  const table = (await dataset.load()) as Table
  const { data, shape } = numbersIn(table, 'features', 'test')
  expect(shape).toEqual([2])
  const labels = [...numbersIn(table, 'labels', 'test').data]
  return { table, labels, at: labels.map((_, i) => [data[2 * i]!, data[2 * i + 1]!] as const) }
}

describe.each([
  ['moons', 2],
  ['circles', 2],
  ['spirals', 2],
  ['blobs', 3],
])('%s', (name, classes) => {
  test('has classes of equal size, mixed, which the seed decides', async () => {
    const { table, labels } = await pointsOf(name, { rows: 300 })
    expect(table.length).toBe(300)
    for (let label = 0; label < classes; label++)
      expect(labels.filter((each) => each === label)).toHaveLength(300 / classes)
    expect(new Set(labels.slice(0, 20)).size).toBe(classes)
    expect(numbersIn(table, 'labels', 'test').limit).toBe(classes)
    expect((await pointsOf(name, { rows: 300 })).table).toEqual(table)
    expect((await pointsOf(name, { rows: 300 }, 1)).table).not.toEqual(table)
  })
})

test('without noise points lie where formulas put them', async () => {
  const circles = await pointsOf('circles', { noise: 0, factor: 0.25 })
  circles.at.forEach(([x, y], i) =>
    expect(Math.hypot(x, y)).toBeCloseTo(circles.labels[i] === 0 ? 1 : 0.25, 5),
  )
  const xor = await pointsOf('xor', { noise: 0 })
  xor.at.forEach(([x, y], i) => expect(xor.labels[i]).toBe(x * y > 0 ? 0 : 1))
  const moons = await pointsOf('moons', { noise: 0 })
  moons.at.forEach(([x, y], i) => {
    const [middle, height] = moons.labels[i] === 0 ? [0, 0] : [1, 0.5]
    expect(Math.hypot(x - middle, y - height)).toBeCloseTo(1, 5)
  })
  const spirals = await pointsOf('spirals', { noise: 0, arms: 3, turns: 2 })
  spirals.at.forEach(([x, y], i) => {
    const turn = 2 * Math.hypot(x, y) + spirals.labels[i]! / 3
    expect(Math.cos(Math.atan2(y, x) - 2 * Math.PI * turn)).toBeCloseTo(1, 4)
  })
})

const sequencesOf = async (name: string, config: unknown) => {
  const dataset = (await initialize(sequences)).create('dataset', name, config, env(3))
  const table = (await dataset.load()) as Table
  const rows = (column: string): number[][] => {
    const { data, shape } = numbersIn(table, column, 'test')
    return Array.from({ length: table.length }, (_, i) => [
      ...data.subarray(i * shape[0]!, (i + 1) * shape[0]!),
    ])
  }
  return { table, rows }
}

const answers = {
  copy: (symbols: number[]) => symbols,
  reverse: (symbols: number[]) => symbols.toReversed(),
  sort: (symbols: number[]) => symbols.toSorted((a, b) => a - b),
}

test.each(Object.entries(answers))(
  '%s gives question, mark and answer, and asks for the answer only',
  async (name, answer) => {
    const { table, rows } = await sequencesOf(name, { rows: 200, length: 5, vocabulary: 12 })
    const [inputs, labels, mask] = [rows('input_ids'), rows('labels'), rows('attention_mask')]
    expect(numbersIn(table, 'labels', 'test').limit).toBe(13)
    inputs.forEach((input, i) => {
      const question = input.slice(0, 5)
      expect(Math.min(...question)).toBeGreaterThan(0)
      expect([input[5], ...input.slice(6)]).toEqual([0, ...answer(question).slice(0, 4)])
      expect(labels[i]).toEqual([...input.slice(1), answer(question).at(-1)])
      expect(mask[i]).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 1])
    })
    expect(new Set(inputs.map((input) => input.slice(0, 5).join())).size).toBe(200)
    const encoder = await sequencesOf(name, { rows: 200, length: 5, form: 'encoder' })
    expect(Object.keys(encoder.table.columns)).toEqual(['input_ids', 'labels'])
    expect(encoder.rows('labels')).toEqual(encoder.rows('input_ids').map(answer))
  },
)

test('more sequences than there are different ones are refused', async () => {
  await expect(sequencesOf('sort', { rows: 51, length: 2, vocabulary: 10 })).rejects.toThrow(
    '51 different sequences of 2 symbols are more than half of the 100 that 10 symbols make',
  )
})

test('exact_match counts rows without a fault, of what the mask keeps, over batches', async () => {
  await tf.setBackend('cpu')
  const metric = (await initialize(exactMatch)).create('metric', 'exact_match', {}, {})
  const measure = (guesses: number[][], labels: number[][], mask?: number[][]) => {
    const batch = {
      labels: tf.tensor2d(labels, undefined, 'int32'),
      ...(mask && { attention_mask: tf.tensor2d(mask) }),
    }
    const logits = tf.oneHot(tf.tensor2d(guesses, undefined, 'int32'), 4).toFloat()
    return [...metric.measure({ outputs: { logits }, batch }).dataSync()]
  }
  const guesses = [
    [1, 2],
    [3, 0],
    [1, 1],
  ]
  const labels = [
    [1, 2],
    [3, 1],
    [2, 1],
  ]
  expect(measure(guesses, labels)).toEqual([1, 3])
  const mask = [
    [1, 1],
    [1, 0],
    [0, 0],
  ]
  expect(measure(guesses, labels, mask)).toEqual([2, 2])
  expect(metric.summarize([3, 5])).toEqual({ exact_match: 0.6 })
  expect(metric.summarize([0, 0])).toEqual({})
  // One label a row: the same as accuracy.
  const batch = { labels: tf.tensor1d([1, 2], 'int32') }
  const logits = tf.tensor2d([
    [0, 1, 0],
    [0, 1, 0],
  ])
  expect([...metric.measure({ outputs: { logits }, batch }).dataSync()]).toEqual([1, 2])
})
