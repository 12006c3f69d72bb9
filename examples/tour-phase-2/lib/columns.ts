// Columns of numbers: reading them, adding some, and values over the last rows.
import { EngineError, type NumberColumn, type Table } from 'plugboard'

/** The values of a column of one number a row; `reader` is who asks. */
export function numbersOf({ columns }: Table, name: string, reader: string): Float64Array {
  const column = columns[name]
  if (column?.type === 'number' && column.shape.length === 0) return Float64Array.from(column.data)
  throw new EngineError({
    code: 'data.invalid',
    message: `${reader} reads the column '${name}' of one number a row; there are ${Object.keys(columns).join(', ')}`,
    hint: `name one of these columns in the settings of ${reader}`,
  })
}

export const columnOf = (values: ArrayLike<number>): NumberColumn => ({
  type: 'number',
  data: Float32Array.from(values),
  shape: [],
  dtype: 'float32',
})

/** The table with more columns, and without its first `skipped` rows: those that no window can fill. */
export function withColumns(
  table: Table,
  added: Readonly<Record<string, Float64Array>>,
  skipped: number,
): Table {
  const more = Object.entries(added).map(([name, values]) => [name, columnOf(values)] as const)
  const all = Object.entries({ ...table.columns, ...Object.fromEntries(more) })
  const kept = all.map(([name, { data, ...form }]) => {
    return [name, { ...form, data: data.slice((skipped * data.length) / table.length) }] as const
  })
  const length = Math.max(0, table.length - skipped)
  return { length, columns: Object.fromEntries(kept) as Table['columns'] }
}

/** `of` the last `size` values up to each one; NaN where there are not as many. */
export const rolling = (
  values: Float64Array,
  size: number,
  of: (window: Float64Array) => number,
): Float64Array =>
  values.map((_, row) => (row < size - 1 ? NaN : of(values.subarray(row - size + 1, row + 1))))

export const mean = (values: Float64Array): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/** Standard deviation of a sample: divided by n - 1. */
export function deviation(values: Float64Array): number {
  const middle = mean(values)
  return Math.sqrt(values.reduce((sum, x) => sum + (x - middle) ** 2, 0) / (values.length - 1))
}

export function median(values: Float64Array): number {
  const sorted = values.toSorted()
  const half = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2
}
