// The shipped datasets, from the files that are shipped.
import { readFile } from 'node:fs/promises'
import { createRandom, type DataEnv, type Splits, type Table } from 'plugboard'
import { expect, test } from 'vitest'
import { initialize } from '../testing/contributions.ts'
import digits from './digits.ts'
import names from './names.ts'

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
