// The history of the open workspace: states by time, what each changed, and the way back.
import type { Files } from '#workspace'
import { History, RotateCcw, X } from 'lucide-react'
import { Dialog } from 'radix-ui'
import { useMemo, useState } from 'react'
import { Button, IconButton } from '../ui/button.tsx'
import { focusDialog } from '../ui/dialog.ts'
import { Toggle } from '../ui/controls.tsx'
import { EmptyState } from '../ui/feedback.tsx'
import { DamagedNotice } from '../storage/damaged-notice.tsx'
import { useWorkspace } from '../workspace/use-workspace.ts'
import { changedFiles } from './changes.ts'
import { forgetDamaged } from './index.ts'
import { historyDialog } from './history-action.ts'
import { restore, restoreFile } from './restore.ts'
import type { HistoryState } from './state.ts'
import { StateList } from './state-list.tsx'
import { TextDiff } from './text-diff.tsx'
import { useChanges, useFilesOf, useStates } from './use-history.ts'
import './history.css'

const close = (): void => historyDialog.setState({ isOpen: false })
const NONE: readonly HistoryState[] = []

export function HistoryDialog() {
  const { states, damaged, failure } = useStates()
  const id = useWorkspace(({ entry }) => entry?.id)
  return (
    <Dialog.Root open onOpenChange={(isOpen) => !isOpen && close()}>
      <Dialog.Portal>
        <Dialog.Overlay className="dialog-overlay" />
        <Dialog.Content
          className="dialog history"
          aria-describedby={undefined}
          onOpenAutoFocus={focusDialog}
        >
          <header>
            <Dialog.Title>History</Dialog.Title>
            <IconButton label="Close" icon={<X size={16} />} onClick={close} />
          </header>
          {failure !== undefined && (
            <p className="history-failure" role="alert">
              The newest state could not be kept: {failure}
            </p>
          )}
          <DamagedNotice
            what="state"
            records={damaged}
            onDelete={async () => {
              if (id !== undefined) await forgetDamaged(id)
            }}
          />
          <States states={states ?? NONE} isRead={states !== undefined} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function States({ states, isRead }: { states: readonly HistoryState[]; isRead: boolean }) {
  const changes = useChanges(states)
  const [chosen, setChosen] = useState<number>()
  // The one that is looked at stays when a newer one is taken meanwhile.
  if (chosen === undefined && states[0]) setChosen(states[0].seq)
  const at = Math.max(
    0,
    states.findIndex(({ seq }) => seq === chosen),
  )
  const state = states[at]
  if (!state) {
    if (!isRead) return <div className="history-body" aria-busy="true" />
    return (
      <EmptyState icon={<History size={28} />} title="No states yet">
        A state is kept when you pause after an edit, when a run starts, and before files are
        removed or restored.
      </EmptyState>
    )
  }
  return (
    <div className="history-body">
      <StateList states={states} changes={changes} selected={state.seq} onSelect={setChosen} />
      <StateView state={state} before={states[at + 1]} />
    </div>
  )
}

const EMPTY: Files = new Map()

interface StateViewProps {
  state: HistoryState
  before: HistoryState | undefined
}

function StateView({ state, before }: StateViewProps) {
  const [isAgainstNow, setAgainstNow] = useState(false)
  const [chosenPath, setPath] = useState<string>()
  const now = useWorkspace(({ files }) => files)
  const isReadOnly = useWorkspace(({ holder }) => holder === 'elsewhere')
  const then = useFilesOf(state)
  const previous = useFilesOf(before)
  const missing = then?.missing ?? []

  const [left, right] = isAgainstNow
    ? [then?.files ?? EMPTY, now]
    : [before ? (previous?.files ?? EMPTY) : EMPTY, then?.files ?? EMPTY]
  const isReady = then !== undefined && (isAgainstNow || !before || previous !== undefined)
  const changes = useMemo(() => (isReady ? changedFiles(left, right) : []), [isReady, left, right])
  const path = (changes.find((change) => change.path === chosenPath) ?? changes[0])?.path

  return (
    <section className="history-view" aria-label="What changed">
      <div className="history-bar">
        <Toggle isOn={isAgainstNow} onChange={setAgainstNow}>
          Compare with now
        </Toggle>
        <span className="history-space" />
        {path !== undefined && (
          <Button
            disabled={isReadOnly || !then || missing.includes(path)}
            onClick={() => then && void restoreFile(path, then.files)}
          >
            Restore this file
          </Button>
        )}
        <Button
          variant="primary"
          icon={<RotateCcw size={14} />}
          disabled={isReadOnly || !then || missing.length > 0}
          onClick={() => then && void restore(then.files, 'all files')}
        >
          Restore all files
        </Button>
      </div>
      {missing.length > 0 && (
        <p className="history-note" role="status">
          What is stored of {missing.join(', ')} is damaged; the other files can be restored one by
          one.
        </p>
      )}
      {isReady && path === undefined && (
        <p className="history-note">
          {isAgainstNow ? 'The workspace is now as it was then.' : 'Nothing changed in it.'}
        </p>
      )}
      {path !== undefined && (
        <>
          <div className="history-paths" role="group" aria-label="Files that differ">
            {changes.map((change) => (
              <button
                key={change.path}
                type="button"
                className="history-path"
                aria-pressed={change.path === path}
                onClick={() => setPath(change.path)}
              >
                <span data-kind={change.kind} aria-label={change.kind}>
                  {{ added: '+', changed: '•', removed: '−' }[change.kind]}
                </span>{' '}
                {change.path}
              </button>
            ))}
          </div>
          <TextDiff path={path} before={left.get(path)} after={right.get(path)} />
        </>
      )}
    </section>
  )
}
