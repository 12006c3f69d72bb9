// Are the values of a column such as the loss can take: class numbers below the number of classes?
import {
  EngineError,
  type NumberColumn,
  placeOfRow,
  rowSize,
  type Table,
  type ValueRange,
} from '#sdk'
import { placeInRow } from './check.ts'

/** Who needs a range, for example `loss cross_entropy for logits [32, 10]`. */
interface Need {
  range: ValueRange
  needer: string
}

/**
 * Holds the values of a column that its mask keeps against a range. Throws 'data.invalid' for the first one
 * beyond it, naming the row. Returns a warning when all rows have the same value. `subject` names the table.
 */
export function checkRange(
  table: Table,
  name: string,
  { range, needer }: Need,
  subject: string,
): string | undefined {
  const { columns, length } = table
  const column = columns[name]
  if (column?.type !== 'number') return undefined
  const { data, scale = 1 } = column
  const kept = maskOf(columns, column, range.mask)
  const { min, max, isWhole = false } = range
  // Values were held against the column's own limit when the rows were prepared.
  const isKnown = column.limit !== undefined && min <= 0 && column.limit - 1 <= max
  let first: number | undefined
  let isVaried = false
  for (let i = 0; i < data.length; i++) {
    if (kept && kept[i] === 0) continue
    const value = data[i]! * scale
    if (!(value >= min && value <= max) || (isWhole && !Number.isInteger(value))) {
      const row = Math.floor(i / rowSize(column.shape))
      const place = `${placeInRow(name, column, i)} of ${subject}, ${placeOfRow(table, row)}`
      throw beyond(place, value, { range, needer })
    }
    first ??= value
    isVaried ||= value !== first
    if (isKnown && isVaried) break
  }
  if (isVaried || first === undefined || length < 2) return undefined
  const known = column.classes?.[first]
  const label = known === undefined ? String(first) : `${first} (${known})`
  return `column ${name} of ${subject} is ${label} in all ${length} rows: there is nothing to tell it from`
}

/** Values of the column's own mask, of that of the labels, or else of attention, where it has one for each of the column's. */
function maskOf(columns: Table['columns'], { shape, data }: NumberColumn, own?: string) {
  for (const name of own === undefined ? ['labels_mask', 'attention_mask'] : [own]) {
    const mask = columns[name]
    const isFit = mask?.type === 'number' && mask.data.length === data.length
    if (isFit && mask.shape.join() === shape.join()) return mask.data
  }
  return undefined
}

function beyond(place: string, value: number, { range, needer }: Need): EngineError {
  const { min, max, isWhole } = range
  return new EngineError({
    code: 'data.invalid',
    message: `${place}: ${value} is not a ${isWhole ? 'whole number' : 'number'} from ${min} to ${max}, as ${needer} needs it`,
    hint: isWhole
      ? 'correct the row, drop it in the dataset or a preprocessor, or give the model as many classes as there are'
      : 'correct the row, bring the column into the range with a preprocessor, or choose another loss',
  })
}
