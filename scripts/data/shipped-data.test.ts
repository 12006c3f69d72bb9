// The committed data files: counts, ranges and class balance.
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { readIdx } from './idx.mjs'

const file = (name: string) => fileURLToPath(new URL(`../../public/data/${name}`, import.meta.url))
const readPacked = async (name: string) =>
  new TextDecoder().decode(gunzipSync(await readFile(file(name))))
const countOf = (values: Iterable<unknown>): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const value of values) counts[String(value)] = (counts[String(value)] ?? 0) + 1
  return counts
}

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

describe('the digits that the balanced draw left over', async () => {
  const [train, test60] = [await readIdx(file('digits-train-rest-labels.idx1.gzip')), 50_000]
  const [held, test10] = [await readIdx(file('digits-test-rest-labels.idx1.gzip')), 8000]

  test('make up, with those drawn, the counts that MNIST is known for', () => {
    expect([train.shape, held.shape]).toEqual([[test60], [test10]])
    const all = (rest: Uint8Array, drawn: number) =>
      Object.values(countOf(rest)).map((count) => count + drawn)
    expect(all(train.values, 1000)).toEqual([
      5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949,
    ])
    expect(all(held.values, 200)).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009])
  })

  test('have as many images as labels', async () => {
    // The sizes alone: these images are 9 MB.
    for (const [part, rows] of [
      ['train', test60],
      ['test', test10],
    ] as const) {
      const packed = await readFile(file(`digits-${part}-rest-images.idx3.gzip`))
      expect(packed.readUInt32LE(packed.length - 4)).toBe(16 + rows * 784)
    }
  })
})

test('fashion has each class equally often and no image twice, nor in both parts', async () => {
  const seen = new Set<string>()
  for (const [part, perClass] of [
    ['train', 1000],
    ['test', 200],
  ] as const) {
    const images = await readIdx(file(`fashion-${part}-images.idx3.gzip`))
    const labels = await readIdx(file(`fashion-${part}-labels.idx1.gzip`))
    expect(images.shape).toEqual([10 * perClass, 28, 28])
    expect(Object.values(countOf(labels.values))).toEqual(Array(10).fill(perClass))
    expect(new Set(labels.values.subarray(0, 100)).size).toBe(10)
    for (let row = 0; row < 10 * perClass; row++) {
      const image = images.values.subarray(row * 784, (row + 1) * 784)
      seen.add(Buffer.from(image).toString('latin1'))
    }
    // 0.2860 of 255 over the whole of Fashion-MNIST.
    const mean = images.values.reduce((sum, pixel) => sum + pixel, 0) / images.values.length
    expect(mean / 255).toBeCloseTo(0.286, 2)
  }
  expect(seen.size).toBe(12_000)
})

test('moby-dick has the whole book, one paragraph a line', async () => {
  const lines = (await readPacked('moby-dick.txt.gzip')).trimEnd().split('\n')
  expect(lines).toHaveLength(2737)
  expect(lines.filter((line) => line.startsWith('CHAPTER '))).toHaveLength(135)
  expect(lines[0]).toMatch(/^ETYMOLOGY\./)
  expect(lines.at(-1)).toMatch(/found another orphan\.$/)
  expect(new Set(lines.join('')).size).toBe(88)
})

test('sonnets are 154, nearly all of 14 lines', async () => {
  const text = await readFile(file('sonnets.txt'), 'utf8')
  const sonnets = text.trimEnd().split('\n\n')
  expect(countOf(sonnets.map((sonnet) => sonnet.split('\n').length))).toEqual({
    12: 1,
    14: 152,
    15: 1,
  })
  expect(sonnets[17]).toMatch(/^Shall I compare thee to a summer's day\?/)
})

describe('mails', async () => {
  const read = async (name: string) => {
    const lines = (await readPacked(name)).trimEnd().split('\n')
    return lines.map((line) => {
      const [label, text] = line.split('\t') as [string, string]
      return { label, text: JSON.parse(text) as string }
    })
  }
  const train = await read('spam-train.txt.gzip')
  const held = await read('spam-test.txt.gzip')
  const letters = (text: string) => text.toLowerCase().replaceAll(/\P{L}+/gu, '')
  const start = (text: string) => letters(text.slice(text.indexOf('\n') + 1)).slice(0, 100)

  test('are spam or not, mixed, and cut at 1,500 characters', () => {
    expect(countOf(train.map(({ label }) => label))).toEqual({ ham: 3283, spam: 1441 })
    expect(countOf(held.map(({ label }) => label))).toEqual({ ham: 807, spam: 300 })
    const first = train.slice(0, 100).filter(({ label }) => label === 'spam').length
    expect(first).toBeGreaterThan(15)
    expect(first).toBeLessThan(50)
    const longest = Math.max(...[...train, ...held].map(({ text }) => text.length))
    expect(longest).toBe(1500)
  })

  test('come once each, and none held back begins as one that is learned from', () => {
    const all = [...train, ...held].map(({ text }) => letters(text))
    expect(new Set(all).size).toBe(all.length)
    const known = new Set(train.map(({ text }) => start(text)))
    expect(held.filter(({ text }) => known.has(start(text)))).toEqual([])
  })

  test('are readable: no headers, tags or codes at their beginning', () => {
    const odd = [...train, ...held].filter(({ text }) =>
      /^(Received|Return-Path|Content-Type):|<html|=3D=20/i.test(text),
    )
    expect(odd).toEqual([])
  })
})

describe('tables', () => {
  type Columns = Record<string, (number | string | null)[]>
  const read = async (name: string): Promise<Columns> =>
    JSON.parse(await readFile(file(name), 'utf8')) as Columns
  const meanOf = (values: (number | string | null)[]) => {
    const numbers = values.filter((value) => typeof value === 'number')
    return numbers.reduce((a, b) => a + b, 0) / numbers.length
  }

  test('iris has 50 flowers of each species, with the means that Fisher gives', async () => {
    const { species, ...lengths } = await read('iris.json')
    expect(countOf(species!)).toEqual({ setosa: 50, versicolor: 50, virginica: 50 })
    const means = Object.entries(lengths).map(([name, values]) => [name, meanOf(values)])
    expect(Object.fromEntries(means)).toEqual({
      sepal_length: expect.closeTo(5.843, 3),
      sepal_width: expect.closeTo(3.057, 3),
      petal_length: expect.closeTo(3.758, 3),
      petal_width: expect.closeTo(1.199, 3),
    })
  })

  test('penguins are 344 of three species; eleven lack something', async () => {
    const { species, island, sex, ...measures } = await read('penguins.json')
    expect(countOf(species!)).toEqual({ Adelie: 152, Chinstrap: 68, Gentoo: 124 })
    expect(countOf(island!)).toEqual({ Biscoe: 168, Dream: 124, Torgersen: 52 })
    expect(countOf(sex!)).toEqual({ female: 165, male: 168, null: 11 })
    expect(Object.values(measures).map((values) => countOf(values)['null'])).toEqual([2, 2, 2, 2])
    expect(meanOf(measures['body_mass']!)).toBeCloseTo(4201.75, 1)
  })

  test('sp500 has a row a day of trade, in order, and prices that fit each other', async () => {
    const { date, open, high, low, close, volume } = await read('sp500.json')
    const days = date as string[]
    expect([days.length, days[0], days.at(-1)]).toEqual([5105, '2000-01-03', '2020-04-17'])
    expect(days).toEqual([...new Set(days)].toSorted())
    const [o, h, l, c] = [open, high, low, close] as number[][] as [
      number[],
      number[],
      number[],
      number[],
    ]
    const odd = days.filter((_, i) => {
      return l[i]! > Math.min(o[i]!, c[i]!) || h[i]! < Math.max(o[i]!, c[i]!)
    })
    expect(odd).toEqual([])
    expect(volume!.every((value) => Number(value) > 0)).toBe(true)
  })
})
