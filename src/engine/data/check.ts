// Checks of tables: equal lengths, numbers that are numbers, ids within their limit.
import { EngineError, type NumberColumn, type Table } from '#sdk'

/** Values in one row of a column. */
export const rowSize = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)

const invalid = (message: string, hint: string): EngineError =>
  new EngineError({ code: 'data.invalid', message, hint })

/** Refuses a table without rows or with columns of unequal length. `subject` names it in messages. */
export function checkTable(table: Table, subject: string): void {
  if (table.length === 0) {
    throw new EngineError({
      code: 'data.empty',
      message: `${subject} have no rows`,
      hint: 'check what the dataset loads and how large the validation split is',
    })
  }
  for (const [name, column] of Object.entries(table.columns)) {
    const size = column.type === 'number' ? rowSize(column.shape) : 1
    if (column.data.length !== table.length * size) {
      const rows = column.data.length / size
      throw invalid(
        `column ${name} of ${subject} has ${rows} rows, but the table has ${table.length}`,
        `give every column the same number of rows${size === 1 ? '' : `; one row of ${name} has ${size} values`}`,
      )
    }
  }
}

/** Why `value` cannot be in `column`, or undefined. */
function fault(value: number, { dtype, limit }: NumberColumn): string | undefined {
  if (!Number.isFinite(value)) return 'is not a finite number'
  if (limit !== undefined && (value < 0 || value >= limit || !Number.isInteger(value)))
    return `is not a whole number from 0 to ${limit - 1}`
  if (dtype === 'int32' && !Number.isInteger(value)) return 'is not a whole number'
  return undefined
}

/** Refuses a value that a batch cannot carry, naming column and row. One pass over the data. */
export function checkValues(name: string, column: NumberColumn, subject: string): void {
  const { data, limit } = column
  // Bytes and integers without a limit hold nothing else.
  if (limit === undefined && !(data instanceof Float32Array)) return
  for (let i = 0; i < data.length; i++) {
    const problem = fault(data[i]!, column)
    if (problem !== undefined) {
      const row = Math.floor(i / rowSize(column.shape))
      throw invalid(
        `column ${name} of ${subject}, row ${row} (the first is 0): ${data[i]} ${problem}`,
        'correct the row, or drop it in the dataset or a preprocessor',
      )
    }
  }
}
