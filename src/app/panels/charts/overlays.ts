// Lines that are no curves: values to compare with, marks of what happened, points that were pinned.
import type { Mark } from '../../store/run-marks.ts'
import type { Reference } from '../../store/run-slice.ts'
import { type View, xPixel, yPixel } from './polyline.ts'
import type { Palette, Shape } from './shapes.ts'

/** A mark with its place on the x axis. */
export interface PlacedMark {
  readonly x: number
  readonly kind: Mark['kind']
  readonly label: string
}

/** A pinned point with its place and words. */
export interface PlacedPin {
  readonly x: number
  readonly y: number
  readonly label: string
  /** Token of its line's colour. */
  readonly color: string
}

/** Width of a text in CSS pixels. */
export type Measure = (text: string) => number

const MARK_COLORS = {
  swap: '--accent',
  plugin: '--fg-muted',
  failure: '--danger',
  stop: '--warning',
} satisfies Record<Mark['kind'], string>

/** Horizontal dashed lines with their names at the right, above the line. */
export function referenceShapes(
  references: readonly Reference[],
  view: View,
  palette: Palette,
): Shape[] {
  const { left, top, width, height } = view
  const color = palette('--fg-muted')
  const lines = references
    .map(({ label, value }) => ({ label, y: Math.round(yPixel(view, value)) }))
    .filter(({ y }) => y >= top && y <= top + height)
    .toSorted((a, b) => a.y - b.y)
  const baselines = labelBaselines(lines.map(({ y }) => y - top))
  return lines.flatMap(({ label, y }, i): Shape[] => [
    {
      kind: 'line',
      points: [
        [left, y],
        [left + width, y],
      ],
      color,
      width: 1,
      dash: [4, 4],
    },
    {
      kind: 'text',
      x: left + width - 2,
      y: top + baselines[i]!,
      text: label,
      color,
      align: 'right',
      rim: palette('--bg'),
    },
  ])
}

/** Height of a label, and its distance from the line it belongs to, in pixels. */
const LABEL_HEIGHT = 11
const LABEL_GAP = 3

/**
 * Where labels of horizontal lines stand: above the line, below it where that is taken or outside.
 * @param heights pixels from the top of the plot, ascending
 * @returns a baseline for each, in the same pixels
 */
export function labelBaselines(heights: readonly number[]): number[] {
  let taken = 0
  return heights.map((y) => {
    const above = y - LABEL_GAP
    const isFree = above - LABEL_HEIGHT >= taken
    taken = isFree ? above : Math.max(taken, y + LABEL_GAP - 1) + LABEL_HEIGHT
    return isFree ? above - 1 : taken - 1
  })
}

/** Rows at the bottom that words of marks may stand in. */
const MARK_ROWS = 3
const MARK_ROW_HEIGHT = 13

/** Vertical lines with a flag; their words where there is room for them, in a few rows. */
export function markShapes(
  marks: readonly PlacedMark[],
  view: View,
  palette: Palette,
  measure: Measure,
): Shape[] {
  const { left, top, width, height } = view
  const shown = marks
    .filter(({ x }) => x >= view.x.min && x <= view.x.max)
    .map((mark) => ({ ...mark, px: Math.round(xPixel(view, mark.x)) }))
    .filter(({ px }) => Number.isFinite(px))
  const freeFrom = Array<number>(MARK_ROWS).fill(left)
  const shapes: Shape[] = []
  for (const { px, kind, label } of shown) {
    const color = palette(MARK_COLORS[kind])
    shapes.push({
      kind: 'line',
      points: [
        [px, top],
        [px, top + height],
      ],
      color,
      width: 1,
      dash: [2, 3],
    })
    shapes.push({
      kind: 'area',
      points: [
        [px - 4, top],
        [px + 4, top],
        [px, top + 6],
      ],
      color,
    })
    const length = measure(label)
    const isAtEdge = px + 6 + length > left + width
    const begin = isAtEdge ? px - 6 - length : px + 6
    const row = freeFrom.findIndex((free) => begin >= free)
    if (row < 0) continue
    freeFrom[row] = begin + length + 8
    const y = top + height - 5 - row * MARK_ROW_HEIGHT
    shapes.push({
      kind: 'text',
      x: begin,
      y,
      text: label,
      color,
      align: 'left',
      rim: palette('--bg'),
    })
  }
  return shapes
}

/** Dots with their words beside them. */
export function pinShapes(
  pins: readonly PlacedPin[],
  view: View,
  palette: Palette,
  measure: Measure,
): Shape[] {
  const { left, top, width, height } = view
  return pins.flatMap(({ x, y, label, color }): Shape[] => {
    const [px, py] = [xPixel(view, x), yPixel(view, y)]
    const isInside = px >= left && px <= left + width && py >= top && py <= top + height
    if (!isInside) return []
    const isAtEdge = px + 8 + measure(label) > left + width
    return [
      { kind: 'dot', x: px, y: py, radius: 4, color: palette(color), rim: palette('--bg') },
      {
        kind: 'text',
        x: isAtEdge ? px - 8 : px + 8,
        y: py < top + 16 ? py + 14 : py - 6,
        text: label,
        color: palette('--fg'),
        align: isAtEdge ? 'right' : 'left',
        rim: palette('--bg'),
        isBold: true,
      },
    ]
  })
}
