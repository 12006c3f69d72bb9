// What people filled in, as a row of the dataset.
import type { InputForm } from '#protocol'
import { type Column, EngineError, type NumberColumn, rowSize, type Table } from '#sdk'

/**
 * A row with the given values; columns that a prediction does not need keep those of `example`. Throws
 * `data.invalid` for a value that is missing or of another form.
 */
export function tableOf(
  values: Readonly<Record<string, unknown>>,
  inputs: readonly InputForm[],
  example: Table,
): Table {
  const names = inputs.map(({ name }) => name)
  const unknown = Object.keys(values).find((name) => !names.includes(name))
  if (unknown !== undefined)
    throw refuse(`the model takes no input ${unknown}; it takes ${names.join(', ')}`)
  const columns = { ...example.columns }
  for (const { name } of inputs) columns[name] = fill(name, example.columns[name]!, values[name])
  return { length: 1, columns }
}

const refuse = (message: string): EngineError =>
  new EngineError({
    code: 'data.invalid',
    message,
    hint: 'predictForm() says what the model takes, with examples',
  })

function fill(name: string, column: Column, value: unknown): Column {
  if (value === undefined) throw refuse(`input ${name} is missing`)
  if (column.type === 'text') {
    if (typeof value === 'string') return { ...column, data: [value] }
    throw refuse(`input ${name} is a text, but was given ${nounOf(value)}`)
  }
  const numbers = numbersOf(value)
  const size = rowSize(column.shape)
  const wanted =
    column.shape.length === 0 ? 'a number' : `${size} numbers [${column.shape.join(', ')}]`
  if (numbers?.length !== size)
    throw refuse(`input ${name} is ${wanted}, but was given ${nounOf(value)}`)
  const wrong = numbers.find((it) => fault(it, column))
  if (wrong !== undefined) throw refuse(`input ${name} cannot be ${wrong}: ${limitsOf(column)}`)
  // Values come in the units of batches: the scale of bytes is done with.
  const { scale: _, ...form } = column
  const data = column.dtype === 'int32' ? Int32Array.from(numbers) : Float32Array.from(numbers)
  return { ...form, data }
}

function fault(value: number, { dtype, limit }: NumberColumn): boolean {
  if (!Number.isFinite(value)) return true
  if (limit !== undefined && (value < 0 || value >= limit)) return true
  return dtype === 'int32' && !Number.isInteger(value)
}

const limitsOf = ({ dtype, limit }: NumberColumn): string =>
  limit === undefined
    ? `it is a ${dtype === 'int32' ? 'whole' : 'finite'} number`
    : `it is a whole number from 0 to ${limit - 1}`

function numbersOf(value: unknown): readonly number[] | undefined {
  if (typeof value === 'number') return [value]
  if (!Array.isArray(value) && !(value instanceof Float32Array)) return undefined
  const values: unknown[] = Array.from(value as ArrayLike<unknown>)
  return values.every((it) => typeof it === 'number') ? values : undefined
}

function nounOf(value: unknown): string {
  if (typeof value === 'string') return 'a text'
  if (typeof value === 'number') return String(value)
  const length = (value as ArrayLike<unknown> | null)?.length
  return length === undefined ? String(value) : `${length} values`
}
