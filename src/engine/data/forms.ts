// Prepared tables: number columns only, of the same form on both sides.
import { type ColumnSpec, EngineError, type Table } from '#sdk'
import { checkValues } from './check.ts'

/** The number columns of a table, each checked. `raw` are the rows before they were prepared. */
export function numbersOf(table: Table, subject: string, raw?: Table): Table {
  const entries = Object.entries(table.columns)
  const columns: Table['columns'] = {}
  for (const [name, column] of entries) {
    if (column.type !== 'number') continue
    checkValues(table, name, subject, raw)
    columns[name] = column
  }
  if (Object.keys(columns).length === 0) {
    throw new EngineError({
      code: 'data.invalid',
      message: `${subject} have no number column (columns: ${entries.map(([name]) => name).join(', ') || 'none'})`,
      hint: 'turn text into numbers: name a tokenizer and a step under experiment.preprocess',
    })
  }
  return { ...table, columns }
}

/** Forms of the number columns. */
export function specsOf(table: Table): Record<string, ColumnSpec> {
  const specs: Record<string, ColumnSpec> = {}
  for (const [name, column] of Object.entries(table.columns)) {
    if (column.type !== 'number') continue
    const { shape, dtype, limit, classes } = column
    specs[name] = {
      shape,
      dtype,
      ...(limit === undefined ? {} : { limit }),
      ...(classes === undefined ? {} : { classes }),
    }
  }
  return specs
}

const formOf = (spec: ColumnSpec | undefined): string =>
  spec
    ? `${spec.dtype} [${spec.shape.join(', ')}]${spec.limit === undefined ? '' : ` below ${spec.limit}`}`
    : 'missing'

/** Refuses tables whose batches would differ in form. `subject` names the other table. */
export function checkSameForm(
  train: Record<string, ColumnSpec>,
  others: Record<string, ColumnSpec>,
  subject: string,
): void {
  for (const name of new Set([...Object.keys(train), ...Object.keys(others)])) {
    const [expected, found] = [formOf(train[name]), formOf(others[name])]
    if (expected === found) continue
    throw new EngineError({
      code: 'data.invalid',
      message: `column ${name} is ${expected} in the training rows, but ${found} in ${subject}`,
      hint: 'let dataset and preprocessors give both tables the same columns, fitted on the training rows',
    })
  }
}
