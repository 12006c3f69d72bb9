import { expect, test } from 'vitest'
import type { LogLine } from '../store/feed-slices.ts'
import { ALL, fieldsOf, filterLogs } from './log-lines.ts'

const line = (more: Partial<LogLine>): LogLine => ({
  seq: 1,
  time: 0,
  plugin: undefined,
  level: 'info',
  message: '',
  fields: undefined,
  source: undefined,
  ...more,
})

const lines = [
  line({ plugin: 'ears', level: 'debug', message: 'listens' }),
  line({ plugin: 'eyes', level: 'info', message: 'Looks at rows', fields: { fold: 'third' } }),
  line({ plugin: 'ears', level: 'error', message: 'hears nothing', fields: { rows: [160, 40] } }),
  line({ level: 'warn', message: 'a parameter is not reached' }),
]

test('[F12] the console shows lines of a level and above, of one plugin, with a text', () => {
  const shown = (filter: Partial<Parameters<typeof filterLogs>[1]>) =>
    filterLogs(lines, { query: '', level: 'debug', plugin: ALL, ...filter }).map((it) =>
      lines.indexOf(it),
    )
  expect(shown({})).toEqual([0, 1, 2, 3])
  expect(shown({ level: 'warn' })).toEqual([2, 3])
  expect(shown({ plugin: 'ears' })).toEqual([0, 2])
  expect(shown({ plugin: 'engine' })).toEqual([3])
  expect(shown({ query: ' looks ' })).toEqual([1])
  expect(shown({ query: 'THIRD' })).toEqual([1])
  expect(shown({ query: '160' })).toEqual([2])
  expect(shown({ plugin: 'ears', level: 'error', query: 'listens' })).toEqual([])
})

test('[F12] fields are names and readable values', () => {
  const fields = {
    loss: 0.1234567891,
    step: 12_345_678,
    best: -Infinity,
    phase: 'first epoch',
    file: 'data/names.txt',
    weights: Float32Array.of(0.1, 2),
    nested: { at: [NaN, true] },
    none: undefined,
  }
  expect(fieldsOf(line({ fields }))).toEqual([
    ['loss', '0.123457'],
    ['step', '12345678'],
    ['best', '-Infinity'],
    ['phase', '"first epoch"'],
    ['file', 'data/names.txt'],
    ['weights', '[0.1,2]'],
    ['nested', '{"at":["NaN",true]}'],
    ['none', 'undefined'],
  ])
})
