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
const MIN_SMOOTHED = 8
const FIRST_CAPACITY = 256
const MS = 1000
/** Adds nothing to a value any more. Smaller numbers yet would cost ten times the time: they are not normal. */
const NO_WEIGHT = 1e-20

/**
 * The curve of a series, kept between calls. The exponential moving average has weight `smoothing` on the past
 * and is divided by 1 - s^n, so that the first values are not pulled towards zero (Kingma and Ba, Adam,
 * section 3; as in TensorBoard and Weights & Biases). What is not finite is passed through and does not count.
 */
export class GrowingCurve implements Curve {
  length = 0
  x = new Float64Array(0)
  raw = this.x
  smooth = this.x
  unplaced = 0
  notFinite = 0
  notPositive = 0
  #settings: CurveSettings
  /** Points of the series that were taken in, and the ends of those. */
  #taken = 0
  #first = NaN
  #last: [step: number, value: number] = [NaN, NaN]
  /** Points that the average has taken in, its state and the weight that is still on nothing. */
  #smoothed = 0
  #average = 0
  #weight = 1

  constructor(settings: CurveSettings) {
    this.#settings = settings
  }

  get isSmoothed(): boolean {
    return this.#settings.smoothing > 0 && this.length >= MIN_SMOOTHED
  }

  /**
   * Takes in what is new of a series, and another smoothing. Returns false, and takes nothing, where the series is
   * not the one before gone on, or the axis another.
   */
  follow(series: Series, settings: CurveSettings): boolean {
    const { axis, stepsPerEpoch, smoothing } = this.#settings
    if (axis !== settings.axis || stepsPerEpoch !== settings.stepsPerEpoch) return false
    if (!this.#continues(series)) return false
    if (settings.smoothing !== smoothing) {
      // A column of its own: who holds the one before still has it.
      this.smooth = settings.smoothing > 0 ? new Float64Array(this.x.length) : this.raw
      ;[this.#smoothed, this.#average, this.#weight] = [0, 0, 1]
    }
    this.#settings = settings
    if (series.length > this.#taken) this.#take(series)
    if (settings.smoothing > 0) this.#smoothNew(settings.smoothing)
    return true
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

  /** The loops over points keep to local variables: a chart may have half a million. */
  #take(series: Series): void {
    this.#reserve(this.length + series.length - this.#taken)
    const { x, raw } = this
    const { values } = series
    const [places, unit] = placesOf(series, this.#settings)
    let { length } = this
    for (let i = this.#taken; i < series.length; i++) {
      const place = places[i]! / unit
      const value = values[i]!
      if (!(Math.abs(place) < Infinity)) {
        this.unplaced++
        continue
      }
      // Clocks may go back; an axis does not.
      x[length] = length > 0 && place < x[length - 1]! ? x[length - 1]! : place
      raw[length++] = value
      if (!(Math.abs(value) < Infinity)) this.notFinite++
      else if (value <= 0) this.notPositive++
    }
    this.length = length
    this.#taken = series.length
    this.#first = series.steps[0]!
    this.#last = [series.steps[series.length - 1]!, values[series.length - 1]!]
  }

  #smoothNew(smoothing: number): void {
    const { raw, smooth, length } = this
    let [average, weight] = [this.#average, this.#weight]
    for (let i = this.#smoothed; i < length; i++) {
      const value = raw[i]!
      if (Math.abs(value) < Infinity) {
        average = smoothing * average + (1 - smoothing) * value
        weight = weight < NO_WEIGHT ? 0 : weight * smoothing
        smooth[i] = average / (1 - weight)
      } else smooth[i] = value
    }
    ;[this.#smoothed, this.#average, this.#weight] = [length, average, weight]
  }

  #reserve(length: number): void {
    if (length <= this.x.length) return
    const capacity = this.x.length === 0 ? Math.max(length, FIRST_CAPACITY) : 2 * length
    const grown = (column: Float64Array<ArrayBuffer>) => {
      const next = new Float64Array(capacity)
      next.set(column)
      return next
    }
    const isSmoothing = this.#settings.smoothing > 0
    this.x = grown(this.x)
    this.raw = grown(this.raw)
    this.smooth = isSmoothing ? grown(this.smooth) : this.raw
  }
}

/** The column of a series that the axis counts, and how many of it make one on the axis. */
function placesOf(
  { steps, epochs, times }: Series,
  { axis, stepsPerEpoch }: Pick<CurveSettings, 'axis' | 'stepsPerEpoch'>,
): [places: Float64Array, unit: number] {
  if (axis === 'time') return [times, MS]
  if (axis === 'epoch') return stepsPerEpoch ? [steps, stepsPerEpoch] : [epochs, 1]
  return [steps, 1]
}

/** Where a point stands on the x axis; NaN where that is not known. */
export function placeOf(
  series: Series,
  i: number,
  settings: Pick<CurveSettings, 'axis' | 'stepsPerEpoch'>,
): number {
  const [places, unit] = placesOf(series, settings)
  return places[i]! / unit
}

/** Curves by line, each made anew only for another axis or another series. */
export class CurveCache {
  #curves = new Map<string, GrowingCurve>()

  curve(key: string, series: Series, settings: CurveSettings): GrowingCurve {
    const known = this.#curves.get(key)
    if (known?.follow(series, settings)) return known
    const made = new GrowingCurve(settings)
    made.follow(series, settings)
    this.#curves.set(key, made)
    return made
  }

  /** Forgets all lines but these. */
  keep(keys: ReadonlySet<string>): void {
    for (const key of this.#curves.keys()) if (!keys.has(key)) this.#curves.delete(key)
  }
}

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
