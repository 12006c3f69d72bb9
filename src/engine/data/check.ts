// Checks of tables: form, equal lengths, numbers that are numbers, ids within their limit.
import { type Column, EngineError, type NumberColumn, placeOfRow, rowSize, type Table } from '#sdk'

const invalid = (message: string, hint: string): EngineError =>
  new EngineError({ code: 'data.invalid', message, hint })

export function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && 'columns' in value && 'length' in value
}

/** Why a column is none, or undefined. Authors may give anything, whatever the types say. */
function misformed(column: Column): string | undefined {
  const { type, data } = column
  if (type === 'text') return Array.isArray(data) ? undefined : 'must have a list of texts as data'
  if (type !== 'number') return `has the type ${String(type)}, but must be of type number or text`
  const isTyped = [Float32Array, Int32Array, Uint8Array].some((each) => data instanceof each)
  if (!isTyped) return 'must have a Float32Array, Int32Array or Uint8Array as data'
  return Array.isArray(column.shape) ? undefined : 'must have a shape: [] for one number a row'
}

/**
 * Refuses what is no table, has no rows, or has columns that are malformed or of unequal length. `subject`
 * names it in messages.
 */
export function checkTable(table: unknown, subject: string): asserts table is Table {
  if (!isTable(table))
    throw invalid(`${subject} are no table`, 'return { length, columns }, columns by name')
  if (table.length === 0) {
    throw new EngineError({
      code: 'data.empty',
      message: `${subject} have no rows`,
      hint: 'check what the dataset loads and how large the validation split is',
    })
  }
  for (const [name, column] of Object.entries(table.columns)) {
    const problem = misformed(column)
    if (problem !== undefined)
      throw invalid(`column ${name} of ${subject} ${problem}`, 'see NumberColumn and TextColumn')
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

/** What a value is of, in words: `column age`; of more values a row `column features[2]`, or as it was called. */
export function placeInRow(name: string, { shape, names }: NumberColumn, i: number): string {
  const size = rowSize(shape)
  let rest = i % size
  if (names?.[rest] !== undefined) return `column ${names[rest]} (joined to ${name})`
  if (shape.length === 0) return `column ${name}`
  const indices = shape.toReversed().map((length) => {
    const index = rest % length
    rest = (rest - index) / length
    return index
  })
  return `column ${name}[${indices.reverse().join(', ')}]`
}

/**
 * Refuses a value that a batch cannot carry, naming column and row. One pass over the data. `raw` are the rows before
 * they were prepared.
 */
export function checkValues(table: Table, name: string, subject: string, raw?: Table): void {
  const column = table.columns[name]
  if (column?.type !== 'number') return
  const { data, limit, shape, names } = column
  // Bytes and integers without a limit hold nothing else.
  if (limit === undefined && !(data instanceof Float32Array)) return
  for (let i = 0; i < data.length; i++) {
    const problem = fault(data[i]!, column)
    if (problem === undefined) continue
    const size = rowSize(shape)
    const row = Math.floor(i / size)
    const place = `${placeInRow(name, column, i)} of ${subject}, ${placeOfRow(table, row)}`
    const was = raw && valueIn(raw, names?.[i % size] ?? name, table.origin?.numbers[row])
    const isMade = was !== undefined && was !== data[i] && Number.isFinite(was)
    throw invalid(
      `${place}: ${data[i]} ${problem}${isMade ? `; the dataset has ${was}, preprocessing made it so` : ''}`,
      isMade
        ? 'correct the preprocessor, or the value that it cannot take'
        : Number.isNaN(data[i])
          ? 'fill gaps with the preprocessor `impute` before others read them, or leave the column or the row out in the dataset'
          : 'correct the row, or drop it in the dataset or a preprocessor',
    )
  }
}

/** Value of a column of one number a row, in the row of this number. */
function valueIn({ columns, origin }: Table, name: string, number?: number): number | undefined {
  const column = columns[name]
  if (column?.type !== 'number' || column.shape.length > 0 || number === undefined) return undefined
  const { data, scale = 1 } = column
  const value = data[origin?.numbers.indexOf(number) ?? -1]
  return value === undefined ? undefined : value * scale
}
