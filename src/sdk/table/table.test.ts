// Files of rows as people have them: well written, and in every way badly.
import { expect, test } from 'vitest'
import type { NumberColumn } from '../data.ts'
import {
  bytesSource,
  type ColumnType,
  inspectTable,
  readTable,
  type TableFile,
  type TableForm,
  tableFormSchema,
} from './index.ts'

type Content = string | Uint8Array
const file = (content: Content, name = 'data/a.csv'): TableFile => ({
  name,
  source: bytesSource(typeof content === 'string' ? new TextEncoder().encode(content) : content),
})
const form = (given: Partial<TableForm> = {}): TableForm => tableFormSchema.parse(given)
const inspect = (content: Content, name?: string, given?: Partial<TableForm>) =>
  inspectTable(file(content, name), form(given))
const read = (
  content: Content,
  types: Record<string, ColumnType> = {},
  { name, label }: { name?: string; label?: string } = {},
) => readTable(file(content, name), form(), { types: new Map(Object.entries(types)), label })

const numbers = (table: { columns: Record<string, unknown> }, name: string): number[] =>
  Array.from((table.columns[name] as NumberColumn).data)

const birds = `species,weight,island,seen
adelie,3750,Torgersen,2007-11-11
adelie,3800,Torgersen,2007-11-12
gentoo,NA,Biscoe,2007-11-13
gentoo,5000,Biscoe,2007-11-14
`

test('a well-written table gives types, statistics and counts', async () => {
  const profile = await inspect(birds)
  expect(profile).toMatchObject({
    format: 'csv',
    delimiter: ',',
    hasHeader: true,
    rows: 4,
    faultyRows: 0,
  })
  expect(profile.columns.map(({ name, type }) => [name, type])).toEqual([
    ['species', 'category'],
    ['weight', 'number'],
    ['island', 'category'],
    ['seen', 'date'],
  ])
  const [species, weight] = profile.columns
  expect(species!.values).toEqual([
    ['adelie', 2],
    ['gentoo', 2],
  ])
  expect(weight).toMatchObject({ present: 3, missing: 1, distinct: 3 })
  expect(weight!.numbers!.min).toBe(3750)
  expect(weight!.numbers!.mean).toBeCloseTo(12_550 / 3)
  expect(weight!.numbers!.deviation).toBeCloseTo(577.83, 1)
})

test('its columns are read: labels by number, categories as text, missing numbers as NaN, dates as days', async () => {
  const { table, faultyRows } = await read(birds, {}, { label: 'species' })
  expect(table.length).toBe(4)
  expect(faultyRows).toBe(0)
  expect(table.columns['species']).toMatchObject({
    limit: 2,
    classes: ['adelie', 'gentoo'],
    dtype: 'int32',
  })
  expect(numbers(table, 'species')).toEqual([0, 0, 1, 1])
  expect(table.columns['island']).toEqual({
    type: 'text',
    data: ['Torgersen', 'Torgersen', 'Biscoe', 'Biscoe'],
  })
  expect(numbers(table, 'weight')).toEqual([3750, 3800, Number.NaN, 5000])
  expect(numbers(table, 'seen')).toEqual([13_828, 13_829, 13_830, 13_831])
})

test('mixed types: the rows that do not fit are told by line and column, the rest is read', async () => {
  const rows = Array.from({ length: 40 }, (_, i) => `${i},x${i % 2}`)
  rows[6] = 'seven,x0'
  rows[9] = '9,x1,more'
  const text = ['n,class', ...rows].join('\n')
  const profile = await inspect(text)
  expect(profile.faultyRows).toBe(2)
  expect(profile.faults).toEqual([
    { line: 8, column: 'n', problem: 'is no number', text: 'seven' },
    { line: 11, problem: 'has 3 cells, but there are 2 columns', text: '9,x1,more' },
  ])
  const { table, faults, faultyRows } = await read(text)
  expect(table.length).toBe(38)
  expect(faultyRows).toBe(2)
  expect(faults).toEqual(profile.faults)
  const corrected = await read(text, { n: 'category' })
  expect(corrected.table.length).toBe(39)
})

test('10,000 columns are read, more are refused', async () => {
  const wide = (count: number) => {
    const names = Array.from({ length: count }, (_, i) => `c${i}`).join(',')
    const row = Array.from({ length: count }, (_, i) => i).join(',')
    return `${names}\n${row}\n${row}\n`
  }
  const { table } = await read(wide(10_000))
  expect(Object.keys(table.columns)).toHaveLength(10_000)
  expect(numbers(table, 'c9999')).toEqual([9999, 9999])
  await expect(inspect(wide(10_001))).rejects.toThrow('more than 10000 columns')
})

test('a quote that is never closed costs its own line only', async () => {
  const profile = await inspect('a,b\n1,x\n2,"y\n3,x\n4,y\n')
  expect(profile.rows).toBe(4)
  expect(profile.faults).toEqual([
    { line: 3, problem: 'opens a quote " that is never closed', text: '2,"y' },
  ])
  const { table } = await read('a,b\n1,x\n2,"y\n3,x\n4,y\n')
  expect(numbers(table, 'a')).toEqual([1, 3, 4])
})

test('lines are counted through quoted line ends and Windows line ends', async () => {
  const profile = await inspect('a,b\r\n1,"x\r\ny"\r\n2,"z"\r\nbad\r\n3,w\r\n')
  expect(profile.sample.map(({ line }) => line)).toEqual([2, 4, 5, 6])
  expect(profile.faults).toMatchObject([
    { line: 5, problem: 'has 1 cell, but there are 2 columns' },
  ])
  expect(profile.sample[0]!.cells).toEqual(['1', 'x\r\ny'])
})

const utf16 = (text: string, isLittle: boolean): Uint8Array => {
  const bytes = new Uint8Array(2 * text.length)
  const view = new DataView(bytes.buffer)
  for (let i = 0; i < text.length; i++) view.setUint16(2 * i, text.charCodeAt(i), isLittle)
  return bytes
}

test('encodings: byte order marks, UTF-16 with and without, Latin-1', async () => {
  const text = 'città,n\nForlì,1\nForlì,2\n'
  for (const content of [
    `\ufeff${text}`,
    utf16(`\ufeff${text}`, true),
    utf16(`\ufeff${text}`, false),
    utf16(text, true),
    Uint8Array.from(text, (char) => char.charCodeAt(0)),
  ]) {
    const { table } = await read(content)
    expect(table.columns['città']).toMatchObject({ data: ['Forlì', 'Forlì'] })
  }
  const { notes, encoding } = await inspect(Uint8Array.from(text, (char) => char.charCodeAt(0)))
  expect(encoding).toBe('windows-1252')
  expect(notes[0]).toContain('no valid UTF-8')
})

test('empty, header only, binary: refused with the name of the file', async () => {
  await expect(inspect('')).rejects.toThrow('data/a.csv is empty')
  await expect(inspect('a,b,c\n')).rejects.toThrow('data/a.csv has names of columns, but no rows')
  await expect(inspect('\n\n\n')).rejects.toThrow('no rows')
  await expect(inspect(Uint8Array.of(80, 75, 3, 4, 0, 200, 201))).rejects.toThrow('no text')
})

test('names of columns that are taken, missing or reserved are changed, with a note', async () => {
  const profile = await inspect('a,a,,__proto__\n1,2,3,4\n5,6,7,8\n', undefined, { header: true })
  expect(profile.columns.map(({ name }) => name)).toEqual(['a', 'a_2', 'column_3', 'column_4'])
  expect(profile.notes).toEqual([
    'column 2 has a name that is taken, a: it is called a_2',
    'column 3 has no name: it is called column_3',
    'column 4 has a reserved name, __proto__: it is called column_4',
  ])
  const { table } = await read('__proto__,b\n1,2\n3,4\n')
  expect(Object.getPrototypeOf(table.columns)).toBe(Object.prototype)
  expect(numbers(table, 'column_1')).toEqual([1, 3])
})

test('numbers that are none: 1e400, 1e39, hexadecimal; NaN counts as missing', async () => {
  const column = [
    ...Array.from({ length: 40 }, (_, i) => `${i}`),
    '1e400',
    '1e39',
    '0x10',
    'Infinity',
    'NaN',
  ]
  const profile = await inspect(`n,m\n${column.map((n) => `${n},1`).join('\n')}\n`)
  expect(profile.columns[0]).toMatchObject({ type: 'number', missing: 1 })
  expect(profile.faults.map(({ line, text, problem }) => [line, text, problem])).toEqual([
    [42, '1e400', 'is beyond ±3.4e38, the limit of float32'],
    [43, '1e39', 'is beyond ±3.4e38, the limit of float32'],
    [44, '0x10', 'is no number'],
    [45, 'Infinity', 'is no number'],
  ])
})

test('delimiters and headers are found; both can be given', async () => {
  expect(await inspect('a;b\n1,5;x\n2,5;x\n', undefined, { decimal: ',' })).toMatchObject({
    delimiter: ';',
  })
  expect(await inspect('a\tb\n1\t2\n', 'data/a.tsv')).toMatchObject({ delimiter: '\t' })
  const iris = await inspect(
    '5.1,3.5,setosa\n4.9,3.0,setosa\n6.1,2.9,virginica\n6.2,2.8,virginica\n',
  )
  expect(iris).toMatchObject({ hasHeader: false, rows: 4 })
  expect(iris.columns.map(({ name }) => name)).toEqual(['column_1', 'column_2', 'column_3'])
  expect(await inspect('1,2\n3,4\n', undefined, { header: true })).toMatchObject({ rows: 1 })
})

test('dates need a day that exists', async () => {
  const text = 'd,x\n2026-01-31,1\n2026-02-30,1\n' + '2026-03-01T12:00:00Z,1\n'.repeat(20)
  const { table, faults } = await read(text)
  expect(faults).toEqual([
    { line: 3, column: 'd', problem: 'is no date such as 2026-01-31', text: '2026-02-30' },
  ])
  expect(numbers(table, 'd').slice(0, 2)).toEqual([20_484, 20_513.5])
})

test('JSON: a list of objects, keys that come and go, faulty elements by line', async () => {
  const text =
    '[\n{"a": 1, "b": "x"},\n{"a": 2, "b": "x", "c": true},\n7,\n{"a": 3, "b": null},\n{"a": oops}\n]'
  const { table, faults } = await read(text, { c: 'category' }, { name: 'data/a.json' })
  expect(numbers(table, 'a')).toEqual([1, 2, 3])
  expect(table.columns['c']).toMatchObject({ data: ['', 'true', ''] })
  expect(faults.map(({ line }) => line)).toEqual([4, 6])
  expect(faults[0]!.problem).toBe('is a number, not an object such as {"age": 7}')
  await expect(inspect('{"rows": []}', 'data/a.json')).rejects.toThrow(
    'line 1: a table in JSON is one list',
  )
  await expect(inspect('[{"a": 1}, {"a"', 'data/a.json')).rejects.toThrow('does not end')
  await expect(inspect('[1, 2]', 'data/a.json')).rejects.toThrow(
    'no row of data/a.json can be used; line 1',
  )
  await expect(inspect('[]', 'data/a.json')).rejects.toThrow('no rows')
})

test('JSON lines with a bad line', async () => {
  const { table, faults } = await read(
    '{"a": 1}\n\n{"a": 2\n{"a": 1e400}\n{"a": 3}\n',
    { a: 'number' },
    { name: 'data/a.jsonl' },
  )
  expect(numbers(table, 'a')).toEqual([1, 3])
  expect(faults.map(({ line }) => line)).toEqual([3, 4])
})

test('too many classes, and columns that are not there, are refused by name', async () => {
  const ids = `id,n\n${Array.from({ length: 1200 }, (_, i) => `u${i},1`).join('\n')}\n`
  expect((await inspect(ids)).columns[0]).toMatchObject({ type: 'text', isDistinctCut: true })
  await expect(read(ids, { id: 'category' }, { label: 'id' })).rejects.toThrow(
    'column id has more than 1000 different values',
  )
  await expect(read(birds, { wieght: 'number' })).rejects.toThrow(
    'data/a.csv has no column wieght; it has species, weight',
  )
})

test('rows without a label are faulty', async () => {
  const options = { label: 'weight' }
  const { table, faults } = await readTable(file(birds), form(), options)
  expect(table.length).toBe(3)
  expect(faults).toEqual([{ line: 4, column: 'weight', problem: 'has no value', text: '' }])
})

test('a file of many pieces is read as one of a single piece is', async () => {
  const count = 25_000
  const rows = Array.from(
    { length: count },
    (_, i) => `${i},"text ${i}${i % 7 ? '' : '\nmore'}${'.'.repeat(100)}"`,
  )
  const { table, faultyRows } = await read(`n,t\n${rows.join('\n')}\n`, { t: 'text' })
  expect(table.length).toBe(count)
  expect(faultyRows).toBe(0)
  expect(numbers(table, 'n').every((value, i) => value === i)).toBe(true)
  expect((table.columns['t']!.data as string[])[7]).toBe(`text 7\nmore${'.'.repeat(100)}`)
})

test('reading ends when it is asked to', async () => {
  const options = { signal: AbortSignal.abort(new Error('stopped')) }
  await expect(readTable(file(birds), form(), options)).rejects.toThrow('stopped')
})
