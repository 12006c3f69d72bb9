// Actions on charts: how all are drawn, and what can be done with each that is on screen.
import { ChartLine, ChartSpline, Download, Maximize2, Minimize2, Undo2 } from 'lucide-react'
import type { Action } from '../../actions/action.ts'
import { showPanel } from '../../shell/navigation.ts'
import { type Preferences, preferences, setPreferences } from '../../store/preferences.ts'
import { chartState, maximise, resetZoom } from './chart-state.ts'
import type { OpenChart } from './open-charts.ts'

const group = 'Charts'

export const AXES = [
  { value: 'step', label: 'By step' },
  { value: 'epoch', label: 'By epoch' },
  { value: 'time', label: 'By time' },
] as const satisfies { value: Preferences['xAxis']; label: string }[]

export function chooseAxis(value: Preferences['xAxis']): void {
  // Steps are no seconds.
  resetZoom()
  setPreferences({ xAxis: value })
}

/** Each shows what it changed. */
const chartAction = (
  id: string,
  title: string,
  icon: Action['icon'],
  run: () => void,
  isEnabled?: () => boolean,
): Action => ({
  id: `charts.${id}`,
  title,
  group,
  ...(icon ? { icon } : {}),
  ...(isEnabled ? { isEnabled } : {}),
  run() {
    showPanel('charts')
    run()
  },
})

type Switch = 'isLogX' | 'isLogScale' | 'ignoresOutliers' | 'isZoomLinked'

const toggle = (key: Switch, what: string): Action =>
  chartAction(`toggle.${key}`, `Toggle ${what}`, ChartLine, () =>
    setPreferences({ [key]: !preferences.getState()[key] }),
  )

const SMOOTHINGS = [
  { value: 0, words: 'off' },
  { value: 0.6, words: '0.6' },
  { value: 0.9, words: '0.9' },
  { value: 0.97, words: '0.97' },
]

export const chartActions: readonly Action[] = [
  ...AXES.map(({ value, label }) =>
    chartAction(
      `axis.${value}`,
      `Charts ${label.toLowerCase()}`,
      ChartLine,
      () => chooseAxis(value),
      () => preferences.getState().xAxis !== value,
    ),
  ),
  toggle('isLogX', 'log x axis'),
  toggle('isLogScale', 'log y axis'),
  ...SMOOTHINGS.map(({ value, words }) =>
    chartAction(
      `smoothing.${words}`,
      `Smoothing: ${words}`,
      ChartSpline,
      () => setPreferences({ smoothing: value }),
      () => preferences.getState().smoothing !== value,
    ),
  ),
  toggle('ignoresOutliers', 'ignoring outliers in charts'),
  toggle('isZoomLinked', 'zooming charts together'),
  chartAction(
    'zoom.reset',
    'Reset zoom of all charts',
    Undo2,
    resetZoom,
    () => Object.keys(chartState.getState().zooms).length > 0,
  ),
  chartAction(
    'all',
    'Back to all charts',
    Minimize2,
    () => maximise(undefined),
    () => chartState.getState().maximised !== undefined,
  ),
]

/** More are found by scrolling to them. */
const MOST_CHARTS = 30
const FORMATS = { png: 'PNG', svg: 'SVG', csv: 'CSV' } as const

/** What can be done with each chart on screen. */
export const openChartActions = (charts: readonly OpenChart[]): readonly Action[] =>
  charts
    .slice(0, MOST_CHARTS)
    .flatMap((chart) => [
      chartAction(`full.${chart.id}`, `${chart.title}: full size`, Maximize2, () =>
        maximise(chart.id),
      ),
      ...Object.entries(FORMATS).map(([format, name]) =>
        chartAction(`${format}.${chart.id}`, `${chart.title}: download ${name}`, Download, () =>
          chart.save(format as keyof typeof FORMATS),
        ),
      ),
    ])
