// Lines that stand still, kept as a picture: drawn in parts over several frames, stretched until the new one is done.
import { type Curve } from './curve.ts'
import { polyline, type View, xPixel, yPixel } from './polyline.ts'
import { paintCurve } from './shapes.ts'

/** A line as it is stroked. */
export interface Stroke {
  readonly key: string
  readonly curve: Curve
  readonly values: Float64Array
  /** A colour of CSS. */
  readonly color: string
  /** In pixels of the canvas. */
  readonly width: number
  readonly alpha: number
  readonly dash: readonly number[]
}

interface Picture {
  canvas: HTMLCanvasElement
  view: View
  key: string
  /** Lines that are on it. */
  done: number
  strokes: readonly Stroke[]
}

export class LineLayer {
  #shown: Picture | undefined
  #next: Picture | undefined

  /**
   * Works on the picture of `strokes` until the deadline, one line at least. Returns true while it is not done.
   * A picture that was begun for the view before is ended first, so that a view that keeps moving is followed.
   */
  prepare(strokes: readonly Stroke[], view: View, deadline: number): boolean {
    if (strokes.length === 0) {
      this.#shown = this.#next = undefined
      return false
    }
    const key = keyOf(strokes, view)
    while (this.#shown?.key !== key) {
      if (!this.#next || !isStretchable(this.#next.view, view)) {
        if (this.#shown && !isStretchable(this.#shown.view, view)) this.#shown = undefined
        this.#next = begin(strokes, view, key, this.#next)
      }
      const next = this.#next
      while (next.done < next.strokes.length) {
        const context = next.canvas.getContext('2d')!
        strokeLine(context, next.strokes[next.done++]!, next.view)
        if (performance.now() >= deadline && next.done < next.strokes.length) return true
      }
      const free = this.#shown
      this.#shown = next
      this.#next = undefined
      if (free && this.#shown.key !== key) this.#next = begin(strokes, view, key, free)
      if (performance.now() >= deadline) return this.#shown.key !== key
    }
    return false
  }

  /** Paints what there is, in its place in `view`. */
  paint(context: CanvasRenderingContext2D, view: View): void {
    const picture = this.#shown ?? this.#next
    if (!picture) return
    const { x, y } = picture.view
    const left = xPixel(view, x.min)
    const right = xPixel(view, x.max)
    const top = yPixel(view, y.max)
    const bottom = yPixel(view, y.min)
    context.drawImage(picture.canvas, left, top, right - left, bottom - top)
  }
}

/** Pictures of the same kind of scales are the same, but for place and size. */
const isStretchable = (from: View, to: View): boolean =>
  from.x.isLog === to.x.isLog && from.y.isLog === to.y.isLog

const keyOf = (strokes: readonly Stroke[], { x, y, width, height }: View): string =>
  [
    x.min,
    x.max,
    x.isLog,
    y.min,
    y.max,
    y.isLog,
    width,
    height,
    ...strokes.map(
      ({ key, curve, values, color, width: w, dash }) =>
        `${key} ${curve.length} ${values === curve.raw} ${identity(values)} ${color} ${w} ${dash.join()}`,
    ),
  ].join('\n')

const identities = new WeakMap<Float64Array, number>()
let count = 0
/** A number for a column: another smoothing has another. */
function identity(column: Float64Array): number {
  const known = identities.get(column)
  if (known !== undefined) return known
  identities.set(column, ++count)
  return count
}

function begin(strokes: readonly Stroke[], view: View, key: string, free?: Picture): Picture {
  const canvas = free?.canvas ?? document.createElement('canvas')
  const [width, height] = [Math.ceil(view.width), Math.ceil(view.height)]
  if (canvas.width === width && canvas.height === height)
    canvas.getContext('2d')!.clearRect(0, 0, width, height)
  else Object.assign(canvas, { width, height })
  return { canvas, view: { ...view, left: 0, top: 0 }, key, done: 0, strokes }
}

/** Strokes the part of a line that is in view. */
export function strokeLine(context: CanvasRenderingContext2D, stroke: Stroke, view: View): void {
  const { curve, values } = stroke
  paintCurve(context, { ...stroke, points: polyline(curve.x, values, curve.length, view) })
}
