// Reads columns of tables by name, with errors that say what there is.
import type { NumberColumn, Table, TextColumn } from './data.ts'
import { EngineError } from './errors.ts'

/** Values in one row of a column of this shape: 1 for `[]`. */
export const rowSize = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)

const missing = (reader: string, wanted: string, name: string, { columns }: Table): EngineError => {
  const there = Object.entries(columns).map(([each, { type }]) => `${each} (${type})`)
  return new EngineError({
    code: 'data.invalid',
    message: `${reader} reads the ${wanted} '${name}'; there are ${there.join(', ') || 'no columns'}`,
    hint: `name a ${wanted} in the settings of ${reader}`,
  })
}

/** The column of numbers `name`. Throws `data.invalid` where it is missing or of text; `reader` is who asks. */
export function numbersIn(table: Table, name: string, reader: string): NumberColumn {
  const column = table.columns[name]
  if (column?.type === 'number') return column
  throw missing(reader, 'column of numbers', name, table)
}

/** The column with every value changed, its scale applied before. `place` is where in its row a value stands, from 0. */
export function mapNumbers(
  { scale = 1, ...column }: NumberColumn,
  change: (value: number, place: number) => number,
): NumberColumn {
  const size = rowSize(column.shape)
  const data = Float32Array.from(column.data, (value, i) => change(value * scale, i % size))
  return { ...column, data, dtype: 'float32' }
}

/** The column of text `name`. Throws `data.invalid` where it is missing or of numbers; `reader` is who asks. */
export function textsIn(table: Table, name: string, reader: string): TextColumn {
  const column = table.columns[name]
  if (column?.type === 'text') return column
  throw missing(reader, 'column of text', name, table)
}

/** Values of a column of one number a row, scaled. Throws `data.invalid` where a row has another shape. */
export function seriesIn(table: Table, name: string, reader: string): Float64Array {
  const { data, shape, scale = 1 } = numbersIn(table, name, reader)
  if (shape.length === 0) return Float64Array.from(data, (value) => value * scale)
  throw new EngineError({
    code: 'data.invalid',
    message: `${reader} reads one number a row of the column '${name}', whose rows have the shape [${shape.join(', ')}]`,
    hint: `name a column of one number a row in the settings of ${reader}`,
  })
}
