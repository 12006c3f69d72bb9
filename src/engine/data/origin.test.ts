// Rows are named as their author knows them, wherever they went since.
import { type Column, createRandom, type NumberColumn, selectRows, type Table } from '#sdk'
import { expect, test } from 'vitest'
import { FakeEnvironment, lineExperiment } from '../testing/fake-run.ts'
import { prepareData } from './prepare.ts'
import { checkRange } from './ranges.ts'

const ROWS = 20
const BAD = 17

const numbers = (data: readonly number[], more: Partial<NumberColumn> = {}): NumberColumn => ({
  type: 'number',
  data: Float32Array.from(data),
  shape: [],
  dtype: 'float32',
  ...more,
})
const upTo = (length: number): number[] => Array.from({ length }, (_, i) => i)
const table = (columns: Record<string, Column>): Table => ({ length: ROWS, columns })

/** Values of `x` are 1, but `value` in row 17; those of `group` take turns. */
const given = (value: number): Table =>
  table({
    x: numbers(upTo(ROWS).map((row) => (row === BAD ? value : 1))),
    group: numbers(upTo(ROWS).map((row) => row % 3)),
  })

type Experiment = Parameters<typeof lineExperiment>[0]

function prepare(
  loaded: unknown,
  experiment: Experiment = {},
  transform?: (table: Table) => Table,
) {
  const config = lineExperiment({ ...experiment, ...(transform && { preprocess: ['mine'] }) })
  return prepareData(config, {
    env: new FakeEnvironment({
      'dataset/line': () => ({ load: async () => loaded }),
      'preprocessor/mine': () => ({ transform }),
    }),
    random: createRandom(config.seed),
    signal: new AbortController().signal,
    announce: async () => {},
    until: (work) => work,
  })
}

const place = `row ${BAD} of dataset line (the first is 0)`

test.each<[string, Experiment]>([
  ['shuffled', { seed: 1 }],
  ['shuffled otherwise', { seed: 2 }],
  ['in order', { validation: { order: 'as_given', fold: 1 } }],
  ['stratified', { validation: { order: 'shuffled', stratify: 'group', fold: 1 } }],
  ['in folds', { validation: { order: 'shuffled', folds: 4, fold: 3 } }],
])('rows %s keep their numbers in the dataset', async (_, experiment) => {
  await expect(prepare(given(Number.NaN), experiment)).rejects.toThrow(
    new RegExp(`column x of the (training|validation) rows, ${escaped(place)}: NaN is not`),
  )
})

const escaped = (text: string): string => text.replaceAll(/[()]/g, String.raw`\$&`)

test('a column of no classes is refused to stratify by', async () => {
  const experiment = { validation: { order: 'shuffled' as const, stratify: 'n', fold: 1 } }
  const loaded = table({ n: numbers(upTo(ROWS)) })
  await expect(prepare(loaded, experiment)).rejects.toThrow(
    "stratify names the column 'n', in which 20 of 20 rows have a value of their own",
  )
  const few = { length: 5, columns: { n: numbers([0, 0, 1, 1, 2]) } }
  expect((await prepare(few, experiment)).train.length).toBe(4)
})

test('rows of a file are told by their lines', async () => {
  const origin = {
    source: 'data/a.csv',
    unit: 'line' as const,
    numbers: Int32Array.from(upTo(ROWS), (row) => 2 * row + 2),
  }
  await expect(prepare({ ...given(Infinity), origin })).rejects.toThrow(
    'line 36 of data/a.csv: Infinity is not a finite number',
  )
})

test.each<[string, (table: Table) => Table]>([
  ['gives as many', ({ length, columns }) => ({ length, columns: { ...columns } })],
  ['selects rows', (rows) => selectRows(rows, Int32Array.from(evenAndLast(rows)))],
])('a preprocessor that %s leaves them known', async (_, transform) => {
  await expect(prepare(given(Number.NaN), { seed: 1 }, transform)).rejects.toThrow(place)
})

/** Some of the rows in another order, row 17 among them. */
const evenAndLast = (rows: Table): number[] =>
  upTo(rows.length)
    .filter((row) => rows.origin!.numbers[row]! % 2 === 0 || rows.origin!.numbers[row] === BAD)
    .toReversed()

test('rows that a preprocessor made are said to be its own', async () => {
  const twice = ({ columns: { x } }: Table): Table => {
    const data = Float32Array.from([...(x as NumberColumn).data].flatMap((value) => [1, value]))
    return { length: data.length, columns: { x: numbers([...data]) } }
  }
  await expect(prepare(given(Number.NaN), { seed: 1 }, twice)).rejects.toThrow(
    /row \d+ of those that preprocessor mine made \(the first is 0\): NaN/,
  )
})

test('a value that preprocessing made is told with the one it was made of', async () => {
  const logarithm = (rows: Table): Table => {
    const { x } = rows.columns
    const logs = numbers(Array.from((x as NumberColumn).data, Math.log))
    return { ...rows, columns: { ...rows.columns, x: logs } }
  }
  await expect(prepare(given(-3), { seed: 1 }, logarithm)).rejects.toThrow(
    `${place}: NaN is not a finite number; the dataset has -3, preprocessing made it so`,
  )
})

test('places in a row are told by the columns that were joined, or by their indices', async () => {
  const wide = (more: Partial<NumberColumn>): Table =>
    table({
      x: numbers(
        upTo(ROWS * 4).map((i) => (i === 4 * BAD + 2 ? Number.NaN : 1)),
        more,
      ),
    })
  await expect(prepare(wide({ shape: [4] }))).rejects.toThrow(`column x[2] of the`)
  await expect(prepare(wide({ shape: [2, 2, 1] }))).rejects.toThrow(`column x[1, 0, 0] of the`)
  const names = ['age', 'height', 'weight', 'pulse']
  await expect(prepare(wide({ shape: [4], names }))).rejects.toThrow(
    'column weight (joined to x) of the',
  )
})

test('a label beyond what the loss takes is told by its row in the dataset', async () => {
  const prepared = await prepare(given(7), { validation: { order: 'as_given', fold: 1 } })
  const need = { range: { min: 0, max: 2, isWhole: true }, needer: 'loss l' }
  expect(() => checkRange(prepared.validation, 'x', need, 'the validation rows')).toThrow(
    `column x of the validation rows, ${place}: 7 is not a whole number from 0 to 2`,
  )
})
