// The committed data files: counts, ranges and class balance.
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { readIdx } from './idx.mjs'

const file = (name: string) => fileURLToPath(new URL(`../../public/data/${name}`, import.meta.url))

describe('names.txt', async () => {
  const text = await readFile(file('names.txt'), 'utf8')
  const names = text.trimEnd().split('\n')

  test('has 8,403 distinct names in order', () => {
    expect(names).toHaveLength(8403)
    expect(names).toEqual([...new Set(names)].toSorted())
    expect(text.endsWith('\n')).toBe(true)
  })

  test('uses all of a-z and nothing else', () => {
    expect([...new Set(names.join(''))].toSorted().join('')).toBe('abcdefghijklmnopqrstuvwxyz')
    const lengths = names.map((name) => name.length)
    expect([Math.min(...lengths), Math.max(...lengths)]).toEqual([2, 13])
  })
})

describe.each([
  { part: 'train', perClass: 1000 },
  { part: 'test', perClass: 200 },
])('digits-$part', async ({ part, perClass }) => {
  const images = await readIdx(file(`digits-${part}-images.idx3.gzip`))
  const labels = await readIdx(file(`digits-${part}-labels.idx1.gzip`))

  test('has 28 by 28 images, one label each, and every digit equally often', () => {
    expect(images.shape).toEqual([10 * perClass, 28, 28])
    expect(labels.shape).toEqual([10 * perClass])
    const counts = Array.from({ length: 10 }, () => 0)
    for (const label of labels.values) counts[label] = (counts[label] ?? 0) + 1
    expect(counts).toEqual(Array.from({ length: 10 }, () => perClass))
  })

  test('mixes the classes instead of sorting by them', () => {
    const first = labels.values.subarray(0, 100)
    expect(new Set(first).size).toBe(10)
  })

  test('has pixels from 0 to 255 with the mean and deviation known for MNIST, no image twice', () => {
    let sum = 0
    let sumOfSquares = 0
    for (const pixel of images.values) {
      sum += pixel
      sumOfSquares += pixel * pixel
    }
    const mean = sum / images.values.length
    const deviation = Math.sqrt(sumOfSquares / images.values.length - mean * mean)
    // 0.1307 and 0.3081 of 255 over the whole set.
    expect(mean / 255).toBeCloseTo(0.1307, 2)
    expect(deviation / 255).toBeCloseTo(0.3081, 2)
    expect(images.values.includes(255)).toBe(true)
    const rows = Array.from({ length: 10 * perClass }, (_, row) =>
      Buffer.from(images.values.subarray(row * 784, (row + 1) * 784)).toString('latin1'),
    )
    expect(new Set(rows).size).toBe(rows.length)
  })
})

test('labels fit their images: held-back digits lie nearest to the mean image of their class', async () => {
  const images = await readIdx(file('digits-train-images.idx3.gzip'))
  const labels = await readIdx(file('digits-train-labels.idx1.gzip'))
  const held = await readIdx(file('digits-test-images.idx3.gzip'))
  const heldLabels = await readIdx(file('digits-test-labels.idx1.gzip'))
  const means = Array.from({ length: 10 }, () => new Float32Array(784))
  labels.values.forEach((label, row) => {
    const mean = means[label]
    for (let p = 0; mean && p < 784; p++)
      mean[p] = (mean[p] ?? 0) + (images.values[row * 784 + p] ?? 0) / 1000
  })
  const distance = (mean: Float32Array, row: number) => {
    let total = 0
    for (let p = 0; p < 784; p++) total += ((mean[p] ?? 0) - (held.values[row * 784 + p] ?? 0)) ** 2
    return total
  }
  let correct = 0
  heldLabels.values.forEach((label, row) => {
    const distances = means.map((mean) => distance(mean, row))
    if (distances.indexOf(Math.min(...distances)) === label) correct++
  })
  // The nearest-mean classifier is right on about 82 % of MNIST; shifted labels would give 10 %.
  expect(correct / heldLabels.values.length).toBeGreaterThan(0.78)
})

test('labelled-names.csv has names once and in order, most of them with labels', async () => {
  const url = new URL('../../examples/tour-k-bert/data/labelled-names.csv', import.meta.url)
  const [head, ...lines] = (await readFile(url, 'utf8')).trimEnd().split('\n')
  expect(head).toBe('name,gender,syllables')
  const rows = lines.map((line) => line.split(','))
  expect(rows).toHaveLength(4202)
  const names = rows.map(([name]) => name!)
  expect(names).toEqual([...new Set(names)].toSorted())
  expect(names.every((name) => /^[a-z]{2,13}$/.test(name))).toBe(true)
  const labelled = (column: number, label: string) =>
    rows.filter((row) => row[column] === label).length
  const genders = ['female', 'male', ''].map((label) => labelled(1, label))
  expect(genders).toEqual([2260, 1729, 213])
  const syllables = ['1', '2', '3', '4+', ''].map((label) => labelled(2, label))
  expect(syllables).toEqual([461, 1494, 535, 117, 1595])
  expect(rows.find(([name]) => name === 'ada')).toEqual(['ada', 'female', '2'])
})
