// From dataset to batches: split, fitting, checks, order.
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs'
import { type Column, createRandom, type NumberColumn, selectRows, type Table } from '#sdk'
import { beforeAll, describe, expect, test } from 'vitest'
import { FakeEnvironment, lineExperiment } from '../testing/fake-run.ts'
import { fullBatches, makeBatch, sequentialBatches } from './batches.ts'
import { rowOrder } from './epochs.ts'
import { prepareData } from './prepare.ts'
import { type SplitRule, splitRows } from './split.ts'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

const numbers = (values: number[], more: Partial<NumberColumn> = {}): NumberColumn => ({
  type: 'number',
  data: Float32Array.from(values),
  shape: [],
  dtype: 'float32',
  ...more,
})
const table = (columns: Record<string, Column>, length = 10): Table => ({ length, columns })
const upTo = (length: number) => Array.from({ length }, (_, i) => i)

type Experiment = Parameters<typeof lineExperiment>[0]

const prepare = (parts: Record<string, () => unknown>, experiment: Experiment = {}) =>
  prepareIn(new FakeEnvironment(parts), experiment)

function prepareIn(env: FakeEnvironment, experiment: Experiment) {
  const config = lineExperiment(experiment)
  return prepareData(config, {
    env,
    random: createRandom(config.seed),
    signal: new AbortController().signal,
    announce: async () => {},
    until: (work) => work,
  })
}

/** Prepares what a dataset loads. */
const prepareLoaded = (loaded: unknown, experiment?: Experiment, parts = {}) =>
  prepare({ 'dataset/line': () => ({ load: async () => loaded }), ...parts }, experiment)

const valuesOf = (from: Table, name: string) =>
  Array.from((from.columns[name] as NumberColumn).data)

describe('split', () => {
  const source = table({
    n: numbers(upTo(10)),
    pair: numbers(upTo(20), { shape: [2], data: Uint8Array.from(upTo(20)) }),
    text: { type: 'text', data: upTo(10).map(String) },
  })

  test('every row goes to one side, whole, and order is kept', () => {
    const { train, validation } = splitRows(source, { validation_split: 0.3 }, createRandom(5))
    expect([train.length, validation.length]).toEqual([7, 3])
    const rows = [...valuesOf(train, 'n'), ...valuesOf(validation, 'n')]
    expect(rows.toSorted((a, b) => a - b)).toEqual(upTo(10))
    for (const side of [train, validation]) {
      const n = valuesOf(side, 'n')
      expect(n).toEqual(n.toSorted((a, b) => a - b))
      expect(valuesOf(side, 'pair')).toEqual(n.flatMap((row) => [2 * row, 2 * row + 1]))
      expect(side.columns['text']!.data).toEqual(n.map(String))
    }
    expect((train.columns['pair'] as NumberColumn).data).toBeInstanceOf(Uint8Array)
  })

  test('depends on the seed alone', () => {
    const rows = (seed: number) =>
      valuesOf(splitRows(source, { validation_split: 0.3 }, createRandom(seed)).validation, 'n')
    expect(rows(1)).toEqual(rows(1))
    expect(upTo(9).map(rows)).not.toEqual(upTo(9).map(() => rows(0)))
  })

  test("a dataset's own validation rows are kept", async () => {
    const [train, validation] = [
      [0, 1],
      [2, 3, 4],
    ].map((rows) => selectRows(source, Int32Array.from(rows)))
    const prepared = await prepareLoaded({ train, validation })
    expect(valuesOf(prepared.train, 'n')).toEqual([0, 1])
    expect(valuesOf(prepared.validation, 'n')).toEqual([2, 3, 4])
  })

  describe('by the rule of an experiment', () => {
    const labelled = table(
      {
        n: numbers(upTo(60)),
        labels: numbers(
          upTo(60).map((row) => Number(row % 6 === 0) + Number(row % 3 === 0)),
          {
            dtype: 'int32',
            limit: 3,
          },
        ),
        word: { type: 'text', data: upTo(60).map((row) => (row < 15 ? 'rare' : 'usual')) },
      },
      60,
    )
    const heldBack = (validation: SplitRule['validation'], share = 0.2, seed = 1) => {
      const rule = { validation_split: share, validation }
      const { train, validation: held } = splitRows(labelled, rule, createRandom(seed))
      const [rows, rest] = [valuesOf(held, 'n'), valuesOf(train, 'n')]
      expect([...rows, ...rest].toSorted((a, b) => a - b)).toEqual(upTo(60))
      return { rows, words: held.columns['word']!.data as string[], held }
    }

    test('as_given holds back the last rows, or folds one after the other', () => {
      const order = 'as_given'
      expect(heldBack({ order, fold: 1 }).rows).toEqual(upTo(60).slice(48))
      expect(heldBack({ order, folds: 4, fold: 2 }).rows).toEqual(upTo(60).slice(15, 30))
    })

    test('folds hold back every row once, as the seed says', () => {
      const all = (seed: number) =>
        upTo(7).map((i) => heldBack({ order: 'shuffled', folds: 7, fold: i + 1 }, 0.5, seed).rows)
      expect(all(1).map(({ length }) => length)).toEqual([8, 9, 8, 9, 8, 9, 9])
      expect(
        all(1)
          .flat()
          .toSorted((a, b) => a - b),
      ).toEqual(upTo(60))
      expect(all(1)).toEqual(all(1))
      expect(all(1)).not.toEqual(all(2))
    })

    test.each(['labels', 'word'])('stratify keeps the shares of %s, in folds too', (stratify) => {
      const order = 'shuffled'
      const counts = ({ held }: ReturnType<typeof heldBack>) => {
        const values = Array.from<unknown>(held.columns[stratify]!.data)
        return [...new Set(values)].map((value) => values.filter((it) => it === value).length)
      }
      const sorted = (list: number[]) => list.toSorted((a, b) => a - b)
      const shares = stratify === 'labels' ? [2, 2, 8] : [3, 9]
      upTo(30).forEach((seed) => {
        const found = counts(heldBack({ order, stratify, fold: 1 }, 0.2, seed))
        sorted(found).forEach((count, i) =>
          expect(Math.abs(count - shares[i]!)).toBeLessThanOrEqual(1),
        )
      })
      const folds = upTo(5).map((i) => heldBack({ order, stratify, folds: 5, fold: i + 1 }))
      const sizes = folds.map((fold) => sorted(counts(fold)))
      for (const found of sizes)
        found.forEach((count, i) => expect(Math.abs(count - shares[i]!)).toBeLessThanOrEqual(1))
      expect(new Set(folds.flatMap(({ rows }) => rows)).size).toBe(60)
    })

    test('what cannot be is refused', async () => {
      const few = { order: 'shuffled', folds: 61, fold: 1 } as const
      expect(() => heldBack(few)).toThrow('has 60 rows, which cannot be cut into 61 folds')
      expect(() => heldBack({ order: 'shuffled', stratify: 'class', fold: 1 })).toThrow(
        "experiment.validation.stratify names the column 'class' of one class a row; there are n, labels, word",
      )
      const [train, validation] = [labelled, labelled]
      const own = prepareLoaded({ train, validation }, { validation: { folds: 5 } })
      await expect(own).rejects.toThrow('the dataset line brings 60 validation rows of its own')
      const parse = (rule: object) => () => lineExperiment({ validation: rule })
      expect(parse({ folds: 3, fold: 4 })).toThrow('fold goes from 1 to folds')
      expect(parse({ order: 'as_given', stratify: 'labels' })).toThrow('cannot be stratified')
    })
  })

  test('one row cannot be split', async () => {
    await expect(prepareLoaded(table({ n: numbers([1]) }, 1))).rejects.toMatchObject({
      code: 'data.empty',
      message: expect.stringContaining('has 1 row;'),
    })
  })
})

describe('fitting', () => {
  test('validation rows never influence it', async () => {
    const seen: string[][] = []
    const fitted: number[][] = []
    const text = upTo(20).map((i) => `row ${i}`)
    const prepared = await prepareLoaded(
      table({ n: numbers(upTo(20)), text: { type: 'text', data: text } }, 20),
      { tokenizer: 'words', preprocess: ['centre', 'ids'] },
      {
        'tokenizer/words': () => ({ fit: (texts: Iterable<string>) => seen.push([...texts]) }),
        'preprocessor/centre': () => {
          let mean = 0
          return {
            fit(rows: Table) {
              fitted.push(valuesOf(rows, 'n'))
              mean = valuesOf(rows, 'n').reduce((a, b) => a + b) / rows.length
            },
            transform: (rows: Table) => ({
              ...rows,
              columns: {
                ...rows.columns,
                centred: numbers(valuesOf(rows, 'n').map((n) => n - mean)),
              },
            }),
          }
        },
        'preprocessor/ids': () => ({
          transform: ({ length, columns: { n, centred } }: Table) =>
            table({ n: n!, centred: centred! }, length),
        }),
      },
    )
    const train = valuesOf(prepared.train, 'n')
    expect(train).toHaveLength(16)
    expect(fitted).toEqual([train])
    expect(seen).toEqual([train.map((i) => `row ${i}`)])
    const mean = train.reduce((a, b) => a + b) / 16
    expect(valuesOf(prepared.validation, 'centred')).toEqual(
      valuesOf(prepared.validation, 'n').map((n) => Math.fround(n - mean)),
    )
    expect(prepared.plugins).toEqual(new Set(['line', 'words', 'centre', 'ids']))
  })

  test('a tokenizer learns from the text that a preprocessor has it read, not from names of classes', async () => {
    const seen: string[] = []
    const words = { fit: (texts: Iterable<string>) => void seen.push(...texts) }
    const env = new FakeEnvironment({
      'dataset/line': () => ({
        load: async () =>
          table({
            text: { type: 'text', data: upTo(10).map(() => 'read') },
            label: { type: 'text', data: upTo(10).map(() => 'class') },
          }),
      }),
      'tokenizer/words': () => words,
      'preprocessor/ids': () => ({
        transform: ({ length }: Table) => table({ n: numbers(upTo(length)) }, length),
      }),
    })
    env.tokenized = { ids: ['text'] }
    await prepareIn(env, { tokenizer: 'words', preprocess: ['ids'] })
    expect(new Set(seen)).toEqual(new Set(['read']))
  })

  test('a model learns the form of the columns, not their data', async () => {
    const { columns } = await prepareLoaded(
      table({
        label: numbers(upTo(10), { dtype: 'int32', limit: 10, classes: upTo(10).map(String) }),
        text: { type: 'text', data: upTo(10).map(String) },
      }),
    )
    expect(columns).toEqual({
      label: { shape: [], dtype: 'int32', limit: 10, classes: upTo(10).map(String) },
    })
  })
})

test('a feature may take its time', async () => {
  const doubled = {
    async extract(rows: Table): Promise<Table> {
      await Promise.resolve()
      const twice = numbers(valuesOf(rows, 'n').map((n) => 2 * n))
      return { ...rows, columns: { ...rows.columns, twice } }
    },
  }
  const loaded = table({ n: numbers(upTo(10)) })
  const parts = (feature: object) => ({ 'feature/doubled': () => feature })
  const { train } = await prepareLoaded(loaded, { features: ['doubled'] }, parts(doubled))
  expect(valuesOf(train, 'twice')).toEqual(valuesOf(train, 'n').map((n) => 2 * n))

  const late = { extract: () => Promise.reject(new Error('no such window')) }
  await expect(prepareLoaded(loaded, { features: ['doubled'] }, parts(late))).rejects.toMatchObject(
    {
      plugin: 'doubled',
      stage: 'extract',
      message: expect.stringContaining('no such window'),
    },
  )
})

test('long preparation gives signs of life: at each call of a part, and at each text', async () => {
  const env = new FakeEnvironment({
    'dataset/line': () => ({
      load: async () =>
        table({ n: numbers(upTo(10)), text: { type: 'text', data: upTo(10).map(String) } }),
    }),
    'tokenizer/words': () => ({ fit: (texts: Iterable<string>) => [...texts] }),
    'preprocessor/same': () => ({ fit: () => {}, transform: (rows: Table) => rows }),
  })
  await prepareIn(env, { tokenizer: 'words', preprocess: ['same'] })
  // load, fit, 8 training texts, fit, transform of both tables
  expect(env.beats).toBe(13)
})

describe('checks name column and row', () => {
  test.each([
    [
      'no rows',
      table({ n: numbers([]) }, 0),
      'data.empty',
      'training rows of the dataset have no rows',
    ],
    [
      'unequal lengths',
      table({ n: numbers(upTo(9)) }),
      'data.invalid',
      'column n of the training rows of the dataset has 9 rows, but the table has 10',
    ],
    [
      'no numbers',
      table({ t: { type: 'text', data: upTo(10).map(String) } }),
      'data.invalid',
      'have no number column (columns: t)',
    ],
    [
      'a validation split that is no table',
      { train: table({ n: numbers(upTo(10)) }), validation: [1] },
      'data.invalid',
      'the validation rows of the dataset are no table',
    ],
    [
      'numbers in a plain list',
      table({ n: { type: 'number', data: upTo(10), shape: [], dtype: 'float32' } as never }),
      'data.invalid',
      'column n of the training rows of the dataset must have a Float32Array',
    ],
    [
      'no shape',
      table({ n: { type: 'number', data: new Float32Array(10), dtype: 'float32' } as never }),
      'data.invalid',
      'must have a shape',
    ],
    [
      'an unknown type of column',
      table({ n: { type: 'image', data: [] } as never }),
      'data.invalid',
      'has the type image',
    ],
    ['no table', [1, 2], 'contribution.contract', 'load() of dataset line returned neither'],
    ['nothing', undefined, 'contribution.contract', 'load() of dataset line returned neither'],
  ])('%s', async (_, loaded, code, message) => {
    await expect(prepareLoaded(loaded)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    })
  })

  test.each([
    [
      'a label beyond its limit',
      [0, 1, 2, 3],
      { limit: 3, dtype: 'int32' },
      '3 is not a whole number from 0 to 2',
    ],
    [
      'a negative label',
      [0, 1, 2, -1],
      { limit: 3, dtype: 'int32' },
      '-1 is not a whole number from 0 to 2',
    ],
    ['a NaN', [0, 1, 2, Number.NaN], {}, 'NaN is not a finite number'],
    ['a fraction for an integer', [0, 1, 2, 2.5], { dtype: 'int32' }, '2.5 is not a whole number'],
  ] as const)('%s', async (_, values, more, message) => {
    const splits = {
      train: table({ n: numbers([...values], more) }, 4),
      validation: table({ n: numbers([0, 1], more) }, 2),
    }
    await expect(prepareLoaded(splits)).rejects.toMatchObject({
      code: 'data.invalid',
      message: expect.stringContaining(
        `column n of the training rows, row 3 of the training table of dataset line (the first is 0): ${message}`,
      ),
    })
  })

  test('a gap says what can be done about it', async () => {
    const splits = {
      train: table({ n: numbers([Number.NaN]) }, 1),
      validation: table({ n: numbers([1]) }, 1),
    }
    await expect(prepareLoaded(splits)).rejects.toMatchObject({
      hint: expect.stringContaining('leave the column or the row out'),
    })
  })

  test('columns that differ between the tables', async () => {
    const splits = {
      train: table({ n: numbers([0, 1]) }, 2),
      validation: table({ n: numbers([0, 1, 2, 3], { shape: [2] }) }, 2),
    }
    await expect(prepareLoaded(splits)).rejects.toMatchObject({
      message:
        'column n is float32 [] in the training rows, but float32 [2] in the validation rows',
    })
  })

  test('a dataset that throws is blamed', async () => {
    const parts = {
      'dataset/line': () => ({ load: () => Promise.reject(new Error('no such file')) }),
    }
    await expect(prepare(parts)).rejects.toMatchObject({
      plugin: 'line',
      stage: 'load',
      message: expect.stringContaining('no such file'),
    })
  })

  test('a preprocessor that returns no table is blamed', async () => {
    const parts = { 'preprocessor/lost': () => ({ transform: () => undefined }) }
    await expect(
      prepareLoaded(table({ n: numbers(upTo(10)) }), { preprocess: ['lost'] }, parts),
    ).rejects.toMatchObject({
      plugin: 'lost',
      stage: 'transform',
      message: 'the training rows after preprocessor lost are no table',
    })
  })

  test('a tokenizer without text', async () => {
    const parts = { 'tokenizer/words': () => ({ fit: (texts: Iterable<string>) => [...texts] }) }
    await expect(
      prepareLoaded(table({ n: numbers(upTo(10)) }), { tokenizer: 'words' }, parts),
    ).rejects.toMatchObject({ message: expect.stringContaining('no text column to fit') })
  })
})

describe('batches', () => {
  test('training: same size each, the rest left out, and no more than asked for', () => {
    const batches = (most?: number) =>
      [...fullBatches(Int32Array.of(5, 3, 1, 4, 0, 2, 6), 3, most)].map((rows) => [...rows])
    expect(batches()).toEqual([
      [5, 3, 1],
      [4, 0, 2],
    ])
    expect(batches(1)).toEqual([[5, 3, 1]])
  })

  test('every epoch has an order of its own, which the seed fixes', async () => {
    const prepared = await prepare({})
    const order = (epoch: number) => [
      ...rowOrder(prepared, prepared.train, {
        epoch,
        random: createRandom(3),
        signal: new AbortController().signal,
      }),
    ]
    expect(order(1).toSorted((a, b) => a - b)).toEqual(upTo(32))
    expect(order(1)).toEqual(order(1))
    expect(order(1)).not.toEqual(order(2))
  })

  test('validation: every row once', () => {
    const batches = [...sequentialBatches(10, 4)].map((rows) => [...rows])
    expect(batches).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
      [8, 9],
    ])
  })

  test('gathered by row, scaled, typed, and independent of the table', async () => {
    const image = numbers([], {
      data: Uint8Array.of(0, 51, 102, 255, 1, 2),
      shape: [2, 1],
      scale: 1 / 255,
    })
    const label = numbers([], { data: Uint8Array.of(7, 8, 9), dtype: 'int32' })
    const text: Column = { type: 'text', data: ['a', 'b', 'c'] }
    const batch = makeBatch(table({ image, label, text }, 3), [1, 0])
    expect(Object.keys(batch)).toEqual(['image', 'label'])
    expect(batch['image']!.shape).toEqual([2, 2, 1])
    expect(batch['label']!.dtype).toBe('int32')
    image.data[2] = 0
    expect(await batch['image']!.data()).toEqual(Float32Array.of(102 / 255, 1, 0, 51 / 255))
    expect(await batch['label']!.data()).toEqual(Int32Array.of(8, 7))
    tf.dispose(batch)
  })
})
