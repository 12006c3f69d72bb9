// The workspace as files: a zip, a folder of this computer.
import { pointerOf, sizeOf } from '#workspace'
import { FolderSync } from 'lucide-react'
import { useEffect } from 'react'
import { toast } from 'sonner'
import { useStore } from 'zustand'
import { type Action, useIsEnabled } from '../actions/action.ts'
import { Button } from '../ui/button.tsx'
import { formatBytes, plural } from '../ui/format.ts'
import { useWorkspace } from '../workspace/use-workspace.ts'
import { linkedFolders, recallFolder, reconnectFolder, unlinkFolder } from './linked-folders.ts'
import { reloadFolderAction, saveFolderAction, saveZipAction } from './share-actions.ts'

function ActButton({ action, children }: { action: Action; children: string }) {
  const isEnabled = useIsEnabled(action)
  const Icon = action.icon
  return (
    <Button icon={Icon && <Icon size={14} />} disabled={!isEnabled} onClick={() => action.run()}>
      {children}
    </Button>
  )
}

export function FilesTab() {
  const files = useWorkspace((state) => state.files)
  const bytes = [...files.values()].reduce(
    (sum, content) => sum + (pointerOf(content)?.size ?? sizeOf(content)),
    0,
  )
  return (
    <>
      <p className="share-note">
        {plural(files.size, 'file')}, {formatBytes(bytes)} with its data. Runs and checkpoints stay
        here.
      </p>
      <div className="share-row">
        <ActButton action={saveZipAction}>Download zip</ActButton>
      </div>
      {'showDirectoryPicker' in globalThis ? (
        <FolderPart />
      ) : (
        <p className="share-note">
          This browser lets no page write to a folder; a zip does the same.
        </p>
      )}
    </>
  )
}

const tell = (error: unknown): void =>
  void toast.error(error instanceof Error ? error.message : String(error))

/** The folder that this workspace is saved to: it stays linked over reloads. */
function FolderPart() {
  const id = useWorkspace((state) => state.entry?.id) ?? ''
  const folder = useStore(linkedFolders, (folders) => folders[id])
  useEffect(() => void recallFolder(id), [id])
  if (folder === undefined) return null
  if (folder === null)
    return (
      <div className="share-row">
        <ActButton action={saveFolderAction}>Save to a folder…</ActButton>
        <ActButton action={reloadFolderAction}>Reload from a folder…</ActButton>
      </div>
    )
  const { handle, isConnected } = folder
  return (
    <>
      <p className="share-note">
        Linked to the folder <strong>{handle.name}</strong>.
        {isConnected ? null : ' This browser asks you again before the page may use it.'}
      </p>
      <div className="share-row">
        {isConnected ? (
          <>
            <ActButton action={saveFolderAction}>{`Save to ${handle.name}`}</ActButton>
            <ActButton action={reloadFolderAction}>{`Reload from ${handle.name}`}</ActButton>
          </>
        ) : (
          <Button
            variant="primary"
            icon={<FolderSync size={14} />}
            onClick={() => void reconnectFolder(id).catch(tell)}
          >
            Reconnect folder
          </Button>
        )}
        <Button variant="quiet" onClick={() => void unlinkFolder(id).catch(tell)}>
          Unlink
        </Button>
      </div>
    </>
  )
}
