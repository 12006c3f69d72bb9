// A plane to draw in: where its values lie, and around them a frame with ticks, a faint grid and names.
import { formatY } from '../charts/axes.ts'
import type { Surface } from './surface.ts'

export type Extent = readonly [low: number, high: number]

export interface Plane {
  x(value: number): number
  y(value: number): number
  /** Below all else. */
  drawGrid(surface: Surface): void
  /** Above all else. */
  drawFrame(surface: Surface): void
}

interface Names {
  xLabel?: string | undefined
  yLabel?: string | undefined
}

/** Room for the values of the ticks. */
const LEFT = 44
const BELOW = 20
const MARGIN = 10
const NAME = 16
/** Pixels from tick to tick, at least. */
const ACROSS = 64
const UP = 36
/** Share of a step by which rounding may miss a tick. */
const SLACK = 1e-9

/** Extent of the data: the given one, else that of the values with a little room around. */
export function extentOf(values: Float32Array, given?: Extent): Extent {
  if (given) return given
  let [low, high] = [Infinity, -Infinity]
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  if (!(low <= high)) return [0, 1]
  const room = (high - low) * 0.05 || 1
  return [low - room, high + room]
}

/** Round values within an extent, at most about `most`: 1, 2 or 5 times a power of ten apart. */
export function ticksIn([low, high]: Extent, most: number): number[] {
  const least = (high - low) / Math.max(1, most)
  const power = 10 ** Math.floor(Math.log10(least))
  const step = [1, 2, 5, 10].map((by) => by * power).find((by) => by >= least)!
  const [first, last] = [Math.ceil(low / step - SLACK), Math.floor(high / step + SLACK)]
  // Multiples of the step have no sums of rounding errors.
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  )
}

export function planeOf(
  width: number,
  height: number,
  across: Extent,
  up: Extent,
  { xLabel, yLabel }: Names,
): Plane {
  const top = yLabel === undefined ? MARGIN : MARGIN + NAME
  const [right, bottom] = [width - MARGIN, height - BELOW - (xLabel === undefined ? 0 : NAME)]
  const x = (value: number): number =>
    LEFT + ((value - across[0]) / (across[1] - across[0])) * (right - LEFT)
  const y = (value: number): number =>
    top + (1 - (value - up[0]) / (up[1] - up[0])) * (bottom - top)
  const xTicks = ticksIn(across, (right - LEFT) / ACROSS)
  const yTicks = ticksIn(up, (bottom - top) / UP)
  return {
    x,
    y,
    drawGrid({ context, palette }) {
      context.strokeStyle = palette.border
      context.lineWidth = 1
      context.beginPath()
      for (const at of xTicks) {
        context.moveTo(Math.round(x(at)) + 0.5, top)
        context.lineTo(Math.round(x(at)) + 0.5, bottom)
      }
      for (const at of yTicks) {
        context.moveTo(LEFT, Math.round(y(at)) + 0.5)
        context.lineTo(right, Math.round(y(at)) + 0.5)
      }
      context.stroke()
    },
    drawFrame({ context, palette }) {
      context.strokeStyle = palette.border
      context.lineWidth = 1
      context.strokeRect(LEFT + 0.5, top + 0.5, right - LEFT - 1, bottom - top - 1)
      context.fillStyle = palette.muted
      context.textBaseline = 'middle'
      context.textAlign = 'center'
      for (const at of xTicks) context.fillText(formatY(at), x(at), bottom + BELOW / 2)
      if (xLabel !== undefined)
        context.fillText(xLabel, (LEFT + right) / 2, height - NAME / 2, right - LEFT)
      context.textAlign = 'right'
      for (const at of yTicks) context.fillText(formatY(at), LEFT - 6, y(at), LEFT - 8)
      context.textAlign = 'left'
      if (yLabel !== undefined) context.fillText(yLabel, LEFT, top - NAME / 2, right - LEFT)
    },
  }
}
