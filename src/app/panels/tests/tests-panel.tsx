// The workspace's tests: what there is, run them or some of them, how each ended.
import { ShieldCheck } from 'lucide-react'
import { useMemo, useState } from 'react'
import { session } from '../../session/page-session.ts'
import { useIsUntrusted } from '../../session/trust.ts'
import { isActive } from '../../store/run-slice.ts'
import { useEngineView } from '../../store/store.ts'
import { isTesting } from '../../store/tests-slice.ts'
import { Button } from '../../ui/button.tsx'
import { useWorkspace } from '../../workspace/index.ts'
import { ErrorView } from '../error-view.tsx'
import { NoTests } from './new-test-controls.tsx'
import { TestList } from './test-list.tsx'
import { testTree } from './test-tree.ts'
import { TestsBar } from './tests-bar.tsx'
import '../panels.css'
import './tests.css'

export function TestsPanel() {
  const tests = useEngineView((view) => view.tests)
  const isTraining = useEngineView(({ run }) => isActive(run.current))
  const isUntrusted = useIsUntrusted()
  const [filter, setFilter] = useState('')
  const files = useMemo(() => testTree(tests, filter), [tests, filter])
  const isEmpty = useWorkspace((state) => ![...state.files.keys()].some(isTestFile))

  if (isEmpty) return <NoTests />
  const isBusy = isTesting(tests) || isTraining
  const canRun = !isBusy && !isUntrusted
  return (
    <div className="panel-column">
      <TestsBar tests={tests} filter={filter} onFilter={setFilter} canRun={canRun} />
      {isUntrusted && !isBusy ? <TrustNote /> : null}
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
      {files.length === 0 ? (
        <p className="panel-note">
          {tests.files.length === 0
            ? 'Tests are listed as soon as the engine has read their files.'
            : 'No test has this in its name.'}
        </p>
      ) : null}
      <TestList
        files={files}
        onRun={canRun ? (place) => void session.test({ only: [place] }) : undefined}
      />
    </div>
  )
}

const isTestFile = (path: string): boolean => /^tests\/.*\.test\.ts$/.test(path)

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
