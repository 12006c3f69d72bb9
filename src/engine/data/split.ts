// Splits a table into training and validation rows.
import { type Column, EngineError, type Random, type Splits, type Table } from '#sdk'
import { rowSize } from './check.ts'

function selectColumn(column: Column, rows: Int32Array): Column {
  if (column.type === 'text')
    return { ...column, data: Array.from(rows, (row) => column.data[row]!) }
  const size = rowSize(column.shape)
  const data = new (column.data.constructor as Float32ArrayConstructor)(rows.length * size)
  rows.forEach((row, i) => data.set(column.data.subarray(row * size, (row + 1) * size), i * size))
  return { ...column, data }
}

/** A table of the given rows, copied. */
export function selectRows(table: Table, rows: Int32Array): Table {
  const columns = Object.entries(table.columns).map(
    ([name, column]) => [name, selectColumn(column, rows)] as const,
  )
  return { length: rows.length, columns: Object.fromEntries(columns) }
}

/**
 * Holds back `share` of the rows, drawn by `random`, at least one. Rows keep their order within a split,
 * so the same seed gives the same tables.
 */
export function splitRows(table: Table, share: number, random: Random): Required<Splits> {
  const held = Math.max(1, Math.round(table.length * share))
  if (held >= table.length) {
    throw new EngineError({
      code: 'data.empty',
      message: `the dataset has ${table.length} ${table.length === 1 ? 'row' : 'rows'}; holding back ${held} for validation leaves none to train on`,
      hint: 'load more rows, lower experiment.validation_split, or let the dataset bring a validation table',
    })
  }
  const order = random.permutation(table.length)
  return {
    train: selectRows(table, order.slice(held).sort()),
    validation: selectRows(table, order.slice(0, held).sort()),
  }
}
