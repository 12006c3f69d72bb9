// The point nearest to the pointer, with its line, value and place in words.
import { formatValue } from '../../ui/format.ts'
import { placeText } from './axes.ts'
import { nearest } from './curve.ts'
import { type View, xPixel, yPixel } from './polyline.ts'
import type { ChartLine, PlacedLine, Scene } from './scene.ts'
import type { Palette } from './shapes.ts'

export interface NearPoint {
  readonly line: ChartLine
  readonly step: number
  /** On the x axis. */
  readonly x: number
  readonly value: number
  /** As drawn, when that is an average. */
  readonly smoothed: number | undefined
}

/** Farthest from the pointer, in pixels up or down. */
const REACH = 60

/** The point of a line that is nearest to a place on the x axis. */
export function pointOf({ line, curve }: PlacedLine, x: number): NearPoint | undefined {
  const at = nearest(curve, x)
  if (at < 0) return undefined
  return {
    line,
    // Points without a place are of a part before, and come first.
    step: line.series.steps[at + curve.unplaced]!,
    x: curve.x[at]!,
    value: curve.raw[at]!,
    smoothed: curve.isSmoothed ? curve.smooth[at]! : undefined,
  }
}

/** Of the lines' points at `left` the one whose line is nearest to `top`, if any is near. */
export function nearestPoint(
  scene: Scene,
  view: View,
  left: number,
  top: number,
): NearPoint | undefined {
  const share = left / view.width
  const { min, max, isLog } = view.x
  const x = isLog ? min * (max / min) ** share : min + share * (max - min)
  let best: NearPoint | undefined
  let distance = REACH
  for (const placed of scene.lines) {
    const point = pointOf(placed, x)
    if (!point) continue
    const far = Math.abs(yPixel(view, point.smoothed ?? point.value) - top)
    if (far < distance) [best, distance] = [point, far]
  }
  return best
}

export function createReadout() {
  const element = document.createElement('div')
  element.className = 'chart-readout'
  element.hidden = true
  const dot = document.createElement('div')
  dot.className = 'chart-readout-dot'
  const words = document.createElement('div')
  words.className = 'chart-readout-words'
  const [name, value, place] = ['strong', 'span', 'span'].map((tag) => document.createElement(tag))
  words.append(name!, value!, place!)
  element.append(dot, words)

  return {
    element,
    show(point: NearPoint | undefined, { content }: Scene, view: View, palette: Palette): void {
      element.hidden = point === undefined
      if (!point) return
      const { smoothed } = point
      const left = xPixel(view, point.x)
      const top = yPixel(view, smoothed ?? point.value)
      dot.style.transform = `translate(${left}px, ${top}px)`
      dot.style.background = palette(point.line.color)
      const isRight = left > view.width / 2
      words.style.transform = isRight
        ? `translate(calc(${left - 10}px - 100%), 0)`
        : `translate(${left + 10}px, 0)`
      name!.textContent = point.line.label
      value!.textContent =
        smoothed === undefined
          ? formatValue(point.value)
          : `${formatValue(smoothed)}, unsmoothed ${formatValue(point.value)}`
      place!.textContent = placeText(content.settings.axis, point.x)
    },
  }
}
