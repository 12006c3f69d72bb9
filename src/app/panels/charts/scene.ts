// What a chart shows: its curves, what the axes span, what has no place on them, and the lines to stroke.
import type { Mark } from '../../store/run-marks.ts'
import type { Reference } from '../../store/run-slice.ts'
import type { Series } from '../../store/series.ts'
import { formatValue, plural } from '../../ui/format.ts'
import { placeText } from './axes.ts'
import type { Pin, Zoom } from './chart-state.ts'
import { type Curve, type CurveCache, firstAtLeast, placeOf, type XAxis } from './curve.ts'
import type { Stroke } from './line-layer.ts'
import type { PlacedMark, PlacedPin } from './overlays.ts'
import type { Range } from './polyline.ts'
import { xRange, yRange } from './ranges.ts'
import type { Palette } from './shapes.ts'

/** One metric of one run. */
export interface ChartLine {
  /** Unlike that of any other line. */
  readonly key: string
  readonly label: string
  /** Token of its colour. */
  readonly color: string
  /** Lines of one colour are told apart by it: an index into `DASHES`. */
  readonly dash: number
  readonly series: Series
  readonly stepsPerEpoch: number | undefined
  /** Its run is on. */
  readonly isLive: boolean
  readonly metric: string
  readonly run: string
}

export interface ChartSettings {
  readonly axis: XAxis
  readonly smoothing: number
  readonly isLogX: boolean
  readonly isLogY: boolean
  /** The y axis ends where outliers begin. */
  readonly isRobust: boolean
}

export interface ChartContent {
  /** Those that are not hidden. */
  readonly lines: readonly ChartLine[]
  readonly references: readonly Reference[]
  readonly marks: readonly Mark[]
  readonly pins: readonly Pin[]
  readonly settings: ChartSettings
  readonly zoom: Zoom | undefined
  /** Key of the line that stands out. */
  readonly highlighted: string | undefined
}

/** Dashes of lines of one colour, in CSS pixels. */
export const DASHES: readonly (readonly number[])[] = [[], [5, 4], [2, 3], [9, 4, 2, 4]]

export interface PlacedLine {
  readonly line: ChartLine
  readonly curve: Curve
  /** The column that is drawn as its line. */
  readonly values: Float64Array
}

export interface Scene {
  readonly content: ChartContent
  readonly lines: readonly PlacedLine[]
  /** All there is to see across, and the part in view. */
  readonly full: Range
  readonly x: Range
  readonly y: Range
  /** What is not drawn, and why. */
  readonly notes: readonly string[]
}

/** More lines than this are thin, and without the values behind an average. */
const FEW_LINES = 8

export function arrange(content: ChartContent, cache: CurveCache): Scene {
  const { settings, zoom, references } = content
  const { axis, smoothing, isLogX, isLogY, isRobust } = settings
  cache.keep(new Set(content.lines.map(({ key }) => key)))
  const lines = content.lines.map((line): PlacedLine => {
    const { stepsPerEpoch } = line
    const curve = cache.curve(line.key, line.series, { axis, stepsPerEpoch, smoothing })
    return { line, curve, values: curve.isSmoothed ? curve.smooth : curve.raw }
  })
  const full = xRange(
    lines.map(({ curve }) => curve),
    isLogX,
  )
  const x = zoom && (!isLogX || zoom[0] > 0) ? { min: zoom[0], max: zoom[1], isLog: isLogX } : full
  const behind = lines.filter(({ curve }) => hasBackdrop(curve, lines.length))
  const drawn = [...lines, ...behind.map(({ curve }) => ({ curve, values: curve.raw }))]
  const extra = references.map(({ value }) => value)
  const y = yRange(drawn, x, { isLog: isLogY, isRobust, extra })
  return { content, lines, full, x, y, notes: notesOf(lines, settings) }
}

const hasBackdrop = (curve: Curve, count: number): boolean => curve.isSmoothed && count <= FEW_LINES

function notesOf(lines: readonly PlacedLine[], { axis, isLogX, isLogY }: ChartSettings): string[] {
  let [unplaced, notFinite, notPositive, notAfter] = [0, 0, 0, 0]
  for (const { curve } of lines) {
    unplaced += curve.unplaced
    notFinite += curve.notFinite
    notPositive += curve.notPositive
    if (isLogX) notAfter += firstAtLeast(curve.x, curve.length, Number.MIN_VALUE)
  }
  const notes: string[] = []
  if (unplaced > 0) notes.push(`${plural(unplaced, 'point')} kept without ${axis}`)
  if (notFinite > 0) notes.push(`${plural(notFinite, 'value')} not finite`)
  if (isLogY && notPositive > 0)
    notes.push(`${plural(notPositive, 'value')} ≤ 0, off the log scale`)
  if (notAfter > 0) notes.push(`${plural(notAfter, 'point')} at ${axis} 0, off the log axis`)
  return notes
}

interface Strokes {
  /** Lines whose points don't change. */
  readonly settled: Stroke[]
  readonly live: Stroke[]
  /** The one that stands out, above the others. */
  readonly above: Stroke[]
}

/** The lines to stroke, on a canvas of `ratio` pixels to a CSS pixel. */
export function strokesOf({ lines, content }: Scene, palette: Palette, ratio: number): Strokes {
  const isFew = lines.length <= FEW_LINES
  const width = (isFew ? 1.75 : 1) * ratio
  const strokes: Strokes = { settled: [], live: [], above: [] }
  for (const { line, curve, values } of lines) {
    const list = line.isLive ? strokes.live : strokes.settled
    const color = palette(line.color)
    const dash = (DASHES[line.dash % DASHES.length] ?? []).map((length) => length * ratio)
    const base = { key: line.key, curve, values, color, width, alpha: 1, dash }
    const behind = { ...base, values: curve.raw, width: ratio, alpha: 0.28, dash: [] }
    if (hasBackdrop(curve, lines.length)) list.push(behind)
    list.push(base)
    if (line.key !== content.highlighted) continue
    if (curve.isSmoothed) strokes.above.push({ ...behind, alpha: 0.4 })
    strokes.above.push({ ...base, width: 2.5 * ratio })
  }
  return strokes
}

/** Marks of the run in front, where they stand on the axis. */
export function placeMarks({ lines, marks, settings: { axis } }: ChartContent): PlacedMark[] {
  const stepsPerEpoch = lines[0]?.stepsPerEpoch
  return marks.flatMap(({ step, time, kind, label }) => {
    if (axis === 'epoch' && !stepsPerEpoch) return []
    const x = axis === 'time' ? time / 1000 : axis === 'epoch' ? step / stepsPerEpoch! : step
    return [{ x, kind, label }]
  })
}

interface ChartPin extends PlacedPin {
  readonly name: string
  readonly pin: Pin
}

/** Pins of lines that are shown, with their words. */
export function placePins({ lines, pins, settings: { axis } }: ChartContent): ChartPin[] {
  return pins.flatMap((pin) => {
    const line = lines.find(({ key }) => key === pin.line)
    const at = line ? indexOfStep(line.series, pin.step) : -1
    if (!line || at < 0) return []
    const x = placeOf(line.series, at, { axis, stepsPerEpoch: line.stepsPerEpoch })
    const y = line.series.values[at]!
    const label = `${formatValue(y)} · ${placeText(axis, x)}`
    return [{ x, y, color: line.color, label, name: line.label, pin }]
  })
}

function indexOfStep({ steps, length }: Series, step: number): number {
  const at = firstAtLeast(steps, length, step)
  return at < length && steps[at] === step ? at : -1
}
