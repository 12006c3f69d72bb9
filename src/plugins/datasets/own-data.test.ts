// Datasets of the user's own files.
import { encode } from 'fast-png'
import { zipSync } from 'fflate'
import { createRandom, type DataEnv, type NumberColumn, type Splits, type Table } from 'plugboard'
import { expect, test } from 'vitest'
import { initialize } from '../testing/contributions.ts'
import imageFolder from './image-folder.ts'
import table from './table.ts'
import textFile from './text-file.ts'

const env = (content: string | Uint8Array): DataEnv => ({
  asset: async () =>
    new Uint8Array(typeof content === 'string' ? new TextEncoder().encode(content) : content)
      .buffer,
  random: createRandom(0),
  signal: new AbortController().signal,
})

async function load(
  Plugin: typeof table | typeof textFile | typeof imageFolder,
  config: Record<string, unknown>,
  content: string | Uint8Array,
): Promise<{ loaded: Table | Splits; logs: string[] }> {
  const made = await initialize(Plugin)
  const name =
    { [table.name]: 'table', [textFile.name]: 'text_file' }[Plugin.name] ?? 'image_folder'
  const dataset = made.create('dataset', name, { file: 'data/mine', ...config }, env(content))
  return { loaded: (await dataset.load()) as Table | Splits, logs: made.logs }
}

const loadTable = async (config: Record<string, unknown>, content: string) => {
  const { loaded, logs } = await load(table, config, content)
  return { table: loaded as Table, logs }
}

const sales = `id,price,kind,sold
1,2.5,a,yes
2,3.5,b,no
3,x,b,no
${Array.from({ length: 17 }, (_, i) => `${i + 4},${i},a,yes\n`).join('')}`

test('table: columns, the label as classes, and a word about the rows left out', async () => {
  const { table, logs } = await loadTable({ label: 'sold', columns: { id: 'ignore' } }, sales)
  expect(table.length).toBe(19)
  expect(Object.keys(table.columns)).toEqual(['price', 'kind', 'labels'])
  expect(table.columns['labels']).toMatchObject({ limit: 2, classes: ['no', 'yes'] })
  expect(logs).toEqual([
    '1 of 20 rows of data/mine cannot be used: line 4, column price: x is no number (they are left out)',
  ])
})

test('table: a number to predict, and nothing but the columns that are named', async () => {
  const config = {
    label: 'price',
    columns: { price: 'number', kind: 'category' },
    others: 'ignore',
  }
  const { table } = await loadTable(config, sales)
  expect(Object.keys(table.columns)).toEqual(['kind', 'labels'])
  expect((table.columns['labels'] as NumberColumn).dtype).toBe('float32')
})

test.each([
  [{ label: 'sold', faulty_rows: 'refuse' }, 'line 4, column price: x is no number'],
  [{ label: 'nothing' }, 'data/mine has no column nothing; it has id, price, kind, sold'],
  [{ label: 'sold', columns: { sold: 'text' } }, 'the label sold of data/mine holds texts'],
  [{ label: 'sold', columns: { sold: 'ignore' } }, 'the label sold of data/mine is ignored'],
  [{ columns: { price: 'integer' } }, 'price'],
])('table: %j is refused', async (config, message) => {
  await expect(loadTable(config, sales)).rejects.toThrow(message)
})

test('table: a label of one class, and one beside a column of that name, are refused', async () => {
  const one = 'a,b\n1,x\n2,x\n'
  await expect(loadTable({ label: 'b' }, one)).rejects.toThrow('is x in every row')
  const both = 'labels,b\n1,x\n2,y\n3,x\n4,y\n'
  await expect(loadTable({ label: 'b' }, both)).rejects.toThrow('the place of the column labels')
})

const texts = async (
  config: Record<string, unknown>,
  content: string,
): Promise<readonly string[]> =>
  ((await load(textFile, config, content)).loaded as Table).columns['text']!.data as string[]

test('text_file: lines, paragraphs, chunks that together are the text, or all of it', async () => {
  const story = 'One.\r\nTwo.\r\n\r\nThree.\r\n'
  expect(await texts({}, story)).toEqual(['One.', 'Two.', 'Three.'])
  expect(await texts({ rows: 'paragraphs' }, story)).toEqual(['One.\nTwo.', 'Three.\n'])
  expect(await texts({ rows: 'whole' }, story)).toEqual(['One.\nTwo.\n\nThree.\n'])
  const long = Array.from({ length: 500 }, (_, i) => `word${i}${i % 9 ? ' ' : '\n'}`).join('')
  const chunks = await texts({ rows: 'chunks', chunk: 100 }, long)
  expect(chunks.join('')).toBe(long)
  expect(Math.max(...chunks.map(({ length }) => length))).toBeLessThanOrEqual(100)
  expect(chunks.every((chunk) => /\s$/.test(chunk))).toBe(true)
  await expect(texts({}, ' \n\n')).rejects.toThrow('data/mine has no text')
})

const png = (value: number): Uint8Array =>
  encode({ width: 4, height: 4, channels: 1, data: new Uint8Array(16).fill(value) })

test('image_folder: images of one size with their classes; one that is cut off is left out', async () => {
  const zip = zipSync({
    'cats/1.png': png(0),
    'dogs/1.png': png(255),
    'dogs/2.png': png(51).subarray(0, 40),
  })
  const { loaded, logs } = await load(imageFolder, { size: [2, 2], channels: 'gray' }, zip)
  const { train, validation } = loaded as Splits
  expect(validation).toBeUndefined()
  expect(train.length).toBe(2)
  expect(train.columns['image']).toMatchObject({ shape: [2, 2, 1], scale: 1 / 255 })
  expect([...(train.columns['image'] as NumberColumn).data]).toEqual([
    0, 0, 0, 0, 255, 255, 255, 255,
  ])
  expect([...(train.columns['labels'] as NumberColumn).data]).toEqual([0, 1])
  expect(logs[0]).toMatch(
    /^1 of 3 images of data\/mine cannot be used: dogs\/2.png cannot be decoded/,
  )
})

test('image_folder: a folder named test is held back; an archive of broken images is refused', async () => {
  const zip = zipSync({ 'train/a/1.png': png(1), 'train/b/1.png': png(2), 'test/a/1.png': png(3) })
  const { train, validation } = (await load(imageFolder, {}, zip)).loaded as Splits
  expect([train.length, validation!.length]).toEqual([2, 1])
  expect(train.columns['image']).toMatchObject({ shape: [32, 32, 3] })
  const broken = zipSync({ 'a/1.png': png(1).subarray(0, 30) })
  await expect(load(imageFolder, {}, broken)).rejects.toThrow('1 of 1 images of data/mine')
})

test('text_file: a file that is no text is refused by name', async () => {
  await expect(load(textFile, {}, Uint8Array.of(80, 75, 3, 4, 0, 0, 0, 1))).rejects.toThrow(
    'data/mine is no text: it has bytes of value 0',
  )
})

test('text_file: no chunk ends within a character of two code units', async () => {
  const faces = `a${'😀'.repeat(100)}`
  const chunks = await texts({ rows: 'chunks', chunk: 16 }, faces)
  expect(chunks.join('')).toBe(faces)
  expect(chunks.filter((chunk) => /\p{Surrogate}/u.test(chunk))).toEqual([])
})

test('text_file: each row knows the line that it begins on', async () => {
  const linesOf = async (rows: string): Promise<number[]> => {
    const story = 'One.\r\nTwo.\r\n\r\n\nThree.\nFour.'
    const { loaded } = await load(textFile, { rows, chunk: 16 }, story)
    return [...(loaded as Table).origin!.numbers]
  }
  expect(await linesOf('lines')).toEqual([1, 2, 5, 6])
  expect(await linesOf('paragraphs')).toEqual([1, 5])
  expect(await linesOf('chunks')).toEqual([1, 5])
})

test('table: columns that are called otherwise are told once, as is a guessed encoding', async () => {
  const { logs } = await loadTable({}, 'a,a,,__proto__\n1,2,3,4\n')
  expect(logs).toEqual([
    'data/mine: column 2 has a name that is taken, a: it is called a_2; column 3 has no name: it is called column_3; column 4 has a reserved name, __proto__: it is called column_4',
  ])
  const latin = Uint8Array.from('na\xefve,b\n1,2\n', (letter) => letter.charCodeAt(0))
  expect((await load(table, {}, latin)).logs[0]).toContain('windows-1252')
})

test('table: a label without values, and a file of empty lines, are told as such', async () => {
  await expect(loadTable({ label: 'b' }, 'a,b\n1,\n2,\n')).rejects.toThrow(
    'the label b of data/mine has no value in any row',
  )
  await expect(loadTable({}, '\n\n')).rejects.toThrow('data/mine has no rows')
})

test.each([
  [
    '2,5 3,5',
    ['data/mine: column b is read as category: 2,5 on line 2 is neither a number (see the'],
  ],
  [
    '24/12/2026 25/12/2026',
    ['data/mine: column b is read as category: 24/12/2026 on line 2 is neither'],
  ],
  [
    '1 2 no x',
    ['data/mine: column b is read as text: 2 of 4 values are numbers, but not no on line 4'],
  ],
  ['red blue', []],
])('table: of the column %j is said why it is none of numbers', async (cells, messages) => {
  const rows = cells.split(' ').map((cell, i) => `${i};${cell}\n`)
  const { logs } = await loadTable({}, `a;b\n${rows.join('')}`)
  expect(logs).toEqual(messages.map((message) => expect.stringContaining(message)))
})

test('table: each row knows its line, beside lines that are left out', async () => {
  const { table } = await loadTable(
    { columns: { a: 'number' } },
    'a,b\n1,x\n\n"2\n",y\nno,z\n4,x\n',
  )
  expect(table.origin).toMatchObject({ source: 'data/mine', unit: 'line' })
  expect([...table.origin!.numbers]).toEqual([2, 4, 7])
})

test('image_folder: a broken header is told with the image and what is wrong of it', async () => {
  const cut = zipSync({ 'a/1.png': png(1).subarray(0, 10), 'a/2.png': png(1), 'b/1.png': png(2) })
  const { logs } = await load(imageFolder, {}, cut)
  expect(logs).toEqual([
    '1 of 3 images of data/mine cannot be used: a/1.png cannot be decoded: its header is cut off: there are 10 bytes (they are left out)',
  ])
  const whole = zipSync({ 'a/1.png': png(1), 'a/2.png': png(2), 'b/1.png': png(3) })
  // The first file of an archive begins behind 30 bytes and its name.
  const damaged = await load(imageFolder, {}, whole.with(30 + 'a/1.png'.length, 0xff))
  expect(damaged.logs).toEqual([
    '1 of 3 images of data/mine cannot be used: a/1.png cannot be unpacked: it is damaged in the archive (they are left out)',
  ])
  expect((damaged.loaded as Splits).train.length).toBe(2)
})
