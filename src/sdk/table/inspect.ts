// Looks at a whole file of rows in bounded memory: types, statistics, faulty rows.
import { EngineError } from '../errors.ts'
import { missingTest } from './cells.ts'
import { ColumnStats } from './column-stats.ts'
import type { Row } from './delimited.ts'
import {
  type ColumnType,
  MAX_FAULTS,
  MAX_SAMPLE,
  MAX_SAMPLE_CELLS,
  type TableFault,
  type TableForm,
  type TableProfile,
} from './form.ts'
import { openRows, type OpenRows, type TableFile } from './open-rows.ts'
import type { TextOptions } from './source.ts'

/** Types of columns by name, where the user knows better. */
export type ColumnTypes = ReadonlyMap<string, ColumnType>

export interface InspectOptions extends TextOptions {
  types?: ColumnTypes | undefined
}

/** Why a row has the wrong number of cells; `undefined` when it has the right one. */
export function raggedProblem(row: Row, { format, names }: OpenRows): string | undefined {
  if (format !== 'csv' || row.cells.length === names.list.length) return undefined
  const cells = row.cells.length === 1 ? '1 cell' : `${row.cells.length} cells`
  return `has ${cells}, but there are ${names.list.length} columns`
}

/** Columns that are told to hold more than one thing. */
const MAX_MIXED = 10

/** A row to look at: without the rest of long texts. */
const sampled = ({ line, cells }: Row): Row => ({
  line,
  cells: cells.map((cell) => cell.slice(0, 200)),
})

const shown = (row: Row, delimiter = ','): string => row.cells.join(delimiter).slice(0, 200)

export const raggedFault = (row: Row, problem: string, { delimiter }: OpenRows): TableFault => ({
  line: row.line,
  problem,
  text: shown(row, delimiter),
})

/** Refuses a file without rows that can be used. */
export function checkRows(
  name: string,
  good: number,
  faults: readonly TableFault[],
  { names }: Pick<OpenRows, 'names'>,
): void {
  if (good > 0) return
  const [first] = faults
  if (!first && names.list.length === 0) {
    throw new EngineError({
      code: 'data.empty',
      message: `${name} has no rows: there is nothing in it`,
      hint: 'a table has a row of names and rows of values',
    })
  }
  if (!first) {
    throw new EngineError({
      code: 'data.empty',
      message: `${name} has names of columns, but no rows`,
      hint: 'add rows; if its first line is a row already, set `header: false`',
    })
  }
  throw new EngineError({
    code: 'data.invalid',
    message: `no row of ${name} can be used; line ${first.line}${first.column === undefined ? '' : `, column ${first.column}`}: ${first.text} ${first.problem}`,
    hint: 'check delimiter, header and the types of the columns',
  })
}

/**
 * Types, statistics and faulty rows of a file. Throws `data.empty` and `data.invalid` for a file that has no row
 * that can be used.
 */
export async function inspectTable(
  file: TableFile,
  form: TableForm,
  options: InspectOptions = {},
): Promise<TableProfile> {
  const open = await openRows(file, form, options)
  const isMissing = missingTest(form.missing)
  const stats: ColumnStats[] = []
  const faults: TableFault[] = []
  const sample: Row[] = []
  let [rows, faulty, sampleCells] = [0, 0, 0]
  const count = (row: Row): void => {
    const { length } = open.names.list
    while (stats.length < length) {
      const column = new ColumnStats(length > 200 ? 10 : 100)
      column.addMissing(rows - 1)
      stats.push(column)
    }
    for (let at = 0; at < length; at++) {
      const text = row.cells[at]?.trim() ?? ''
      if (isMissing(text)) stats[at]!.addMissing()
      else stats[at]!.add(text, row.line, form.decimal)
    }
  }
  for await (const batch of open.batches) {
    rows += batch.faults.length
    faulty += batch.faults.length
    faults.push(...batch.faults.slice(0, MAX_FAULTS - faults.length))
    for (const row of batch.rows) {
      rows++
      sampleCells += row.cells.length
      if (sample.length < MAX_SAMPLE && sampleCells < MAX_SAMPLE_CELLS) sample.push(sampled(row))
      const problem = raggedProblem(row, open)
      if (problem === undefined) count(row)
      else {
        faulty++
        if (faults.length < MAX_FAULTS) faults.push(raggedFault(row, problem, open))
      }
    }
  }

  const lines = new Set(faults.map(({ line }) => line))
  let uncounted = 0
  const notes: string[] = []
  const columns = stats.map((column, at) => {
    const name = open.names.list[at]!
    const type = options.types?.get(name) ?? column.guess()
    const odd = column.oddCells(type)
    for (const { line, text, problem } of odd.cells) {
      if (!lines.has(line)) faulty++
      lines.add(line)
      if (faults.length < MAX_FAULTS) faults.push({ line, column: name, problem, text })
    }
    uncounted += odd.count - odd.cells.length
    const mixed = options.types?.has(name) ? undefined : column.mixed(type)
    if (mixed !== undefined && notes.length < MAX_MIXED) notes.push(`column ${name} ${mixed}`)
    return column.profile(name, type)
  })
  faulty = Math.min(rows, faulty + uncounted)
  faults.sort((a, b) => a.line - b.line)
  checkRows(file.name, rows - faulty, faults, open)
  return {
    format: open.format,
    encoding: open.encoding,
    delimiter: open.delimiter,
    hasHeader: open.hasHeader,
    rows,
    columns,
    faultyRows: faulty,
    faults,
    notes: [...notesOf(open), ...notes],
    sample,
  }
}

/** What else is to be said of a file that was read. */
export function notesOf({ encoding, names }: OpenRows): string[] {
  const guessed = 'the file is no valid UTF-8: it is read as windows-1252 (Latin-1)'
  return encoding === 'windows-1252' ? [guessed, ...names.notes] : names.notes
}
