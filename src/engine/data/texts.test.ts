// Which columns of text a tokenizer learns from.
import type { Column, Table } from '#sdk'
import { expect, test } from 'vitest'
import type { TextReading } from '../registry/index.ts'
import { columnsToRead, textsOf } from './texts.ts'

const text = (...data: string[]): Column => ({ type: 'text', data })
const table: Table = {
  length: 2,
  columns: {
    title: text('A', 'B'),
    body: text('some', 'words'),
    label: text('ham', 'spam'),
    author: text('Ada', 'Bob'),
    year: { type: 'number', data: Float32Array.of(1, 2), shape: [], dtype: 'float32' },
  },
}
const says = (settings: object, ...tokenized: string[]): TextReading => ({ settings, tokenized })
const silent = (settings: object = {}): TextReading => ({ settings, tokenized: undefined })
const classes = says({ column: 'label', to: 'labels' })

test.each<[string, TextReading[], string[]]>([
  ['a step that says so', [classes, says({ column: 'body' }, 'body')], ['body']],
  ['steps that say so', [says({}, 'title', 'body'), classes], ['title', 'body']],
  ['a step whose settings name it', [silent({ of: { columns: ['body'] } }), classes], ['body']],
  ['a step that names none: not the classes', [silent(), classes], ['title', 'body', 'author']],
  ['no step', [], ['title', 'body', 'label', 'author']],
  ['columns of numbers only', [says({}, 'year')], ['title', 'body', 'label', 'author']],
])('%s', (_, steps, columns) => {
  expect(columnsToRead(table, steps)).toEqual(columns)
})

test('texts come column by column, each with a sign of life', () => {
  let beats = 0
  expect([...textsOf(table, ['title', 'body'], () => beats++)]).toEqual(['A', 'B', 'some', 'words'])
  expect(beats).toBe(4)
})

test('a table without text is refused', () => {
  const { year } = table.columns
  expect(() => columnsToRead({ length: 2, columns: { year: year! } }, [])).toThrow(
    'the training rows have no text column to fit a tokenizer on (columns: year)',
  )
})
