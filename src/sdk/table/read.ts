// Reads a file of rows into columns; faulty rows are left out and told.
import type { Column, Table } from '../data.ts'
import { EngineError } from '../errors.ts'
import { missingTest } from './cells.ts'
import { type ColumnWriter, columnWriter } from './column-writers.ts'
import type { Row } from './delimited.ts'
import { type ColumnType, MAX_FAULTS, type TableFault, type TableForm } from './form.ts'
import {
  checkRows,
  type InspectOptions,
  inspectTable,
  notesOf,
  raggedFault,
  raggedProblem,
} from './inspect.ts'
import { openRows, type OpenRows, type TableFile } from './open-rows.ts'

export interface ReadOptions extends InspectOptions {
  /** What becomes of columns that `types` does not name: found out from the file, or left out. */
  others?: 'auto' | 'ignore' | undefined
  /** Column to predict: as a category it becomes class numbers, and a row without a value in it is faulty. */
  label?: string | undefined
}

export interface ReadTable {
  table: Table
  /** Rows that were left out. */
  faultyRows: number
  /** The first of them, at most 1,000. */
  faults: readonly TableFault[]
  /** What else was noticed: names that were changed, an encoding that was guessed. */
  notes: readonly string[]
}

interface Target {
  at: number
  name: string
  isLabel: boolean
  writer: ColumnWriter
}

/**
 * The columns of a file by name: numbers and dates (days since 1970) as float32 with NaN for missing values,
 * categories and texts as text, empty where a value is missing; a category to predict as class numbers. Without `types` for all of its columns, a first pass
 * finds them out. Throws `data.empty`, and `data.invalid` for a file, or a column's name, that cannot be used.
 */
export async function readTable(
  file: TableFile,
  form: TableForm,
  options: ReadOptions = {},
): Promise<ReadTable> {
  const { types = new Map<string, ColumnType>(), others = 'auto', label } = options
  const profile = others === 'auto' ? await inspectTable(file, form, options) : undefined
  const guessed = new Map(profile?.columns.map(({ name, type }) => [name, type]))
  const typeOf = (name: string): ColumnType => types.get(name) ?? guessed.get(name) ?? 'ignore'

  const open = await openRows(file, form, options)
  const isMissing = missingTest(form.missing)
  const targets: Target[] = []
  let known = 0
  /** Line of each row. */
  const lines: number[] = []
  /** Columns of JSON turn up as rows name them: those before had none. */
  const meetNames = (): void => {
    for (; known < open.names.list.length; known++) {
      const name = open.names.list[known]!
      const type = typeOf(name)
      if (type === 'ignore') continue
      const isLabel = name === label
      const writer = columnWriter(name, type, { isLabel, decimal: form.decimal })
      for (let row = 0; row < lines.length; row++) writer.add(undefined)
      targets.push({ at: known, name, isLabel, writer })
    }
  }
  const faults: TableFault[] = []
  let faultyRows = 0
  const report = (fault: TableFault): void => {
    faultyRows++
    if (faults.length < MAX_FAULTS) faults.push(fault)
  }
  const cellOf = (row: Row, at: number): string | undefined => {
    const text = row.cells[at]?.trim() ?? ''
    return isMissing(text) ? undefined : text
  }
  for await (const batch of open.batches) {
    batch.faults.forEach(report)
    meetNames()
    for (const row of batch.rows) {
      const fault = faultOf(row, targets, cellOf, open)
      if (fault) report(fault)
      else {
        for (const { at, writer } of targets) writer.add(cellOf(row, at))
        lines.push(row.line)
      }
    }
  }
  checkNames(file.name, [...types.keys(), ...(label === undefined ? [] : [label])], open)
  checkRows(file.name, lines.length, faults, open)
  const columns = targets.map(({ name, writer }): [string, Column] => [name, writer.finish()])
  const origin = { source: file.name, unit: 'line', numbers: Int32Array.from(lines) } as const
  const table = { length: lines.length, columns: Object.fromEntries(columns), origin }
  return { table, faultyRows, faults, notes: profile?.notes ?? notesOf(open) }
}

function faultOf(
  row: Row,
  targets: readonly Target[],
  cellOf: (row: Row, at: number) => string | undefined,
  open: OpenRows,
): TableFault | undefined {
  const ragged = raggedProblem(row, open)
  if (ragged !== undefined) return raggedFault(row, ragged, open)
  const { line } = row
  for (const { at, name, isLabel, writer } of targets) {
    const text = cellOf(row, at)
    const problem = text === undefined ? (isLabel ? 'has no value' : undefined) : writer.check(text)
    if (problem !== undefined) return { line, column: name, problem, text: text ?? '' }
  }
  return undefined
}

function checkNames(file: string, names: readonly string[], { names: { list } }: OpenRows): void {
  const unknown = names.find((name) => !list.includes(name))
  if (unknown === undefined) return
  const some =
    list.length > 20 ? `${list.slice(0, 20).join(', ')} … (${list.length})` : list.join(', ')
  throw new EngineError({
    code: 'data.invalid',
    message: `${file} has no column ${unknown}; it has ${some}`,
    hint: 'names of columns are those of the first row, as written there',
  })
}
