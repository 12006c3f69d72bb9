// A chart with its legend: the plot follows the data once per frame, the legend follows the crosshair.
import { useEffect, useMemo, useRef, useState } from 'react'
import type { Mark } from '../../store/run-marks.ts'
import type { Reference } from '../../store/run-slice.ts'
import { lastPoint, type Series } from '../../store/series.ts'
import { useTheme } from '../../shell/theme.ts'
import { formatValue } from '../../ui/format.ts'
import { createPlot, type Line, type Plot } from './plot.ts'
import { reduce, smooth } from './smoothing.ts'

export interface ChartLine {
  key: string
  label: string
  /** Token of its colour. */
  color: string
  series: Series
  isDashed: boolean
}

interface ChartProps {
  title: string
  lines: readonly ChartLine[]
  references: readonly Reference[]
  marks: readonly Mark[]
  smoothing: number
  isLogScale: boolean
}

/** Curves shorter than this are drawn as they are: an average would only hide the few points. */
const MIN_SMOOTHED = 8
const POINTS_PER_PIXEL = 2

export function Chart({ title, lines, references, marks, smoothing, isLogScale }: ChartProps) {
  const theme = useTheme()
  const [element, setElement] = useState<HTMLDivElement | null>(null)
  const plot = useRef<Plot>(undefined)
  const [cursor, setCursor] = useState<number>()

  useEffect(() => {
    if (!element) return
    const created = createPlot(element, setCursor)
    plot.current = created
    const observer = new ResizeObserver(([entry]) => created.resize(entry!.contentRect.width))
    observer.observe(element)
    return () => {
      observer.disconnect()
      created.dispose()
      plot.current = undefined
    }
    // The theme's colours are on the canvas: another theme, another plot.
  }, [element, theme])

  useEffect(() => {
    const frame = requestAnimationFrame(() => {
      const limit = Math.max(200, (element?.clientWidth ?? 400) * POINTS_PER_PIXEL)
      const drawn = lines.flatMap((line) => drawnLines(line, smoothing, limit))
      plot.current?.update({ lines: drawn, references, marks, isLogScale })
    })
    return () => cancelAnimationFrame(frame)
  }, [element, theme, lines, references, marks, smoothing, isLogScale])

  const summary = useMemo(() => summarize(title, lines, references), [title, lines, references])
  return (
    <figure className="chart">
      <figcaption className="chart-caption">
        <span className="chart-title">{title}</span>
        <span className="chart-legend">
          {lines.map((line) => (
            <LegendItem key={line.key} line={line} cursor={cursor} />
          ))}
        </span>
        <span className="visually-hidden">{summary}</span>
      </figcaption>
      <div ref={setElement} className="chart-plot" aria-hidden="true" />
    </figure>
  )
}

function drawnLines(line: ChartLine, smoothing: number, limit: number): Line[] {
  const { label, color, isDashed, series } = line
  const base = { color, isDashed }
  const raw = { ...base, label, curve: reduce(smooth(series, 0), limit), isBackdrop: false }
  if (smoothing === 0 || series.length < MIN_SMOOTHED) return [raw]
  const curve = reduce(smooth(series, smoothing), limit)
  return [
    { ...raw, isBackdrop: true },
    { ...base, label: `${label}, smoothed`, curve, isBackdrop: false },
  ]
}

function LegendItem({ line, cursor }: { line: ChartLine; cursor: number | undefined }) {
  const value = cursor === undefined ? lastPoint(line.series)?.value : valueAt(line.series, cursor)
  return (
    <span className="legend-item">
      <span
        className="legend-swatch"
        data-dashed={line.isDashed || undefined}
        style={{ color: `var(${line.color})` }}
        aria-hidden="true"
      />
      {line.label}
      <span className="legend-value numeric">{value === undefined ? '–' : formatValue(value)}</span>
    </span>
  )
}

/** Value of the last point at or before `step`. */
function valueAt({ length, steps, values }: Series, step: number): number | undefined {
  let [low, high] = [0, length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (steps[middle]! <= step) low = middle + 1
    else high = middle
  }
  return low === 0 ? undefined : values[low - 1]
}

function summarize(
  title: string,
  lines: readonly ChartLine[],
  references: readonly Reference[],
): string {
  const parts = lines.map(({ label, series }) => {
    const last = lastPoint(series)
    if (!last) return `${label}: no points yet`
    let lowest = Infinity
    let highest = -Infinity
    for (let i = 0; i < series.length; i++) {
      lowest = Math.min(lowest, series.values[i]!)
      highest = Math.max(highest, series.values[i]!)
    }
    return `${label}: ${series.length} points, ${formatValue(last.value)} at step ${last.step}, between ${formatValue(lowest)} and ${formatValue(highest)}`
  })
  const compared = references.map(({ label, value }) => `${label} is ${formatValue(value)}`)
  return `Line chart of ${title} by step. ${[...parts, ...compared].join('. ')}.`
}
