// The table of runs: filters, order, groups, and what it shows until the user chooses.
import type { RunEntry } from '#workspace'
import { describe, expect, test } from 'vitest'
import { columnIds, columnOf, defaultColumns, figureOf, textsOf } from './columns.ts'
import { linesOf, runsIn, type Table } from './lines.ts'
import { matcherOf } from './match.ts'

const figures = (last: number, min: number, max: number) => ({
  count: 3,
  last,
  lastStep: 3,
  min,
  minStep: 1,
  max,
  maxStep: 2,
})

function entry(number: number, rate: number, over: Partial<RunEntry> = {}): RunEntry {
  const training = { optimizer: { name: 'adamw', config: { learning_rate: rate } }, epochs: 2 }
  return {
    id: `id-${number}`,
    number,
    name: '',
    state: 'finished',
    startedAt: number * 1000,
    endedAt: number * 1000 + 500,
    step: 9,
    epoch: 2,
    totalSteps: 9,
    setup: {
      name: 'digits',
      seed: 1,
      config: { model: 'mlp', training },
      parameterCount: 10,
      trainRows: 1,
      validationRows: 1,
      batchSize: 1,
      totalSteps: 9,
      stepsPerEpoch: 3,
    },
    metrics: { loss: figures(rate, 0.1, 2), val_accuracy: figures(0.5, 0.2, 0.9) },
    tags: {},
    notes: '',
    files: 'abc',
    plugins: {},
    ...over,
  }
}

const entries = [
  entry(3, 0.1, { tags: { team: 'x' }, state: 'failed' }),
  entry(2, 0.01, { name: 'best one', metrics: {} }),
  entry(1, 0.001, { tags: { team: 'y', baseline: '' }, notes: 'slow' }),
]

const table = (over: Partial<Table> = {}): Table => ({
  columns: [columnOf('metric:loss', 'last')],
  sort: undefined,
  sortColumn: undefined,
  group: undefined,
  folded: new Set(),
  match: () => true,
  ...over,
})

describe('filter', () => {
  const found = (query: string) =>
    entries
      .filter((it) => matcherOf(query).match(textsOf(it)))
      .map(({ number }) => number)
      .join()

  test.each([
    ['', '3,2,1'],
    ['BEST', '2'],
    ['team x', '3'],
    ['learning_rate=0.001', '1'],
    ['run ?', '3,1'],
    ['*learning_rate=0.0*', '2,1'],
    ['/^run [13]$/', '3,1'],
    ['/FAILED/i', '3'],
    ['/failed/gy', '3'],
    ['a.c', ''],
  ])('%s', (query, numbers) => {
    expect(found(query)).toBe(numbers)
  })

  test('a pattern that is none says why and leaves nothing out', () => {
    expect(matcherOf('/(/').problem).toMatch(/group/i)
    expect(matcherOf('/a/zz').problem).toMatch(/flags/i)
    expect(matcherOf('/open').problem).toBe('A pattern ends with a slash as well: /…/')
    expect(matcherOf('/(/').match([])).toBe(true)
  })
})

test('until columns are chosen, metrics that tell most and keys that differ are shown', () => {
  expect(defaultColumns(entries)).toEqual([
    'run',
    'state',
    'started',
    'duration',
    'metric:val_accuracy',
    'metric:loss',
    'config:training.optimizer.learning_rate',
    'tags',
  ])
  expect(columnIds(entries).tags).toEqual(['tag:team', 'tag:baseline'])
})

test('the best of a metric is its least, or its most where more is better', () => {
  expect(figureOf(entries[0]!, 'loss', 'best')).toBe(0.1)
  expect(figureOf(entries[0]!, 'val_accuracy', 'best')).toBe(0.9)
  expect(figureOf(entries[1]!, 'loss', 'best')).toBeUndefined()
})

test('sorted by numbers, what has none comes last both ways', () => {
  const sortColumn = columnOf('metric:loss', 'last')
  const sorted = (isDescending: boolean) =>
    runsIn(
      linesOf(entries, table({ sort: { column: 'metric:loss', isDescending }, sortColumn })),
    ).map(({ number }) => number)
  expect(sorted(false)).toEqual([1, 3, 2])
  expect(sorted(true)).toEqual([3, 1, 2])
})

test('groups have a count and means, and fold up', () => {
  const group = columnOf('state', 'last')
  const lines = linesOf(entries, table({ group, folded: new Set(['failed']) }))
  expect(lines).toMatchObject([
    { kind: 'group', key: 'failed', count: 1, isOpen: false, means: [0.1] },
    { kind: 'group', key: 'finished', count: 2, isOpen: true, means: [0.001] },
    { kind: 'run', entry: { number: 2 } },
    { kind: 'run', entry: { number: 1 } },
  ])
})
