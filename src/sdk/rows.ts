// Rows of tables: picking them, and naming them as their author knows them.
import { rowSize } from './columns.ts'
import type { Column, Table } from './data.ts'

function selectColumn(column: Column, rows: Int32Array): Column {
  if (column.type === 'text')
    return { ...column, data: Array.from(rows, (row) => column.data[row]!) }
  const size = rowSize(column.shape)
  const data = new (column.data.constructor as Float32ArrayConstructor)(rows.length * size)
  rows.forEach((row, i) => data.set(column.data.subarray(row * size, (row + 1) * size), i * size))
  return { ...column, data }
}

/** A table of the given rows, in this order, copied; messages still know where they come from. */
export function selectRows({ columns, origin }: Table, rows: Int32Array): Table {
  const selected = Object.entries(columns).map(
    ([name, column]) => [name, selectColumn(column, rows)] as const,
  )
  const numbers = origin && rows.map((row) => origin.numbers[row]!)
  return {
    length: rows.length,
    columns: Object.fromEntries(selected),
    ...(origin && numbers && { origin: { ...origin, numbers } }),
  }
}

/** A row in words: `line 12 of data/iris.csv`, `row 17 of dataset spirals (the first is 0)`. */
export function placeOfRow({ origin }: Pick<Table, 'origin'>, row: number): string {
  if (!origin) return `row ${row} (the first is 0)`
  const { source, unit, numbers } = origin
  return `${unit} ${numbers[row]} of ${source}${unit === 'row' ? ' (the first is 0)' : ''}`
}
