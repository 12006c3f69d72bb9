// One uPlot: curves, reference lines and event marks on a canvas, in the colours of the theme.
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import type { Mark } from '../../store/run-marks.ts'
import type { Reference } from '../../store/run-slice.ts'
import { formatValue } from '../../ui/format.ts'
import type { Curve } from './smoothing.ts'
import { canvasFont, drawMarks, drawReferences, type Palette } from './overlays.ts'

/** A curve as it is drawn; its colour is the name of a token, such as `--series-1`. */
export interface Line {
  label: string
  color: string
  curve: Curve
  /** Faint: the values behind a smoothed curve. */
  isBackdrop: boolean
  isDashed: boolean
}

export interface PlotContent {
  lines: readonly Line[]
  references: readonly Reference[]
  marks: readonly Mark[]
  isLogScale: boolean
}

export interface Plot {
  update(content: PlotContent): void
  resize(width: number): void
  dispose(): void
}

const HEIGHT = 170
/** Cursors of all charts move together. */
const SYNC_KEY = 'steps'
const MIN_ZOOM_PIXELS = 6
/** Distances between ticks of the step axis: whole steps. */
const STEP_TICKS = Array.from({ length: 8 }, (_, n) => [1, 2, 5].map((k) => k * 10 ** n)).flat()

/**
 * Draws into `element`. `onCursor` gets the step under the crosshair, `undefined` when it left. Lines can
 * change their data at any time; when their number or look changes, the plot is built anew.
 */
export function createPlot(
  element: HTMLElement,
  onCursor: (step: number | undefined) => void,
): Plot {
  const style = getComputedStyle(document.documentElement)
  const palette: Palette = (token) => style.getPropertyValue(token).trim()
  let content: PlotContent = { lines: [], references: [], marks: [], isLogScale: false }
  let shape = ''
  let plot: uPlot | undefined
  let width = element.clientWidth
  /** Steps that the reader zoomed in on. */
  let zoom: [from: number, to: number] | undefined

  function build() {
    plot?.destroy()
    plot = new uPlot(options(), data(), element)
  }

  function options(): uPlot.Options {
    const axis: uPlot.Axis = {
      stroke: palette('--fg-muted'),
      font: canvasFont(palette, 1),
      grid: { stroke: palette('--border'), width: 1 },
      ticks: { show: false },
      gap: 6,
    }
    return {
      width: Math.max(width, 80),
      height: HEIGHT,
      legend: { show: false },
      padding: [8, 18, 0, 0],
      cursor: {
        sync: { key: SYNC_KEY, setSeries: false },
        drag: { x: true, y: false, setScale: false },
        points: { size: 7 },
        y: false,
      },
      scales: {
        x: { time: false, range: stepRange },
        y: { distr: content.isLogScale ? 3 : 1, range: valueRange },
      },
      axes: [
        { ...axis, size: 24, space: 60, incrs: STEP_TICKS },
        {
          ...axis,
          size: 50,
          space: 28,
          values: (_plot, ticks) => ticks.map((tick) => (tick === null ? '' : formatTick(tick))),
        },
      ],
      series: [
        {},
        ...content.lines.map(({ label, color, isBackdrop, isDashed }) => ({
          label,
          stroke: palette(color),
          width: isBackdrop ? 1 : 1.75,
          alpha: isBackdrop ? 0.28 : 1,
          spanGaps: true,
          dash: isDashed ? [5, 4] : [],
          points: {
            show: (_plot: uPlot, index: number) => isPoint(content.lines[index - 1]),
            size: 6,
          },
        })),
      ],
      hooks: {
        ready: [
          (ready) => ready.over.addEventListener('dblclick', () => zoomTo(ready, undefined), true),
        ],
        setSelect: [
          (selected) => {
            const { left, width: span } = selected.select
            if (span < MIN_ZOOM_PIXELS) return
            const edge = (pixel: number) => selected.posToVal(pixel, 'x')
            zoomTo(selected, [edge(left), edge(left + span)])
          },
        ],
        setCursor: [
          ({ cursor, data: [steps] }) =>
            onCursor(
              cursor.idx === null || cursor.idx === undefined ? undefined : steps[cursor.idx],
            ),
        ],
        draw: [
          (drawn) => {
            drawReferences(drawn, content.references, palette)
            drawMarks(drawn, content.marks, palette)
          },
        ],
      },
    }
  }

  function stepRange(_plot: uPlot, low: number | null, high: number | null): uPlot.Range.MinMax {
    if (zoom) return zoom
    return [low ?? 0, high === null ? 1 : high === low ? high + 1 : high]
  }

  function zoomTo(zoomed: uPlot, next: typeof zoom) {
    zoom = next
    zoomed.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
    zoomed.setData(zoomed.data)
  }

  /** Values of data and references, with a little air; on a log scale whole decades are too coarse. */
  function valueRange(_plot: uPlot, low: number | null, high: number | null): uPlot.Range.MinMax {
    const extra = content.references.map(({ value }) => value)
    const values = [low, high, ...extra].filter(
      (value): value is number =>
        value !== null && Number.isFinite(value) && (!content.isLogScale || value > 0),
    )
    if (values.length === 0) return content.isLogScale ? [0.1, 1] : [0, 1]
    const [min, max] = [Math.min(...values), Math.max(...values)]
    if (content.isLogScale) return [min / 1.15, max * 1.15]
    const air = max === min ? Math.abs(max) * 0.1 || 1 : (max - min) * 0.07
    return [min >= 0 ? Math.max(0, min - air) : min - air, max + air]
  }

  function data(): uPlot.AlignedData {
    if (content.lines.length === 0) return [[]]
    const usable = (value: number) =>
      Number.isFinite(value) && (!content.isLogScale || value > 0) ? value : null
    return uPlot.join(
      content.lines.map(({ curve }) => [curve.steps, Array.from(curve.values, usable)]),
    )
  }

  return {
    update(next) {
      content = next
      const nextShape = JSON.stringify([
        next.isLogScale,
        next.lines.map(({ label, color, isBackdrop }) => [label, color, isBackdrop]),
      ])
      if (nextShape !== shape || !plot) {
        shape = nextShape
        build()
      } else {
        plot.setData(data())
      }
    },
    resize(next) {
      width = next
      if (width > 0) plot?.setSize({ width, height: HEIGHT })
    },
    dispose: () => plot?.destroy(),
  }
}

/** Too short for a line to be seen. */
const isPoint = (line: Line | undefined): boolean => line?.curve.values.length === 1

/** Ticks are short: at most a few significant digits. */
const formatTick = (tick: number): string =>
  Math.abs(tick) >= 1e-3 && Math.abs(tick) < 1e6
    ? String(Number(tick.toPrecision(4)))
    : formatValue(tick)
