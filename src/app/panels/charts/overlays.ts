// Lines that are no curves: values to compare with, and marks of what happened at a step.
import type uPlot from 'uplot'
import type { Mark } from '../../store/run-marks.ts'
import type { Reference } from '../../store/run-slice.ts'

/** Values of tokens, as a canvas takes them. */
export type Palette = (token: string) => string

const FONT_PIXELS = 11

/** The page's font for text on a canvas that has `ratio` pixels to a CSS pixel. */
export const canvasFont = (palette: Palette, ratio: number): string =>
  `${FONT_PIXELS * ratio}px ${palette('--font-ui')}`

const MARK_COLORS = {
  swap: '--accent',
  plugin: '--fg-muted',
  failure: '--danger',
  stop: '--warning',
} satisfies Record<Mark['kind'], string>

/** Writes words that can be read over curves: with a rim of the background's colour. */
const writer =
  (palette: Palette) =>
  (ctx: CanvasRenderingContext2D, text: string, x: number, y: number): void => {
    ctx.save()
    ctx.setLineDash([])
    ctx.lineWidth = 3 * devicePixelRatio
    ctx.lineJoin = 'round'
    ctx.strokeStyle = palette('--bg')
    ctx.strokeText(text, x, y)
    ctx.restore()
    ctx.fillText(text, x, y)
  }

/** Horizontal dashed lines with their names at the right, above the line. */
export function drawReferences(
  { ctx, bbox, valToPos }: uPlot,
  references: readonly Reference[],
  palette: Palette,
): void {
  const ratio = devicePixelRatio
  ctx.save()
  ctx.setLineDash([4 * ratio, 4 * ratio])
  ctx.lineWidth = ratio
  ctx.font = canvasFont(palette, ratio)
  ctx.textAlign = 'right'
  ctx.textBaseline = 'alphabetic'
  ctx.strokeStyle = ctx.fillStyle = palette('--fg-muted')
  const write = writer(palette)
  const lines = references
    .map(({ label, value }) => ({ label, y: Math.round(valToPos(value, 'y', true)) }))
    .filter(({ y }) => y >= bbox.top && y <= bbox.top + bbox.height)
    .toSorted((a, b) => a.y - b.y)
  for (const { y } of lines) {
    ctx.beginPath()
    ctx.moveTo(bbox.left, y)
    ctx.lineTo(bbox.left + bbox.width, y)
    ctx.stroke()
  }
  const heights = lines.map(({ y }) => (y - bbox.top) / ratio)
  for (const [index, baseline] of labelBaselines(heights).entries())
    write(ctx, lines[index]!.label, bbox.left + bbox.width - 2 * ratio, bbox.top + baseline * ratio)
  ctx.restore()
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

/** Vertical lines with a flag; words only where they don't run into each other. */
export function drawMarks(
  { ctx, bbox, valToPos, scales }: uPlot,
  marks: readonly Mark[],
  palette: Palette,
): void {
  const ratio = devicePixelRatio
  const { min, max } = scales['x']!
  ctx.save()
  ctx.lineWidth = ratio
  ctx.font = canvasFont(palette, ratio)
  ctx.textAlign = 'left'
  ctx.textBaseline = 'alphabetic'
  const write = writer(palette)
  let freeFrom = -Infinity
  for (const { kind, step, label } of marks) {
    if (min === undefined || max === undefined || min === null || max === null) break
    if (step < min || step > max) continue
    const x = Math.round(valToPos(step, 'x', true))
    ctx.strokeStyle = ctx.fillStyle = palette(MARK_COLORS[kind])
    ctx.setLineDash([2 * ratio, 3 * ratio])
    ctx.beginPath()
    ctx.moveTo(x, bbox.top)
    ctx.lineTo(x, bbox.top + bbox.height)
    ctx.stroke()
    ctx.beginPath()
    ctx.moveTo(x - 4 * ratio, bbox.top)
    ctx.lineTo(x + 4 * ratio, bbox.top)
    ctx.lineTo(x, bbox.top + 6 * ratio)
    ctx.fill()
    const width = ctx.measureText(label).width
    const isAtEdge = x + 6 * ratio + width > bbox.left + bbox.width
    const left = isAtEdge ? x - 6 * ratio - width : x + 6 * ratio
    if (left < Math.max(freeFrom, bbox.left)) continue
    write(ctx, label, left, bbox.top + bbox.height - 5 * ratio)
    freeFrom = left + width + 8 * ratio
  }
  ctx.restore()
}
