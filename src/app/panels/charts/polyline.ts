// A curve on the screen: its part in view, reduced to what pixels can show, without losing a peak.
import { firstAtLeast } from './curve.ts'

/** Ranges in view, and the rectangle of pixels they fill. */
export interface View {
  readonly x: Range
  readonly y: Range
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

export interface Range {
  readonly min: number
  readonly max: number
  readonly isLog: boolean
}

/** Farthest that a line may pass from a point left out, in pixels. */
const TOLERANCE = 0.25

const placed = (value: number, isLog: boolean): number => (isLog ? Math.log10(value) : value)

/** Pixels of a value across the view; not finite for what a log scale has no place for. */
export function xPixel({ x, left, width }: View, value: number): number {
  const [low, high] = [placed(x.min, x.isLog), placed(x.max, x.isLog)]
  return left + ((placed(value, x.isLog) - low) / (high - low)) * width
}

/** Pixels of a value from the top. */
export function yPixel({ y, top, height }: View, value: number): number {
  const [low, high] = [placed(y.min, y.isLog), placed(y.max, y.isLog)]
  return top + height - ((placed(value, y.isLog) - low) / (high - low)) * height
}

/**
 * The line through points, as x, y, x, y … in pixels; a pair of NaN is a gap. Of many points in one column of
 * pixels the lowest and the highest stay, in their order; then points go that lie on the line between others.
 * @param x ascending, `length` entries; `values` belong to them
 */
export function polyline(
  x: Float64Array,
  values: Float64Array,
  length: number,
  view: View,
): Float64Array {
  // One point beyond each end: the line leaves the view where it should.
  const from = Math.max(0, firstAtLeast(x, length, view.x.min) - 1)
  const to = Math.min(length, firstAtLeast(x, length, view.x.max) + 1)
  const pen = new Pen(4 * Math.min(to - from, Math.ceil(view.width) + 4) + 8)
  const xs = linear(view.x, view.left, view.width)
  const ys = linear(view.y, view.top + view.height, -view.height)
  let column = NaN
  /** Extremes of the column, and which came first. */
  let [lowX, low, highX, high, isLowFirst, count] = [0, 0, 0, 0, true, 0]
  const flush = () => {
    if (count === 0) return
    if (isLowFirst) pen.to(lowX, low)
    else pen.to(highX, high)
    if (count > 1 && low !== high)
      if (isLowFirst) pen.to(highX, high)
      else pen.to(lowX, low)
    count = 0
  }
  for (let i = from; i < to; i++) {
    const px = xs.offset + xs.scale * (view.x.isLog ? Math.log10(x[i]!) : x[i]!)
    const py = ys.offset + ys.scale * (view.y.isLog ? Math.log10(values[i]!) : values[i]!)
    if (!Number.isFinite(px)) continue
    if (!Number.isFinite(py)) {
      flush()
      pen.lift()
      continue
    }
    const here = Math.floor(px)
    if (count === 0 || here !== column) {
      flush()
      column = here
      ;[lowX, low, highX, high, isLowFirst, count] = [px, py, px, py, true, 1]
      continue
    }
    count++
    if (py < low) [lowX, low, isLowFirst] = [px, py, false]
    else if (py > high) [highX, high, isLowFirst] = [px, py, true]
  }
  flush()
  return pen.end()
}

function linear({ min, max, isLog }: Range, start: number, length: number) {
  const [low, high] = [placed(min, isLog), placed(max, isLog)]
  const scale = length / (high - low)
  return { scale, offset: start - low * scale }
}

/** Gathers points; one between two others is left out while a line from the one to the other passes close by it. */
class Pen {
  #points: Float64Array
  #length = 0
  /** The last point kept, the one that may still be left out, and the slopes that pass close by those left out. */
  #kept: [number, number] | undefined
  #pending: [number, number] | undefined
  #low = -Infinity
  #high = Infinity

  constructor(capacity: number) {
    this.#points = new Float64Array(capacity)
  }

  to(x: number, y: number): void {
    const kept = this.#kept
    if (!kept) {
      this.#keep(x, y)
      return
    }
    const width = x - kept[0]
    const slope = (y - kept[1]) / width
    const pending = this.#pending
    if (pending && !(width > 0 && slope >= this.#low && slope <= this.#high)) {
      this.#keep(pending[0], pending[1])
      this.to(x, y)
      return
    }
    this.#pending = [x, y]
    this.#low = Math.max(this.#low, (y - TOLERANCE - kept[1]) / width)
    this.#high = Math.min(this.#high, (y + TOLERANCE - kept[1]) / width)
    if (width <= 0) [this.#low, this.#high] = [Infinity, -Infinity]
  }

  lift(): void {
    if (this.#pending) this.#keep(this.#pending[0], this.#pending[1])
    if (!this.#kept) return
    this.#write(NaN, NaN)
    this.#kept = this.#pending = undefined
  }

  end(): Float64Array {
    if (this.#pending) this.#keep(this.#pending[0], this.#pending[1])
    return this.#points.subarray(0, this.#length)
  }

  #keep(x: number, y: number): void {
    this.#write(x, y)
    this.#kept = [x, y]
    this.#pending = undefined
    ;[this.#low, this.#high] = [-Infinity, Infinity]
  }

  #write(x: number, y: number): void {
    if (this.#length + 2 > this.#points.length) {
      const next = new Float64Array(2 * this.#points.length + 2)
      next.set(this.#points)
      this.#points = next
    }
    this.#points[this.#length++] = x
    this.#points[this.#length++] = y
  }
}
