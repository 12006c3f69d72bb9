// What a model takes, in the form the dataset gives it: for people who fill it in.
import { type InputForm, MAX_CLASSES, MAX_NAME, type PredictForm } from '#protocol'
import { type Column, type NumberColumn, selectRows, type Table } from '#sdk'

/** Prepared columns that only training needs. */
const TARGETS: ReadonlySet<string> = new Set(['labels'])
/** More columns than this are not tried one by one. */
const MAX_TRIED = 200
/** Characters of a text that is shown as an example. */
const MAX_EXAMPLE_TEXT = 500
/** Smallest side of what is taken for an image. */
const MIN_SIDE = 4

/** Row `at` of a table, as a table. */
export const rowOf = (table: Table, at: number): Table => selectRows(table, Int32Array.of(at))

/**
 * Names of the raw columns that a prediction needs: those that change more of a prepared row than its labels. Found
 * by trying: whatever preprocessing does, a target changes nothing else.
 */
export function inputNames(examples: Table, prepare: (row: Table) => Table): string[] {
  const names = Object.keys(examples.columns)
  if (names.length > MAX_TRIED) return names.filter((name) => !TARGETS.has(name))
  const first = rowOf(examples, 0)
  const plain = prepare(first)
  return names.filter((name) => {
    const other = otherValue(examples, name)
    // A column that is always the same cannot be judged by what it changes.
    if (!other) return !TARGETS.has(name)
    const changed = prepare({ ...first, columns: { ...first.columns, [name]: other } })
    const moved = Object.keys({ ...plain.columns, ...changed.columns }).filter(
      (key) => !isSame(plain.columns[key], changed.columns[key]),
    )
    return moved.some((key) => !TARGETS.has(key))
  })
}

/** The column of the first row whose value is another than that of row 0. */
function otherValue(examples: Table, name: string): Column | undefined {
  const first = rowOf(examples, 0).columns[name]
  for (let at = 1; at < examples.length; at++) {
    const other = rowOf(examples, at).columns[name]
    if (!isSame(first, other)) return other
  }
  return undefined
}

const isSame = (a: Column | undefined, b: Column | undefined): boolean =>
  a !== undefined &&
  b !== undefined &&
  a.data.length === b.data.length &&
  Array.from(a.data as ArrayLike<unknown>).every((value, i) => value === b.data[i])

/** How people give a value of the column; `known` are the texts that it may have. */
export function inputForm(name: string, column: Column, known?: readonly string[]): InputForm {
  if (column.type === 'text')
    return { name, kind: 'text', shape: [], ...(known && { classes: [...known] }) }
  const shape = [...column.shape]
  const classes = column.classes?.slice(0, MAX_CLASSES).map((each) => each.slice(0, MAX_NAME))
  if (shape.length > 0) return { name, kind: isImage(shape) ? 'image' : 'numbers', shape }
  return classes ? { name, kind: 'choice', shape, classes } : { name, kind: 'number', shape }
}

function isImage(shape: readonly number[]): boolean {
  const [height = 0, width = 0, channels = 1] = shape
  const isGrid = height >= MIN_SIDE && width >= MIN_SIDE
  return isGrid && (shape.length === 2 || (shape.length === 3 && [1, 3].includes(channels)))
}

/** The value of a column's only row, in the units of batches before preprocessing. */
export function valueOf(column: Column): PredictForm['examples'][number][string] {
  // Of a whole book the beginning will do.
  if (column.type === 'text') return column.data[0]!.slice(0, MAX_EXAMPLE_TEXT)
  const values = scaled(column)
  return column.shape.length === 0 ? values[0]! : values
}

function scaled({ data, dtype, scale }: NumberColumn): Float32Array<ArrayBuffer> {
  const factor = dtype === 'float32' ? (scale ?? 1) : 1
  return Float32Array.from(data, (value) => value * factor)
}
