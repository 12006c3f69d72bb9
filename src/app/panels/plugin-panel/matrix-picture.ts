// How a heat map is laid out and drawn.
import { formatValue } from '../../ui/format.ts'
import type { Matrices, Matrix } from './content-types.ts'
import type { PictureSource } from './picture.tsx'
import type { Surface } from './surface.ts'

const MAX_CELL = 44
/** Pixels of a letter, about. */
const LETTER = 6.2
const MAX_LABEL = 84
/** Cells smaller than these have no label of their own, no number in them. */
const LABEL_CELL = 9
const VALUE_CELL = 26
const GAP = 6

export interface MatrixLayout {
  /** Of the first cell. */
  left: number
  top: number
  /** Edge of a cell. */
  cell: number
  isTurned: boolean
}

/** Where the cells of a matrix lie in a picture of this width. */
export function layoutOf({ rows, columns }: Matrix, width: number): MatrixLayout {
  const longest = (labels: readonly string[]) =>
    Math.min(MAX_LABEL, LETTER * labels.reduce((most, it) => Math.max(most, it.length), 0))
  const left = Math.ceil(longest(rows)) + GAP
  const cell = Math.max(1, Math.min(MAX_CELL, (width - left) / Math.max(1, columns.length)))
  const across = longest(columns)
  const isTurned = across + 4 > cell
  const top = Math.ceil(isTurned ? across : 12) + GAP
  return { left, top, cell, isTurned }
}

export function matrixSource(
  matrix: Matrix,
  { rowsAre, columnsAre, range }: Pick<Matrices, 'rowsAre' | 'columnsAre' | 'range'>,
): PictureSource {
  const { rows, columns, values } = matrix
  const [low, high] = range ?? rangeOf(values)
  const share = (value: number): number => (high > low ? (value - low) / (high - low) : 0)
  const named = (what: string | undefined, name: string) =>
    what === undefined ? name : `${what} ${name}`
  return {
    height(width) {
      const { top, cell } = layoutOf(matrix, width)
      return Math.ceil(top + rows.length * cell) + 1
    },
    draw: (surface, pointed) => draw(surface, matrix, share, pointed),
    at(x, y, width) {
      const { left, top, cell } = layoutOf(matrix, width)
      const [column, row] = [Math.floor((x - left) / cell), Math.floor((y - top) / cell)]
      const isInside = column >= 0 && row >= 0 && column < columns.length && row < rows.length
      return isInside ? row * columns.length + column : undefined
    },
    next(part, key) {
      const across = columns.length
      const [row, column] = [Math.floor(part / across), part % across]
      const to = {
        ArrowLeft: [row, Math.max(0, column - 1)],
        ArrowRight: [row, Math.min(across - 1, column + 1)],
        ArrowUp: [Math.max(0, row - 1), column],
        ArrowDown: [Math.min(rows.length - 1, row + 1), column],
      }[key] as [number, number]
      return to[0] * across + to[1]
    },
    describe(part) {
      const row = rows[Math.floor(part / columns.length)]
      const column = columns[part % columns.length]
      if (row === undefined || column === undefined) return ''
      return `${named(rowsAre, row)}, ${named(columnsAre, column)}: ${formatValue(values[part]!)}`
    },
  }
}

function rangeOf(values: Float32Array): [number, number] {
  let [low, high] = [0, 0]
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  return [low, high]
}

function draw(
  { context, width, palette }: Surface,
  matrix: Matrix,
  share: (value: number) => number,
  pointed: number | undefined,
): void {
  const { rows, columns, values } = matrix
  const { left, top, cell, isTurned } = layoutOf(matrix, width)
  const gap = cell > 6 ? 1 : 0
  values.forEach((value, part) => {
    if (Number.isNaN(value)) return
    const x = left + (part % columns.length) * cell
    const y = top + Math.floor(part / columns.length) * cell
    const part01 = share(value)
    context.fillStyle = palette.ramp(part01)
    context.fillRect(x, y, cell - gap, cell - gap)
    if (cell < VALUE_CELL) return
    const text = formatValue(value)
    if (text.length * LETTER > cell) return
    context.fillStyle = part01 > 0.45 ? palette.bg : palette.fg
    context.textAlign = 'center'
    context.textBaseline = 'middle'
    context.fillText(text, x + cell / 2, y + cell / 2)
  })
  context.fillStyle = palette.muted
  context.textBaseline = 'middle'
  const every = Math.max(1, Math.ceil(LABEL_CELL / cell))
  rows.forEach((label, i) => {
    if (i % every !== 0) return
    context.textAlign = 'right'
    context.fillText(label, left - GAP, top + (i + 0.5) * cell, MAX_LABEL)
  })
  columns.forEach((label, i) => {
    if (i % every !== 0) return
    context.save()
    context.translate(left + (i + 0.5) * cell, top - GAP)
    if (isTurned) context.rotate(-Math.PI / 2)
    context.textAlign = isTurned ? 'left' : 'center'
    context.fillText(label, 0, isTurned ? 0 : -4, MAX_LABEL)
    context.restore()
  })
  if (pointed === undefined) return
  context.strokeStyle = palette.fg
  context.lineWidth = 2
  const [x, y] = [pointed % columns.length, Math.floor(pointed / columns.length)]
  context.strokeRect(left + x * cell, top + y * cell, cell - gap, cell - gap)
}
