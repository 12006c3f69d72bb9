// All runs of the workspace: a table, a comparison, plots of configs against results.
import { ListChecks } from 'lucide-react'
import { useMemo } from 'react'
import { useStore } from 'zustand'
import { useIsEnabled } from '../../actions/action.ts'
import { runAction } from '../../session/run-actions.ts'
import { DamagedNotice } from '../../storage/damaged-notice.tsx'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/feedback.tsx'
import { runsIn } from '../lines.ts'
import { importAction } from '../run-list-actions.ts'
import { runsView } from '../runs-view.ts'
import { useRuns, useShownRuns } from '../use-shown-runs.ts'
import { CompareView } from './compare-view.tsx'
import { PlotsView } from './plots-view.tsx'
import { RunDetailsView } from './run-details.tsx'
import { RunsBar } from './runs-bar.tsx'
import { RunsTable } from './runs-table.tsx'
import { useTable } from './use-table.ts'
import './runs.css'

export function RunsPanel() {
  const isEmpty = useRuns(({ entries }) => entries.length === 0)
  const isListed = useRuns((state) => state.isListed)
  if (!isEmpty) return <Runs />
  return isListed ? (
    <>
      <Damaged />
      <NoRuns />
    </>
  ) : (
    <div className="late" aria-busy="true" />
  )
}

function Damaged() {
  const records = useRuns(({ damaged }) => damaged)
  return (
    <DamagedNotice
      what="run"
      records={records}
      onDelete={async () => (await import('../page-keeper.ts')).keeper.removeDamaged()}
    />
  )
}

function NoRuns() {
  const canRun = useIsEnabled(runAction)
  return (
    <EmptyState icon={<ListChecks size={28} />} title="No runs yet">
      <p>Every run is kept here, with its config and its metrics: to sort, compare and pass on.</p>
      <div className="runs-empty">
        <Button variant="primary" disabled={!canRun} onClick={() => runAction.run()}>
          Start a run
        </Button>
        <Button onClick={() => importAction.run()}>Import runs</Button>
      </div>
    </EmptyState>
  )
}

function Runs() {
  const table = useTable()
  const refusal = useRuns((state) => state.refusal)
  const mode = useStore(runsView, (view) => view.mode)
  const opened = useStore(runsView, (view) => view.opened)
  const entry = useRuns(({ entries }) => entries.find(({ id }) => id === opened))
  return (
    <div className="runs-panel">
      <RunsBar table={table} />
      <Damaged />
      {refusal === undefined ? null : (
        <p className="runs-refusal" role="status">
          This browser does not keep runs ({refusal}). Those of this page stay until it is closed:
          export what you need.
        </p>
      )}
      {mode === 'table' ? (
        <div className="runs-body">
          <RunsTable columns={table.columns} lines={table.lines} />
          {entry ? <RunDetailsView key={entry.id} entry={entry} /> : null}
        </div>
      ) : mode === 'compare' ? (
        <Compare />
      ) : (
        <PlotsView runs={runsIn(table.lines)} />
      )}
    </div>
  )
}

/** The selected runs; while none is, those that the charts show. */
function Compare() {
  const selected = useStore(runsView, (view) => view.selected)
  const entries = useRuns((state) => state.entries)
  const shown = useShownRuns()
  const runs = useMemo(() => {
    const ids = selected.size > 0 ? selected : new Set(shown.map(({ record }) => record.id))
    return entries.filter(({ id }) => ids.has(id)).toReversed()
  }, [entries, selected, shown])
  return <CompareView key={runs.length === 1 ? 'one' : 'many'} runs={runs} />
}
