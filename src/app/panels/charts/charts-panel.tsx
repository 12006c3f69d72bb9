// All charts of the run, with the runs before it laid over them if wanted.
import { ChartLine as ChartIcon } from 'lucide-react'
import { useDeferredValue, useMemo, useState } from 'react'
import { setPreferences, usePreference } from '../../store/preferences.ts'
import type { Mark, RunRecord } from '../../store/run-slice.ts'
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
const NO_MARKS: readonly Mark[] = []

export function ChartsPanel() {
  const current = useDeferredValue(useEngineView(({ run }) => run.current))
  const past = useEngineView(({ run }) => run.past)
  const panels = useEngineView((view) => view.panels)
  const smoothing = usePreference('smoothing')
  const isLogScale = usePreference('isLogScale')
  const [overlaid, setOverlaid] = useState<ReadonlySet<string>>(new Set())

  const overlays = useMemo(() => past.filter(({ id }) => overlaid.has(id)), [past, overlaid])
  const specs = useMemo(
    () => Object.values(panels).flatMap(({ spec }) => (spec.type === 'chart' ? [spec] : [])),
    [panels],
  )
  const names = [current, ...overlays].flatMap((run) => [
    ...Object.keys(run?.series ?? {}),
    ...(run?.references ?? []).map(({ metric }) => metric),
  ])
  const joined = [...new Set(names)].join('\n')
  const groups = useMemo(
    () => chartGroups(joined === '' ? [] : joined.split('\n'), specs),
    [joined, specs],
  )
  const filled = groups.filter(({ metrics }) => metrics.length > 0)

  function toggle(id: string, isOn: boolean) {
    const next = new Set(overlaid)
    if (isOn) next.add(id)
    else next.delete(id)
    setOverlaid(next)
  }

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
        {past.length === 0 ? null : (
          <div className="overlay-choice" role="group" aria-label="Lay past runs over">
            {past.slice(-6).map(({ id, number }) => (
              <Toggle
                key={id}
                isOn={overlaid.has(id)}
                onChange={(isOn) => toggle(id, isOn)}
                label={`Lay run ${number} over`}
              >
                Run {number}
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
              current={current}
              overlays={overlays}
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
  current: RunRecord | undefined
  overlays: readonly RunRecord[]
  smoothing: number
  isLogScale: boolean
}

function GroupChart({ group, current, overlays, smoothing, isLogScale }: GroupChartProps) {
  const runs = [...(current ? [current] : []), ...overlays]
  const all = runs.flatMap((run) =>
    group.metrics
      .filter((metric) => run === current || run.series[metric] !== undefined)
      .map((metric) => ({
        key: `${run.id}:${metric}`,
        label: run === current ? metric : `${metric} · run ${run.number}`,
        series: run.series[metric] ?? emptySeries,
        isDashed: run !== current,
      })),
  )
  const lines = useStable<ChartLine>(
    all.map((line, index) => ({ ...line, color: colorOf(index) })),
    (line) => line.series,
  )
  const references = useStable(
    (current?.references ?? []).filter(({ metric }) => group.metrics.includes(metric)),
    (reference) => reference,
  )
  return (
    <Chart
      title={group.title}
      lines={lines}
      references={references}
      marks={current?.marks ?? NO_MARKS}
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
