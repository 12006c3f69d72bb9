// The charts: how they are drawn, by sections, or one of them in full size.
import { ChartLine as ChartIcon, ChevronDown, ChevronRight, SearchX } from 'lucide-react'
import { memo, useDeferredValue, useMemo } from 'react'
import { useStore } from 'zustand'
import { type ShownRun, useShownRuns } from '../../runs/index.ts'
import { setPreferences, usePreference } from '../../store/preferences.ts'
import { useEngineView } from '../../store/store.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/feedback.tsx'
import { BoardBar } from './board-bar.tsx'
import {
  type ChartGroup,
  chartGroups,
  type ChartSection,
  chartSections,
  filterGroups,
} from './chart-groups.ts'
import { chartState, zoomCharts } from './chart-state.ts'
import { GroupChart } from './group-chart.tsx'
import type { ChartSettings } from './scene.ts'
import './charts.css'

export function ChartBoard({ isEmpty }: { isEmpty: boolean }) {
  const shown = useDeferredValue(useShownRuns())
  return <Board isEmpty={isEmpty} shown={shown} />
}

interface BoardProps {
  isEmpty: boolean
  shown: readonly ShownRun[]
}

/** Apart, for with a value that is deferred the one above renders twice for each batch of points. */
const Board = memo(function Board({ isEmpty, shown }: BoardProps) {
  const groups = useGroups(shown)
  const filter = useStore(chartState, (state) => state.filter)
  const maximised = useStore(chartState, (state) => state.maximised)
  const height = usePreference('chartHeight')
  const matching = filterGroups(groups, filter)
  const full = groups.find(({ id }) => id === maximised)
  return (
    <div className="charts" data-height={height}>
      <BoardBar charts={groups.length} />
      {isEmpty ? (
        <EmptyState icon={<ChartIcon size={28} />} title="No metrics yet">
          Runs that are shown fill this panel: press Run, or choose a run above or in the panel
          Runs.
        </EmptyState>
      ) : full ? (
        <div className="chart-full">
          <Charts groups={[full]} all={groups} shown={shown} />
        </div>
      ) : matching.length === 0 ? (
        <EmptyState icon={<SearchX size={28} />} title="No chart of this name">
          <p>No metric of the shown runs matches “{filter}”.</p>
          <Button onClick={() => chartState.setState({ filter: '' })}>Show all charts</Button>
        </EmptyState>
      ) : (
        <div className="chart-sections" role="group" aria-label="Charts" tabIndex={0}>
          {chartSections(matching).map((section) => (
            <Section key={section.prefix} section={section} all={groups} shown={shown} />
          ))}
        </div>
      )}
    </div>
  )
})

interface SectionProps {
  section: ChartSection
  all: readonly ChartGroup[]
  shown: readonly ShownRun[]
}

function Section({ section: { prefix, groups }, all, shown }: SectionProps) {
  const folded = usePreference('foldedCharts')
  const charts = <Charts groups={groups} all={all} shown={shown} />
  if (prefix === '') return charts
  const isFolded = folded.includes(prefix)
  const Icon = isFolded ? ChevronRight : ChevronDown
  const fold = () =>
    setPreferences({
      foldedCharts: isFolded ? folded.filter((it) => it !== prefix) : [...folded, prefix],
    })
  return (
    <section className="chart-section" aria-label={prefix}>
      <h3>
        <button type="button" aria-expanded={!isFolded} onClick={fold}>
          <Icon size={14} aria-hidden="true" />
          {prefix}
          <span className="chart-count">{groups.length}</span>
        </button>
      </h3>
      {isFolded ? null : charts}
    </section>
  )
}

interface ChartsProps {
  groups: readonly ChartGroup[]
  /** With all of which they are zoomed, if they are zoomed together. */
  all: readonly ChartGroup[]
  shown: readonly ShownRun[]
}

function Charts({ groups, all, shown }: ChartsProps) {
  const settings = useSettings()
  const zooms = useStore(chartState, (state) => state.zooms)
  const maximised = useStore(chartState, (state) => state.maximised)
  const isLinked = usePreference('isZoomLinked')
  return (
    <div className="chart-list">
      {groups.map((group) => (
        <GroupChart
          key={group.id}
          group={group}
          shown={shown}
          settings={settings}
          zoom={zooms[group.id]}
          isMaximised={group.id === maximised}
          onZoom={(zoom) => zoomCharts(isLinked ? all.map(({ id }) => id) : [group.id], zoom)}
        />
      ))}
    </div>
  )
}

function useSettings(): ChartSettings {
  const axis = usePreference('xAxis')
  const smoothing = usePreference('smoothing')
  const isLogX = usePreference('isLogX')
  const isLogY = usePreference('isLogScale')
  const isRobust = usePreference('ignoresOutliers')
  return useMemo(
    () => ({ axis, smoothing, isLogX, isLogY, isRobust }),
    [axis, smoothing, isLogX, isLogY, isRobust],
  )
}

/** Groups of all metrics of the shown runs: the same ones until a metric or a panel comes or goes. */
function useGroups(shown: readonly ShownRun[]): readonly ChartGroup[] {
  const panels = useEngineView((view) => view.panels)
  const specs = useMemo(
    () => Object.values(panels).flatMap(({ spec }) => (spec.type === 'chart' ? [spec] : [])),
    [panels],
  )
  const names = new Set<string>()
  for (const { record } of shown) {
    for (const name of Object.keys(record.series)) names.add(name)
    for (const { metric } of record.references) names.add(metric)
  }
  const joined = JSON.stringify([...names])
  return useMemo(() => chartGroups(JSON.parse(joined) as string[], specs), [joined, specs])
}
