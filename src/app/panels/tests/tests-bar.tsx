// The bar above the tests: run, stop, filter, how they ended.
import { Play, RotateCcw, Square } from 'lucide-react'
import { session } from '../../session/page-session.ts'
import { failedPlaces, isStale, isTesting, type TestsSlice } from '../../store/tests-slice.ts'
import { Button } from '../../ui/button.tsx'
import { SearchField } from '../../ui/controls.tsx'
import { formatDuration } from '../../ui/format.ts'
import { NewTestMenu } from './new-test-controls.tsx'
import { countsOf } from './test-tree.ts'

interface TestsBarProps {
  tests: TestsSlice
  filter: string
  onFilter: (filter: string) => void
  canRun: boolean
}

export function TestsBar({ tests, filter, onFilter, canRun }: TestsBarProps) {
  const failed = failedPlaces(tests)
  const text = filter.trim()
  return (
    <div className="panel-bar">
      {isTesting(tests) ? (
        <Button
          className="test-main"
          icon={<Square size={13} />}
          disabled={tests.turn?.state === 'stopping'}
          onClick={() => void session.stopTests()}
        >
          Stop tests
        </Button>
      ) : (
        <Button
          className="test-main"
          icon={<Play size={13} />}
          disabled={!canRun}
          onClick={() => void session.test(text === '' ? {} : { filter: text })}
        >
          {text === '' ? 'Run all' : 'Run shown'}
        </Button>
      )}
      <Button
        icon={<RotateCcw size={13} />}
        disabled={!canRun || failed.length === 0}
        onClick={() => void session.test({ only: failed })}
      >
        Run failed
      </Button>
      <SearchField label="Filter by name" value={filter} onChange={onFilter} />
      <NewTestMenu />
      <Summary tests={tests} />
    </div>
  )
}

function Summary({ tests }: { tests: TestsSlice }) {
  const { turn, outcomes } = tests
  const counts = countsOf(tests)
  const hasStale = [...outcomes.values()].some((outcome) => isStale(tests, outcome))
  const words = [
    counts.passed > 0 ? `${counts.passed} passed` : '',
    counts.failed > 0 ? `${counts.failed} failed` : '',
    counts.skipped > 0 ? `${counts.skipped} skipped` : '',
    turn?.report?.isStopped ? 'stopped' : '',
  ].filter((word) => word !== '')
  return (
    <span className="test-summary" role="status">
      {turn ? (
        <span className="numeric" data-state={counts.failed > 0 ? 'failed' : 'passed'}>
          {turn.state === 'running' ? 'Running: ' : turn.state === 'stopping' ? 'Stopping: ' : ''}
          {words.join(', ')}
          {turn.report ? ` in ${formatDuration(turn.report.durationMs)}` : ''}
        </span>
      ) : null}
      {hasStale && !isTesting(tests) ? (
        <span className="chip" title="Files were edited since: run the tests again">
          edited since
        </span>
      ) : null}
    </span>
  )
}
