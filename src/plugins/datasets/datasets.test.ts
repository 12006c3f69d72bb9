// The shipped datasets, from the files that are shipped.
import { readFile } from 'node:fs/promises'
import {
  createRandom,
  type DataEnv,
  numbersIn,
  type PluginInstance,
  type Splits,
  type Table,
  textsIn,
} from 'plugboard'
import { expect, test } from 'vitest'
import { initialize } from '../testing/contributions.ts'
import digits from './digits.ts'
import fashion from './fashion.ts'
import iris from './iris.ts'
import mobyDick from './moby-dick.ts'
import names from './names.ts'
import penguins from './penguins.ts'
import sonnets from './sonnets.ts'
import sp500 from './sp500.ts'
import spam from './spam.ts'

const env = (change: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes): DataEnv => ({
  async asset(path) {
    const bytes = await readFile(new URL(`../../../public/${path}`, import.meta.url))
    return new Uint8Array(change(bytes)).buffer
  },
  random: createRandom(0),
  signal: new AbortController().signal,
})

test('names are lower-case words, one a row', async () => {
  const dataset = (await initialize(names)).create('dataset', 'names', {}, env())
  const table = (await dataset.load()) as Table
  expect(table.length).toBe(8403)
  const column = table.columns['text']
  if (column?.type !== 'text') throw new Error('no column of text')
  expect(column.data).toHaveLength(table.length)
  expect(column.data.every((name) => /^[a-z]+$/.test(name))).toBe(true)
})

test('names without a name are refused', async () => {
  const empty = env(() => new Uint8Array())
  const dataset = (await initialize(names)).create('dataset', 'names', {}, empty)
  await expect(dataset.load()).rejects.toThrow('data/names.txt has no names')
})

test('digits are images with labels in 10 classes of equal size', async () => {
  const dataset = (await initialize(digits)).create('dataset', 'digits', {}, env())
  const { train, validation } = (await dataset.load()) as Splits
  expect([train.length, validation?.length]).toEqual([10_000, 2000])
  for (const table of [train, validation!]) {
    const { image, labels } = table.columns
    if (image?.type !== 'number' || labels?.type !== 'number') throw new Error('no numbers')
    expect(image.shape).toEqual([28, 28, 1])
    expect(image.data.length).toBe(table.length * 28 * 28)
    const counts = Array.from({ length: 10 }, () => 0)
    for (const label of labels.data) counts[label]!++
    expect(counts).toEqual(counts.map(() => table.length / 10))
  }
})

test('digits refuse a file that is cut off', async () => {
  const cut = env((bytes) => bytes.subarray(0, bytes.length / 2))
  const dataset = (await initialize(digits)).create('dataset', 'digits', {}, cut)
  await expect(dataset.load()).rejects.toThrow('could not be unpacked as gzip')
})

/** Loads dataset `name` of a plugin from the shipped files. */
async function load<P extends PluginInstance>(
  plugin: new (init: never) => P,
  name: string,
  config: unknown = {},
  from: DataEnv = env(),
): Promise<Splits> {
  const dataset = (await initialize(plugin)).create('dataset', name, config, from)
  const loaded = (await dataset.load()) as Splits | Table
  return 'columns' in loaded ? { train: loaded } : loaded
}

test('the whole of digits comes from files that are read only when asked for', async () => {
  const paths: string[] = []
  const spying: DataEnv = {
    ...env(),
    asset: (path) => {
      paths.push(path)
      return env().asset(path)
    },
  }
  const small = await load(digits, 'digits', {}, spying)
  expect(paths.filter((path) => path.includes('rest'))).toEqual([])
  const { train, validation } = await load(digits, 'digits', { size: 'full' }, spying)
  expect([train.length, validation!.length]).toEqual([60_000, 10_000])
  const image = numbersIn(train, 'image', 'test')
  expect(image.data).toHaveLength(60_000 * 784)
  // The small set comes first.
  const first = numbersIn(small.train, 'image', 'test').data
  expect(
    Buffer.compare(image.data.subarray(0, first.length) as Uint8Array, first as Uint8Array),
  ).toBe(0)
})

test('fashion has the form of digits, with names of clothes', async () => {
  const { train, validation } = await load(fashion, 'fashion')
  expect([train.length, validation!.length]).toEqual([10_000, 2000])
  expect(numbersIn(train, 'image', 'test').shape).toEqual([28, 28, 1])
  expect(numbersIn(train, 'labels', 'test').classes).toHaveLength(10)
})

test('moby_dick holds back the end of the book, or nothing', async () => {
  const { train, validation } = await load(mobyDick, 'moby_dick')
  const size = (table: Table) =>
    textsIn(table, 'text', 'test').data.reduce((sum, text) => sum + text.length, 0)
  const share = size(validation!) / (size(train) + size(validation!))
  expect(share).toBeGreaterThan(0.098)
  expect(share).toBeLessThan(0.102)
  expect(textsIn(validation!, 'text', 'test').data.at(-1)).toMatch(/another orphan\.$/)
  const all = await load(mobyDick, 'moby_dick', { held_back: 0 })
  expect([all.validation, all.train.length]).toEqual([undefined, 2737])
})

test('sonnets are texts of several lines', async () => {
  const { train } = await load(sonnets, 'sonnets')
  expect(train.length).toBe(154)
  expect(textsIn(train, 'text', 'test').data[0]!.split('\n')).toHaveLength(14)
})

test('spam has texts, labels and a part held back', async () => {
  const { train, validation } = await load(spam, 'spam')
  expect([train.length, validation!.length]).toEqual([4724, 1107])
  const { classes, limit, data } = numbersIn(train, 'labels', 'test')
  expect([classes, limit]).toEqual([['ham', 'spam'], 2])
  expect([...data].filter((label) => label === 1)).toHaveLength(1441)
  expect(textsIn(train, 'text', 'test').data.every((text) => text.length > 9)).toBe(true)
})

test('iris and penguins have a column for each measure; gaps of penguins are a choice', async () => {
  const flowers = (await load(iris, 'iris')).train
  expect(flowers.length).toBe(150)
  expect(Object.keys(flowers.columns)).toEqual([
    'sepal_length',
    'sepal_width',
    'petal_length',
    'petal_width',
    'labels',
  ])
  const whole = (await load(penguins, 'penguins')).train
  expect(whole.length).toBe(333)
  expect(numbersIn(whole, 'body_mass', 'test').data.every(Number.isFinite)).toBe(true)
  expect(new Set(textsIn(whole, 'sex', 'test').data)).toEqual(new Set(['female', 'male']))
  const all = (await load(penguins, 'penguins', { missing: 'keep' })).train
  expect(all.length).toBe(344)
  expect([...numbersIn(all, 'body_mass', 'test').data].filter(Number.isNaN)).toHaveLength(2)
  expect(textsIn(all, 'sex', 'test').data.filter((sex) => sex === '')).toHaveLength(11)
})

test('sp500 has days as text and prices as numbers', async () => {
  const { train } = await load(sp500, 'sp500')
  expect(train.length).toBe(5105)
  expect(textsIn(train, 'date', 'test').data[0]).toBe('2000-01-03')
  expect(numbersIn(train, 'close', 'test').data[0]).toBeCloseTo(1455.22, 2)
})

test('files that were not served whole are refused', async () => {
  const page = env(() => new TextEncoder().encode('<!doctype html>'))
  await expect(
    load(
      sonnets,
      'sonnets',
      {},
      env(() => new Uint8Array()),
    ),
  ).rejects.toThrow('data/sonnets.txt has no sonnets')
  await expect(load(spam, 'spam', {}, page)).rejects.toThrow('could not be unpacked as gzip')
  await expect(load(fashion, 'fashion', {}, page)).rejects.toThrow('could not be unpacked as gzip')
})
