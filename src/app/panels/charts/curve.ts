// A line's points as the charts' settings place them: by step, epoch or time, and smoothed; only new points cost.
import type { Series } from '../../store/series.ts'

/** What the x axis counts. */
export type XAxis = 'step' | 'epoch' | 'time'

export interface CurveSettings {
  axis: XAxis
  /** Steps of an epoch, for a place within it; the epoch of a point is taken without. */
  stepsPerEpoch: number | undefined
  /** Weight of the past in the moving average, 0 ≤ s < 1; 0 for none. */
  smoothing: number
}

/** Columns in ascending order of `x`; only the first `length` entries count. Values may not be finite. */
export interface Curve {
  readonly length: number
  /** Steps, epochs or seconds. */
  readonly x: Float64Array
  readonly raw: Float64Array
  /** The same column as `raw` without smoothing. */
  readonly smooth: Float64Array
  /** Points whose place on the axis is not known. */
  readonly unplaced: number
  readonly notFinite: number
  readonly notPositive: number
  /** Whether an average is drawn in place of the values. */
  readonly isSmoothed: boolean
}

/** Curves shorter than this are drawn as they are: an average would only hide the few points. */
export const MIN_SMOOTHED = 8
const FIRST_CAPACITY = 256
const MS = 1000

/**
 * The curve of a series, kept between calls. The exponential moving average has weight `smoothing` on the past
 * and is divided by 1 - s^n, so that the first values are not pulled towards zero (Kingma and Ba, Adam,
 * section 3; as in TensorBoard and Weights & Biases). What is not finite is passed through and does not count.
 */
export class GrowingCurve implements Curve {
  length = 0
  x = new Float64Array(FIRST_CAPACITY)
  raw = new Float64Array(FIRST_CAPACITY)
  smooth = this.raw
  unplaced = 0
  notFinite = 0
  notPositive = 0
  /** Points of the series that were taken in, and the last of them. */
  #taken = 0
  #last: [step: number, value: number] = [NaN, NaN]
  #first = NaN
  #average = 0
  #weight = 1

  constructor(readonly settings: CurveSettings) {}

  /** Takes in what is new. Returns false, and takes nothing, where `series` is not the one before gone on. */
  follow(series: Series): boolean {
    if (!this.#continues(series)) return false
    for (let i = this.#taken; i < series.length; i++) this.#add(series, i)
    if (series.length > 0) {
      const last = series.length - 1
      this.#taken = series.length
      this.#first = series.steps[0]!
      this.#last = [series.steps[last]!, series.values[last]!]
    }
    return true
  }

  get isSmoothed(): boolean {
    return this.settings.smoothing > 0 && this.length >= MIN_SMOOTHED
  }

  #continues({ length, steps, values }: Series): boolean {
    if (this.#taken === 0) return true
    const at = this.#taken - 1
    return (
      length >= this.#taken &&
      steps[0] === this.#first &&
      steps[at] === this.#last[0] &&
      Object.is(values[at], this.#last[1])
    )
  }

  #add(series: Series, i: number): void {
    const place = placeOf(series, i, this.settings)
    if (!Number.isFinite(place)) {
      this.unplaced++
      return
    }
    const value = series.values[i]!
    if (this.length === this.x.length) this.#grow()
    const at = this.length++
    // Clocks may go back; an axis does not.
    this.x[at] = at === 0 ? place : Math.max(place, this.x[at - 1]!)
    this.raw[at] = value
    if (!Number.isFinite(value)) this.notFinite++
    else if (value <= 0) this.notPositive++
    const { smoothing } = this.settings
    if (smoothing === 0) return
    if (Number.isFinite(value)) {
      this.#average = smoothing * this.#average + (1 - smoothing) * value
      this.#weight *= smoothing
    }
    this.smooth[at] = Number.isFinite(value) ? this.#average / (1 - this.#weight) : value
  }

  #grow(): void {
    const isSmoothing = this.settings.smoothing > 0
    const grown = (column: Float64Array<ArrayBuffer>) => {
      const next = new Float64Array(2 * column.length)
      next.set(column)
      return next
    }
    this.x = grown(this.x)
    const smooth = isSmoothing ? grown(this.smooth) : undefined
    this.raw = grown(this.raw)
    this.smooth = smooth ?? this.raw
  }

  /** An empty curve for settings; smoothing has a column of its own. */
  static of(settings: CurveSettings): GrowingCurve {
    const curve = new GrowingCurve(settings)
    if (settings.smoothing > 0) curve.smooth = new Float64Array(FIRST_CAPACITY)
    return curve
  }
}

/** Where a point stands on the x axis; NaN where that is not known. */
export function placeOf(
  { steps, epochs, times }: Series,
  i: number,
  { axis, stepsPerEpoch }: Pick<CurveSettings, 'axis' | 'stepsPerEpoch'>,
): number {
  if (axis === 'time') return times[i]! / MS
  if (axis === 'epoch') return stepsPerEpoch ? steps[i]! / stepsPerEpoch : epochs[i]!
  return steps[i]!
}

/** Curves by line, each made anew only when its settings change. */
export class CurveCache {
  #curves = new Map<string, GrowingCurve>()

  curve(key: string, series: Series, settings: CurveSettings): GrowingCurve {
    const known = this.#curves.get(key)
    if (known && isSame(known.settings, settings) && known.follow(series)) return known
    const made = GrowingCurve.of(settings)
    made.follow(series)
    this.#curves.set(key, made)
    return made
  }

  /** Forgets all lines but these. */
  keep(keys: ReadonlySet<string>): void {
    for (const key of this.#curves.keys()) if (!keys.has(key)) this.#curves.delete(key)
  }
}

const isSame = (a: CurveSettings, b: CurveSettings): boolean =>
  a.axis === b.axis && a.stepsPerEpoch === b.stepsPerEpoch && a.smoothing === b.smoothing

/** Index of the first of the ascending `x[0…length)` that is not below `value`. */
export function firstAtLeast(x: Float64Array, length: number, value: number): number {
  let [low, high] = [0, length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (x[middle]! < value) low = middle + 1
    else high = middle
  }
  return low
}

/** Index of the point nearest to `value`; -1 for an empty curve. */
export function nearest({ x, length }: Pick<Curve, 'x' | 'length'>, value: number): number {
  const after = firstAtLeast(x, length, value)
  if (after === 0) return length === 0 ? -1 : 0
  if (after === length) return length - 1
  return value - x[after - 1]! <= x[after]! - value ? after - 1 : after
}
