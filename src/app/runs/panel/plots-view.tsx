// Configs against results: parallel coordinates of all that differs, and one key against one metric.
import { ScatterChart } from 'lucide-react'
import { useMemo, useState } from 'react'
import { differingKeys, type RunEntry } from '#workspace'
import { useStore } from 'zustand'
import { EmptyState } from '../../ui/feedback.tsx'
import { Select } from '../../ui/select.tsx'
import { columnIds, columnOf, configOf, figureOf } from '../columns.ts'
import { runsView } from '../runs-view.ts'
import { type Axis, axisOf } from './axis.ts'
import { ParallelPlot } from './parallel-plot.tsx'
import { ScatterPlot } from './scatter-plot.tsx'

/** More are not told apart. */
const MOST_RUNS = 500
const MOST_AXES = 8
const DULL = /^(?:name$|tags(?:\.|$))/
/** Shown before other metrics. */
const FIRST = ['val_loss', 'val_accuracy', 'loss']

export function PlotsView({ runs }: { runs: readonly RunEntry[] }) {
  const figure = useStore(runsView, (view) => view.figure)
  const metrics = useMemo(
    () => columnIds(runs).metrics.map((id) => columnOf(id, 'last').title),
    [runs],
  )
  const [chosenMetric, setMetric] = useState<string>()
  const [chosenKey, setKey] = useState<string>()
  const metric =
    [chosenMetric, ...FIRST, ...metrics].find((it) => it !== undefined && metrics.includes(it)) ??
    ''
  const drawn = useMemo(
    () => runs.filter((run) => Number.isFinite(figureOf(run, metric, figure))).slice(0, MOST_RUNS),
    [runs, metric, figure],
  )
  const keys = useMemo(
    () => differingKeys(drawn.map(configOf)).filter((key) => !DULL.test(key)),
    [drawn],
  )
  const key = keys.find((it) => it === chosenKey) ?? keys[0]
  const axes = useMemo<Axis[]>(
    () => [
      ...keys.slice(0, MOST_AXES).map((name) =>
        axisOf(
          name,
          drawn.map((run) => configOf(run).get(name)),
        ),
      ),
      axisOf(
        `${metric} (${figure})`,
        drawn.map((run) => figureOf(run, metric, figure)),
      ),
    ],
    [keys, drawn, metric, figure],
  )
  if (drawn.length < 2 || key === undefined) {
    return (
      <EmptyState icon={<ScatterChart size={28} />} title="Nothing to set against each other">
        Two runs or more with metrics, whose configs differ, are drawn here: change a setting, and
        run again.
      </EmptyState>
    )
  }
  return (
    <div className="runs-plots" tabIndex={0} role="group" aria-label="Plots">
      <div className="runs-compare-bar">
        <Select
          label="Metric"
          value={metric}
          choices={metrics.map((value) => ({ value, label: value }))}
          onChange={setMetric}
        />
        <span className="panel-muted">against</span>
        <Select
          label="Config key"
          value={key}
          choices={keys.map((value) => ({ value, label: value }))}
          onChange={setKey}
        />
        {runs.length > drawn.length ? (
          <span className="panel-muted">
            {drawn.length} of {runs.length} runs, those that have it
          </span>
        ) : null}
      </div>
      <ParallelPlot runs={drawn} axes={axes} />
      <ScatterPlot
        runs={drawn}
        x={axisOf(
          key,
          drawn.map((run) => configOf(run).get(key)),
        )}
        y={axes.at(-1)!}
      />
    </div>
  )
}
