// What the axes span: all points, or those in view; outliers may be left outside.
import { type Curve, firstAtLeast } from './curve.ts'
import type { Range } from './polyline.ts'

/** Values looked at for quantiles: enough to tell a few outliers from the rest. */
const SAMPLES = 20_000
/** Share at each end that outliers may be. */
const TAIL = 0.02
/** Air around values, as a share of their span. */
const AIR = 0.07
/** Values closer than this share of their size are the same. */
const ROUNDING = 1e-9

/** A curve with the column of it that is drawn. */
export interface Drawn {
  curve: Curve
  values: Float64Array
}

/** From the first to the last point of all curves; on a log axis from the first above 0. */
export function xRange(curves: readonly Curve[], isLog: boolean): Range {
  let [min, max] = [Infinity, -Infinity]
  for (const { x, length } of curves) {
    const first = isLog ? firstAtLeast(x, length, Number.MIN_VALUE) : 0
    if (first >= length) continue
    min = Math.min(min, x[first]!)
    max = Math.max(max, x[length - 1]!)
  }
  if (min > max) return isLog ? { min: 1, max: 10, isLog } : { min: 0, max: 1, isLog }
  if (min === max) return { min, max: isLog ? min * 10 : min + 1, isLog }
  return { min, max, isLog }
}

interface YOptions {
  isLog: boolean
  /** A few values far from the others don't stretch the axis. */
  isRobust: boolean
  /** Values that must be in view as well. */
  extra: readonly number[]
}

/** The values of the points within `x`, with a little air. */
export function yRange(drawn: readonly Drawn[], x: Range, options: YOptions): Range {
  const { isLog, isRobust, extra } = options
  const fits = (value: number) => Number.isFinite(value) && (!isLog || value > 0)
  const ends = isRobust ? quantiles(drawn, x, fits) : extremes(drawn, x, isLog)
  const values = [...ends, ...extra].filter(fits)
  if (values.length === 0) return isLog ? { min: 0.1, max: 1, isLog } : { min: 0, max: 1, isLog }
  const [min, max] = [Math.min(...values), Math.max(...values)]
  if (isLog) {
    // Whole decades would be too coarse.
    const air = max === min ? 2 : Math.max(1.05, (max / min) ** AIR)
    return { min: min / air, max: max * air, isLog }
  }
  const size = Math.max(Math.abs(min), Math.abs(max))
  // What differs by rounding alone, as averages of one value do, is flat: no ticks would fit in between.
  const air = max - min <= size * ROUNDING ? size * 0.1 || 1 : (max - min) * AIR
  return { min: min >= 0 ? Math.max(0, min - air) : min - air, max: max + air, isLog }
}

const extremes = (drawn: readonly Drawn[], x: Range, isLog: boolean): number[] =>
  drawn.flatMap((it) => extremesOf(it, x, isLog))

interface Known {
  readonly key: string
  readonly low: number
  readonly high: number
}
/** Of columns, for the part last in view: most lines stand still while one grows. */
const known = new WeakMap<Float64Array, Known>()

function extremesOf({ curve, values }: Drawn, x: Range, isLog: boolean): [number, number] {
  const key = `${curve.length} ${x.min} ${x.max} ${isLog}`
  const before = known.get(values)
  if (before?.key === key) return [before.low, before.high]
  let [low, high] = [Infinity, -Infinity]
  const least = isLog ? 0 : -Infinity
  const [from, to] = within(curve, x)
  for (let i = from; i < to; i++) {
    const value = values[i]!
    if (value < low && value > least) low = value
    if (value > high && value < Infinity) high = value
  }
  known.set(values, { key, low, high })
  return [low, high]
}

function quantiles(drawn: readonly Drawn[], x: Range, fits: (value: number) => boolean): number[] {
  const spans = drawn.map((it) => ({ ...it, span: within(it.curve, x) }))
  const total = spans.reduce((sum, { span: [from, to] }) => sum + to - from, 0)
  const stride = Math.max(1, Math.ceil(total / SAMPLES))
  const sample: number[] = []
  for (const { values, span } of spans) {
    const [from, to] = span
    for (let i = from; i < to; i += stride) if (fits(values[i]!)) sample.push(values[i]!)
  }
  const sorted = Float64Array.from(sample).sort()
  if (sorted.length === 0) return []
  const last = sorted.length - 1
  return [sorted[Math.floor(TAIL * last)]!, sorted[Math.ceil((1 - TAIL) * last)]!]
}

/** Points in view; the nearest one when it lies between two. */
function within({ x, length }: Curve, { min, max }: Range): [from: number, to: number] {
  const from = firstAtLeast(x, length, min)
  let to = firstAtLeast(x, length, max)
  while (to < length && x[to] === max) to++
  return from === to ? [Math.max(0, from - 1), Math.min(length, to + 1)] : [from, to]
}
