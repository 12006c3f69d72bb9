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
import { measureSpace, type SpaceUse, type WorkspaceUse } from './measure.ts'
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
      <div className="space-table">
        <table>
          <thead>
            <tr>
              <th scope="col">Workspace</th>
              <th scope="col">Files</th>
              <th scope="col">History</th>
              <th scope="col">Checkpoints</th>
              <th scope="col">Clean up</th>
            </tr>
          </thead>
          <tbody>
            {workspaces.map((workspace) => (
              <WorkspaceRow key={workspace.id} use={workspace} act={act} />
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}

function WorkspaceRow({ use, act }: { use: WorkspaceUse; act: UseProps['act'] }) {
  const { id, name, files, history, states, checkpoints: kept } = use
  const openId = useWorkspace(({ entry }) => entry?.id)
  const forgetCheckpoints = async (): Promise<void> => {
    await checkpointStorage.removeAll(id)
    if (id === openId) await checkpoints.open(id)
  }
  return (
    <tr>
      <th scope="row">{name}</th>
      <td className="numeric">{formatBytes(files)}</td>
      <td className="numeric" title={plural(states, 'state')}>
        {formatBytes(history)}
      </td>
      <td className="numeric">{formatBytes(kept)}</td>
      <td className="space-acts">
        <SureButton
          label="History"
          about={`history of ${name}`}
          disabled={states === 0}
          onSure={() => act(() => forgetHistory(id))}
        />
        <SureButton
          label="Checkpoints"
          about={`checkpoints of ${name}`}
          disabled={kept === 0}
          onSure={() => act(forgetCheckpoints)}
        />
        {id !== openId && (
          <SureButton
            label="All"
            about={`workspace ${name}`}
            onSure={() =>
              act(async () => {
                await workspaceStore.getState().removeWorkspace(id)
                await forgetHistory(id)
              })
            }
          />
        )}
      </td>
    </tr>
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
