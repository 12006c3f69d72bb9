// Lines that are no curves: values to compare with, and marks of what happened at a step.
import type uPlot from 'uplot'
import type { Mark, Reference } from '../../store/run-slice.ts'

/** Values of tokens, as a canvas takes them. */
export type Palette = (token: string) => string

const FONT_PIXELS = 11

/** The page's font for text on a canvas that has `ratio` pixels to a CSS pixel. */
export const canvasFont = (palette: Palette, ratio: number): string =>
  `${FONT_PIXELS * ratio}px ${palette('--font-ui')}`

const MARK_COLORS = {
  swap: '--accent',
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
  for (const { label, value } of references) {
    const y = Math.round(valToPos(value, 'y', true))
    if (!(y >= bbox.top && y <= bbox.top + bbox.height)) continue
    ctx.beginPath()
    ctx.moveTo(bbox.left, y)
    ctx.lineTo(bbox.left + bbox.width, y)
    ctx.stroke()
    const isNearTop = y - bbox.top < 14 * ratio
    write(ctx, label, bbox.left + bbox.width - 2 * ratio, y + (isNearTop ? 12 : -4) * ratio)
  }
  ctx.restore()
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
