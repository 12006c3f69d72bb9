// What this browser stores for the page, by workspace, and the ways to make room.
import { X } from 'lucide-react'
import { Dialog } from 'radix-ui'
import { useEffect, useState } from 'react'
import { useStore } from 'zustand'
import { checkpoints, checkpointStorage } from '../checkpoints/index.ts'
import { forgetHistory } from '../history/index.ts'
import { offline } from '../offline/offline.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { focusDialog } from '../ui/dialog.ts'
import { formatBytes, plural } from '../ui/format.ts'
import { SureButton } from '../ui/sure-button.tsx'
import { useWorkspace } from '../workspace/use-workspace.ts'
import { workspaceStore } from '../workspace/workspace.ts'
import { keeper } from '../runs/page-keeper.ts'
import { measureSpace, type SpaceUse, totalOf, type WorkspaceUse } from './measure.ts'
import { LargeDataList } from './large-data-list.tsx'
import { spaceDialog } from './space-action.ts'
import './space.css'

const close = (): void => spaceDialog.setState({ isOpen: false })
const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)

type Measured = { use: SpaceUse } | { refusal: string } | undefined

export function SpaceDialog() {
  const [measured, setMeasured] = useState<Measured>()
  const [failure, setFailure] = useState<string>()
  const measure = (): Promise<void> =>
    measureSpace().then(
      (use) => setMeasured({ use }),
      (error: unknown) => setMeasured({ refusal: messageOf(error) }),
    )
  useEffect(() => void measure(), [])
  const act = (what: () => Promise<unknown>): void =>
    void what()
      .then(() => setFailure(undefined))
      .catch((error: unknown) => setFailure(messageOf(error)))
      .then(measure)
  return (
    <Dialog.Root open onOpenChange={(isOpen) => !isOpen && close()}>
      <Dialog.Portal>
        <Dialog.Overlay className="dialog-overlay" />
        <Dialog.Content
          className="dialog space"
          aria-describedby={undefined}
          onOpenAutoFocus={focusDialog}
        >
          <header>
            <Dialog.Title>Storage in this browser</Dialog.Title>
            <IconButton label="Close" icon={<X size={16} />} onClick={close} />
          </header>
          {failure !== undefined && <p role="alert">{failure}</p>}
          {measured === undefined && <p aria-busy="true">Adding up…</p>}
          {measured && 'refusal' in measured && (
            <p role="alert">
              {measured.refusal} Your work stays in this tab until it is closed: download it, or
              share a link.
            </p>
          )}
          {measured && 'use' in measured && <Use use={measured.use} act={act} />}
          <OfflineLine />
          <LargeDataList />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

interface UseProps {
  use: SpaceUse
  act: (what: () => Promise<unknown>) => void
}

function Use({ use, act }: UseProps) {
  const { workspaces, usage, quota, isPersisted } = use
  return (
    <>
      {quota > 0 && (
        <div className="space-total">
          <meter
            aria-label="Space used"
            min={0}
            max={quota}
            value={usage}
            title={`${formatBytes(usage)} of ${formatBytes(quota)}`}
          />
          <p>
            {formatBytes(usage)} of {formatBytes(quota)} that this browser allows, the page itself
            included.{' '}
            {isPersisted
              ? 'The browser keeps it also when the disk runs full.'
              : 'The browser may clear it when the disk runs full.'}
          </p>
          {!isPersisted && (
            <Button onClick={() => act(() => navigator.storage.persist())}>
              Ask the browser to keep it
            </Button>
          )}
        </div>
      )}
      <ul className="space-list" aria-label="Workspaces">
        {workspaces.map((workspace) => (
          <WorkspaceRow key={workspace.id} use={workspace} act={act} />
        ))}
      </ul>
      {use.data.count > 0 && (
        <p className="space-note">
          {plural(use.data.count, 'large data file')} of yours{' '}
          {use.data.count === 1 ? 'takes' : 'take'} {formatBytes(use.data.sizeBytes)}: each is kept
          once, for all workspaces, and goes with the last that uses it.
        </p>
      )}
    </>
  )
}

function WorkspaceRow({ use, act }: { use: WorkspaceUse; act: UseProps['act'] }) {
  const { id, name, files, history, states, checkpoints: kept, runs, runCount } = use
  const openId = useWorkspace(({ entry }) => entry?.id)
  const forgetCheckpoints = async (): Promise<void> => {
    await checkpointStorage.removeAll(id)
    if (id === openId) await checkpoints.open(id)
  }
  const forgetRuns = async (): Promise<void> => {
    await keeper.removeAll(id)
    if (id === openId) await keeper.open(id)
  }
  return (
    <li>
      <p className="space-name">
        <b>{name}</b>
        <span className="numeric">{formatBytes(totalOf(use))}</span>
      </p>
      <p className="space-note numeric">
        Files {formatBytes(files)} · history {formatBytes(history)} in {plural(states, 'state')} ·{' '}
        {plural(runCount, 'run')} {formatBytes(runs)} · checkpoints {formatBytes(kept)}
      </p>
      <div className="space-acts" role="group" aria-label={`Delete of ${name}`}>
        <span className="space-note">Delete</span>
        <SureButton
          label="History"
          about={`history of ${name}`}
          disabled={states === 0}
          onSure={() => act(() => forgetHistory(id))}
        />
        <SureButton
          label="Runs"
          about={`runs of ${name}`}
          disabled={runCount === 0}
          onSure={() => act(forgetRuns)}
        />
        <SureButton
          label="Checkpoints"
          about={`checkpoints of ${name}`}
          disabled={kept === 0}
          onSure={() => act(forgetCheckpoints)}
        />
        {id !== openId && (
          <SureButton
            label="All of it"
            about={`workspace ${name}`}
            onSure={() =>
              act(async () => {
                await workspaceStore.getState().removeWorkspace(id)
                await forgetHistory(id)
              })
            }
          />
        )}
      </div>
    </li>
  )
}

const OFFLINE = {
  preparing: 'The page is being stored for visits without a network.',
  ready: 'Plugboard works in this browser without a network too.',
  unavailable: 'Plugboard needs a network here',
}

function OfflineLine() {
  const { state } = useStore(offline)
  const reason = state.kind === 'unavailable' ? `: ${state.reason}.` : ''
  return (
    <p className="space-offline">
      {OFFLINE[state.kind]}
      {reason}
    </p>
  )
}
