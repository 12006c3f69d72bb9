// All charts of the runs that are shown.
import { ChartLine as ChartIcon } from 'lucide-react'
import { useDeferredValue, useMemo, useState } from 'react'
import { hideRun, type ShownRun, showRun, useRunChoices, useShownRuns } from '../../runs/index.ts'
import { setPreferences, usePreference } from '../../store/preferences.ts'
import type { Mark } from '../../store/run-marks.ts'
import { emptySeries } from '../../store/series.ts'
import { useEngineView } from '../../store/store.ts'
import { Slider, Toggle } from '../../ui/controls.tsx'
import { EmptyState } from '../../ui/feedback.tsx'
import { late } from '../../ui/late.tsx'
import type { ChartLine } from './chart.tsx'
import { type ChartGroup, chartGroups } from './chart-groups.ts'
import './charts.css'

export const Chart = late(async () => (await import('./chart.tsx')).Chart)

const SERIES_COLORS = 8
/** So many of the newest runs have a toggle. */
const RECENT_RUNS = 6
const NO_MARKS: readonly Mark[] = []

export function ChartsPanel() {
  const shown = useDeferredValue(useShownRuns())
  const choices = useRunChoices(RECENT_RUNS)
  const panels = useEngineView((view) => view.panels)
  const smoothing = usePreference('smoothing')
  const isLogScale = usePreference('isLogScale')

  const specs = useMemo(
    () => Object.values(panels).flatMap(({ spec }) => (spec.type === 'chart' ? [spec] : [])),
    [panels],
  )
  const names = shown.flatMap(({ record }) => [
    ...Object.keys(record.series),
    ...record.references.map(({ metric }) => metric),
  ])
  const joined = [...new Set(names)].join('\n')
  const groups = useMemo(
    () => chartGroups(joined === '' ? [] : joined.split('\n'), specs),
    [joined, specs],
  )
  const filled = groups.filter(({ metrics }) => metrics.length > 0)

  return (
    <div className="charts">
      <div className="panel-bar">
        <Slider
          label="Smoothing"
          value={smoothing}
          max={0.99}
          step={0.01}
          format={(value) => value.toFixed(2)}
          onChange={(value) => setPreferences({ smoothing: value })}
        />
        <Toggle isOn={isLogScale} onChange={(isOn) => setPreferences({ isLogScale: isOn })}>
          Log y
        </Toggle>
        {choices.length < 2 ? null : (
          <div className="overlay-choice" role="group" aria-label="Runs in the charts">
            {choices.map(({ id, title, isShown }) => (
              <Toggle
                key={id}
                isOn={isShown}
                onChange={(isOn) => (isOn ? showRun(id) : hideRun(id))}
                label={`Show ${title}`}
              >
                {title}
              </Toggle>
            ))}
          </div>
        )}
      </div>
      {filled.length === 0 ? (
        <EmptyState icon={<ChartIcon size={28} />} title="No metrics yet">
          Press Run: loss and metrics are drawn here while the model trains.
        </EmptyState>
      ) : (
        <div className="chart-list" role="group" aria-label="Charts" tabIndex={0}>
          {filled.map((group) => (
            <GroupChart
              key={group.id}
              group={group}
              shown={shown}
              smoothing={smoothing}
              isLogScale={isLogScale}
            />
          ))}
        </div>
      )}
    </div>
  )
}

interface GroupChartProps {
  group: ChartGroup
  shown: readonly ShownRun[]
  smoothing: number
  isLogScale: boolean
}

function GroupChart({ group, shown, smoothing, isLogScale }: GroupChartProps) {
  const [front] = shown
  const all = shown.flatMap((run) =>
    group.metrics
      .filter((metric) => run === front || run.record.series[metric] !== undefined)
      .map((metric) => ({
        key: `${run.record.id}:${metric}`,
        label: run === front ? metric : `${metric} · ${run.title}`,
        series: run.record.series[metric] ?? emptySeries,
        isDashed: run !== front,
      })),
  )
  const lines = useStable<ChartLine>(
    all.map((line, index) => ({ ...line, color: colorOf(index) })),
    (line) => line.series,
  )
  const references = useStable(
    (front?.record.references ?? []).filter(({ metric }) => group.metrics.includes(metric)),
    (reference) => reference,
  )
  return (
    <Chart
      title={group.title}
      lines={lines}
      references={references}
      marks={front?.record.marks ?? NO_MARKS}
      smoothing={smoothing}
      isLogScale={isLogScale}
    />
  )
}

const colorOf = (index: number): string => `--series-${(index % SERIES_COLORS) + 1}`

/** The list of the render before, if all its items have the same part that counts. */
function useStable<T>(items: T[], part: (item: T) => unknown): T[] {
  const [kept, setKept] = useState(items)
  const isSame =
    kept.length === items.length && kept.every((item, i) => part(item) === part(items[i]!))
  if (isSame) return kept
  setKept(items)
  return items
}
