// Preprocessors of tables: numbers against scikit-learn's rules, what is learned, and what is refused.
import {
  type Column,
  type NumberColumn,
  numbersIn,
  type PluginInstance,
  type Preprocessor,
  type Table,
} from 'plugboard'
import { describe, expect, test } from 'vitest'
import { initialize } from '../testing/contributions.ts'
import impute from './impute.ts'
import joinColumns from './join-columns.ts'
import minMax from './min-max.ts'
import oneHot from './one-hot.ts'
import standardize from './standardize.ts'

const numbers = (values: number[], more: Partial<NumberColumn> = {}): NumberColumn => ({
  type: 'number',
  data: Float32Array.from(values),
  shape: [],
  dtype: 'float32',
  ...more,
})
const texts = (...data: string[]): Column => ({ type: 'text', data })
const table = (columns: Record<string, Column>): Table => {
  const [first] = Object.values(columns)
  const size = first!.type === 'number' ? first!.shape.reduce((a, b) => a * b, 1) : 1
  return { length: first!.data.length / size, columns }
}
const valuesOf = (from: Table, name: string) => [...numbersIn(from, name, 'test').data]

const make = async <P extends PluginInstance>(
  plugin: new (init: never) => P,
  name: string,
  config: unknown,
): Promise<Preprocessor> =>
  (await initialize(plugin)).create('preprocessor', name, config, { tokenizer: undefined })

/** Learns from `from` and changes `to`; what it learned goes through a copy, as through a checkpoint. */
async function apply<P extends PluginInstance>(
  plugin: new (init: never) => P,
  name: string,
  config: unknown,
  from: Table,
  to = from,
): Promise<Table> {
  const fitted = await make(plugin, name, config)
  fitted.fit?.(from)
  if (!fitted.save) return fitted.transform(to)
  const loaded = await make(plugin, name, config)
  loaded.load!(structuredClone(fitted.save()) as never)
  expect(loaded.transform(to)).toEqual(fitted.transform(to))
  return loaded.transform(to)
}

describe('min_max', () => {
  test('brings training values into range, and others by the same rule', async () => {
    const train = table({ n: numbers([2, 4, 6]) })
    const config = { columns: ['n'] }
    expect(valuesOf(await apply(minMax, 'min_max', config, train), 'n')).toEqual([0, 0.5, 1])
    const others = table({ n: numbers([0, 8]) })
    expect(valuesOf(await apply(minMax, 'min_max', config, train, others), 'n')).toEqual([
      -0.5, 1.5,
    ])
    const wide = { columns: ['n'], from: -1, to: 3 }
    expect(valuesOf(await apply(minMax, 'min_max', wide, train), 'n')).toEqual([-1, 1, 3])
  })

  test('takes each place of a row by itself, scales bytes, and keeps what never changes', async () => {
    const data = Uint8Array.of(0, 7, 255, 7)
    const train = table({ n: numbers([], { data, shape: [2], scale: 1 / 255 }) })
    const made = await apply(minMax, 'min_max', { columns: ['n'] }, train)
    expect(valuesOf(made, 'n')).toEqual([0, 0, 1, 0])
    expect(numbersIn(made, 'n', 'test').scale).toBeUndefined()
  })

  test('inverts, for the columns that there are', async () => {
    const step = await make(minMax, 'min_max', { columns: ['n', 'm'], from: -1 })
    step.fit!(table({ n: numbers([10, 30]), m: numbers([0, 1]) }))
    const back = step.inverseTransform!(table({ n: numbers([-1, 0, 1]) }))
    expect(valuesOf(back, 'n')).toEqual([10, 20, 30])
  })
})

describe('impute', () => {
  const train = table({ n: numbers([1, NaN, 2, 9]) })

  test.each([
    ['median', 2],
    ['mean', 4],
    ['value', -1],
  ])('fills gaps with the %s', async (how, filler) => {
    const config = { columns: ['n'], with: how, value: -1 }
    const made = await apply(impute, 'impute', config, train)
    expect(valuesOf(made, 'n')).toEqual([1, filler, 2, 9])
    const others = await apply(impute, 'impute', config, train, table({ n: numbers([NaN, 5]) }))
    expect(valuesOf(others, 'n')).toEqual([filler, 5])
  })

  test('marks what it filled', async () => {
    const made = await apply(impute, 'impute', { columns: ['n'], mark: true }, train)
    expect(valuesOf(made, 'n_missing')).toEqual([0, 1, 0, 0])
  })

  test('a column without any number is refused', async () => {
    const empty = table({ n: numbers([NaN, NaN]) })
    await expect(apply(impute, 'impute', { columns: ['n'] }, empty)).rejects.toThrow(
      "impute finds no number in 'n' of 2 training rows",
    )
  })
})

describe('one_hot', () => {
  const train = table({
    t: texts('b', 'a', '', 'b'),
    c: numbers([2, 0, 1, 2], { dtype: 'int32', limit: 3 }),
  })

  test('gives texts and classes a place each; what it never saw and what is missing has none', async () => {
    const config = { columns: ['t', 'c'] }
    const made = await apply(oneHot, 'one_hot', config, train)
    expect(numbersIn(made, 't', 'test').shape).toEqual([2])
    expect(valuesOf(made, 't')).toEqual([0, 1, 1, 0, 0, 0, 0, 1])
    expect(valuesOf(made, 'c')).toEqual([0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1])
    const others = table({ t: texts('z', 'a'), c: numbers([1, 0], { dtype: 'int32', limit: 3 }) })
    expect(valuesOf(await apply(oneHot, 'one_hot', config, train, others), 't')).toEqual([
      0, 0, 1, 0,
    ])
  })

  test('too many texts, and numbers that are no classes, are refused', async () => {
    const many = table({ t: texts(...Array.from({ length: 101 }, (_, i) => `${i}`)) })
    await expect(apply(oneHot, 'one_hot', { columns: ['t'] }, many)).rejects.toThrow(
      "one_hot finds 101 different texts in 't' of 101 training rows; it takes 1 to 100",
    )
    const wrong = table({ n: numbers([1, 2]) })
    await expect(apply(oneHot, 'one_hot', { columns: ['n'] }, wrong)).rejects.toThrow(
      "one_hot reads the column of text 'n'; there are n (number)",
    )
  })
})

describe('join_columns', () => {
  test('puts columns side by side in order, scaled, and keeps the others', async () => {
    const pair = numbers([], { data: Uint8Array.of(1, 2, 3, 4), shape: [2], scale: 0.5 })
    const source = table({ a: numbers([7, 8]), pair, labels: numbers([0, 1]) })
    const made = await apply(joinColumns, 'join_columns', { columns: ['pair', 'a'] }, source)
    expect(Object.keys(made.columns)).toEqual(['labels', 'features'])
    expect(numbersIn(made, 'features', 'test').shape).toEqual([3])
    expect(valuesOf(made, 'features')).toEqual([0.5, 1, 7, 1.5, 2, 8])
  })

  test('columns that are not there, texts, and a name that is taken are refused', async () => {
    const source = table({ a: numbers([7, 8]), t: texts('x', 'y'), labels: numbers([0, 1]) })
    const join = (config: unknown) => apply(joinColumns, 'join_columns', config, source)
    await expect(join({ columns: ['b'] })).rejects.toThrow(
      "join_columns reads the column of numbers 'b'; there are a (number), t (text), labels (number)",
    )
    await expect(join({ columns: ['t'] })).rejects.toThrow("the column of numbers 't'")
    await expect(join({ columns: ['a'], to: 'labels' })).rejects.toThrow(
      "join_columns would write over the column 'labels'",
    )
    expect(valuesOf(await join({ columns: ['a'], to: 'a' }), 'a')).toEqual([7, 8])
  })
})

test('what preprocessors learn, the training rows alone decide', async () => {
  const train = table({ n: numbers([1, NaN, 5]), t: texts('a', 'b', 'a') })
  const plugins = [
    [impute, 'impute', { columns: ['n'] }],
    [oneHot, 'one_hot', { columns: ['t'] }],
    [minMax, 'min_max', { columns: ['m'] }],
    [standardize, 'standardize', { columns: ['m'] }],
  ] as const
  const rows = table({ ...train.columns, m: numbers([1, 2, 4]) })
  for (const [plugin, name, config] of plugins) {
    const step = await make<PluginInstance>(plugin, name, config)
    step.fit!(rows)
    const learned = structuredClone(step.save!())
    const others = table({ n: numbers([NaN, 900]), t: texts('zz', 'a'), m: numbers([-70, 800]) })
    step.transform(others)
    expect(step.save!()).toEqual(learned)
  }
})
