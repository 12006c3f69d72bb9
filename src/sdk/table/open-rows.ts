// A file of rows, opened: its form found out, its rows in batches, whatever it is written in.
import { EngineError } from '../errors.ts'
import { daysIn, numberIn } from './cells.ts'
import { delimitedRows, detectDialect, type Row, type RowBatch } from './delimited.ts'
import type { TableForm } from './form.ts'
import { jsonRows, lineElements, listElements } from './json-rows.ts'
import { ColumnNames } from './names.ts'
import {
  type ByteSource,
  detectEncoding,
  type TextEncoding,
  type TextOptions,
  textPieces,
} from './source.ts'

/** Rows of one file. `names` and `notes` are complete after the last batch; of CSV, before the first. */
export interface OpenRows {
  format: 'csv' | 'json' | 'jsonl'
  encoding: TextEncoding
  delimiter?: string
  hasHeader: boolean
  names: ColumnNames
  batches: AsyncIterable<RowBatch>
}

/** A file of rows: its bytes, and a name that may tell its format. */
export interface TableFile {
  /** As messages name it, such as `data/sales.csv`. */
  name: string
  source: ByteSource
}

/** Opens `file`. Throws `data.empty` and `data.invalid`, naming it. */
export async function openRows(
  { name, source }: TableFile,
  form: TableForm,
  options: TextOptions,
): Promise<OpenRows> {
  if (source.size === 0) {
    throw new EngineError({
      code: 'data.empty',
      message: `${name} is empty`,
      hint: 'a table has a row of names and rows of values',
    })
  }
  const encoding = await detectEncoding(source, options)
  const pieces = textPieces(source, encoding, { ...options, name })
  const first = (await pieces.next()).value as string
  const all = preceded(first, pieces)
  const names = new ColumnNames(name)
  const format = form.format === 'auto' ? guessFormat(name, first) : form.format
  if (format !== 'csv') {
    const elements = format === 'json' ? listElements(all, name) : lineElements(all, name)
    return { format, encoding, hasHeader: true, names, batches: jsonRows(elements, names) }
  }
  const given = form.delimiter === 'auto' && name.endsWith('.tsv') ? '\t' : form.delimiter
  const dialect = detectDialect(first, given)
  const batches = delimitedRows(all, dialect)
  const start = await firstRows(batches)
  const [head, second] = start.rows
  const hasHeader = head !== undefined && isHeader(head, second, form)
  for (const [at, cell] of (head?.cells ?? []).entries())
    names.add(hasHeader ? cell : `column_${at + 1}`)
  if (hasHeader) start.rows.shift()
  return {
    format,
    encoding,
    delimiter: dialect.delimiter,
    hasHeader,
    names,
    batches: preceded(start, batches),
  }
}

async function* preceded<T>(first: T, rest: AsyncIterable<T>): AsyncGenerator<T> {
  yield first
  yield* rest
}

/** The batch with the first row. A small file has all its rows in the one after its only piece. */
async function firstRows(batches: AsyncGenerator<RowBatch>): Promise<RowBatch> {
  const start: RowBatch = { rows: [], faults: [] }
  while (start.rows.length < 2) {
    const next = await batches.next()
    if (next.done) break
    start.rows.push(...next.value.rows)
    start.faults.push(...next.value.faults)
  }
  return start
}

function guessFormat(name: string, text: string): 'csv' | 'json' | 'jsonl' {
  if (/\.(jsonl|ndjson)$/i.test(name)) return 'jsonl'
  if (/\.json$/i.test(name)) return 'json'
  if (/\.(csv|tsv)$/i.test(name)) return 'csv'
  const start = text.trimStart()
  return start.startsWith('[{') ? 'json' : start.startsWith('{"') ? 'jsonl' : 'csv'
}

/** The first row names the columns where it has words and the next one numbers, or has words only. */
function isHeader(head: Row, second: Row | undefined, { header, decimal }: TableForm): boolean {
  if (header !== 'auto') return header
  const isValue = (cell: string | undefined): boolean => {
    const text = cell?.trim() ?? ''
    return !Number.isNaN(numberIn(text, decimal)) || !Number.isNaN(daysIn(text))
  }
  const isAbove = head.cells.some((cell, at) => !isValue(cell) && isValue(second?.cells[at]))
  return isAbove || !head.cells.some(isValue)
}
