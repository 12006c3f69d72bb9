// The workspace's tests: what there is, run them or some of them, how each ended.
import { FilePlus2, FlaskConical, Play, RotateCcw, ShieldCheck, Square } from 'lucide-react'
import { useMemo, useState } from 'react'
import { toast } from 'sonner'
import { session } from '../../session/page-session.ts'
import { useIsUntrusted } from '../../session/trust.ts'
import { isActive } from '../../store/run-slice.ts'
import { useEngineView } from '../../store/store.ts'
import { isStale, isTesting, type TestsSlice } from '../../store/tests-slice.ts'
import { Button } from '../../ui/button.tsx'
import { SearchField } from '../../ui/controls.tsx'
import { EmptyState } from '../../ui/feedback.tsx'
import { formatDuration } from '../../ui/format.ts'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { useWorkspace, workspaceStore } from '../../workspace/index.ts'
import { ErrorView } from '../error-view.tsx'
import { firstTest, type Untested, untested } from './new-test.ts'
import { TestList } from './test-list.tsx'
import { countsOf, failedPlaces, testTree } from './test-tree.ts'
import '../panels.css'
import './tests.css'

export function TestsPanel() {
  const tests = useEngineView((view) => view.tests)
  const isTraining = useEngineView(({ run }) => isActive(run.current))
  const isUntrusted = useIsUntrusted()
  const [filter, setFilter] = useState('')
  const files = useMemo(() => testTree(tests, filter), [tests, filter])

  if (tests.files.length === 0) return <NoTests />
  const canRun = !isTesting(tests) && !isTraining && !isUntrusted
  return (
    <div className="panel-column">
      <Bar tests={tests} filter={filter} onFilter={setFilter} canRun={canRun} />
      {isUntrusted ? <TrustNote /> : null}
      {isTraining ? (
        <p className="test-notice">
          Tests cannot run beside a training run: they share its device. Stop the run, or wait until
          it has ended.
        </p>
      ) : null}
      {tests.turn?.problem ? (
        <div className="test-notice" role="alert">
          <ErrorView info={tests.turn.problem} />
        </div>
      ) : null}
      {files.length === 0 ? <p className="panel-note">No test has this in its name.</p> : null}
      <TestList
        files={files}
        onRun={canRun ? (place) => void session.test({ only: [place] }) : undefined}
      />
    </div>
  )
}

/** How many tests there are, and how many of them failed last. */
export function useTestCounts(): { total: number; failed: number } {
  const tests = useEngineView((view) => view.tests)
  return useMemo(() => {
    const rows = testTree(tests, '').flatMap((file) => file.rows)
    return { total: rows.length, failed: failedPlaces(tests).length }
  }, [tests])
}

interface BarProps {
  tests: TestsSlice
  filter: string
  onFilter: (filter: string) => void
  canRun: boolean
}

function Bar({ tests, filter, onFilter, canRun }: BarProps) {
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
      <Summary tests={tests} />
      <NewTestMenu />
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

/** Running tests is running code: the reader of a link is asked first, as for a run. */
function TrustNote() {
  return (
    <div className="test-notice">
      <p>
        This workspace came from a link. Its tests run its code, in the sandbox, as a training run
        does.
      </p>
      <Button icon={<ShieldCheck size={14} />} onClick={() => void session.test()}>
        Run its code and tests
      </Button>
    </div>
  )
}

function createTest(missing: Untested): void {
  try {
    workspaceStore.getState().create(missing.path, firstTest(missing))
  } catch (error) {
    toast.error(error instanceof Error ? error.message : String(error))
  }
}

function useUntested(): Untested[] {
  const plugins = useEngineView(({ engine }) => engine.plugins)
  const files = useWorkspace((state) => state.files)
  return useMemo(() => untested(plugins, files), [plugins, files])
}

function NewTestMenu() {
  const missing = useUntested()
  if (missing.length === 0) return null
  return (
    <Menu
      align="end"
      trigger={
        <Button className="test-new" icon={<FilePlus2 size={14} />}>
          New test
        </Button>
      }
    >
      {missing.map((each) => (
        <MenuItem key={each.plugin} hint={each.path} onSelect={() => createTest(each)}>
          {each.plugin}
        </MenuItem>
      ))}
    </Menu>
  )
}

function NoTests() {
  const [missing] = useUntested()
  return (
    <EmptyState icon={<FlaskConical size={28} />} title="No tests yet">
      <p>
        Files <code>tests/….test.ts</code> are listed here and run in the engine, beside your
        plugins.
      </p>
      {missing ? (
        <Button icon={<FilePlus2 size={14} />} onClick={() => createTest(missing)}>
          Test {missing.plugin}
        </Button>
      ) : null}
    </EmptyState>
  )
}
