// The workspace as files: a zip, a folder of this computer.
import { pointerOf, sizeOf } from '#workspace'
import { useStore } from 'zustand'
import { type Action, useIsEnabled } from '../actions/action.ts'
import { Button } from '../ui/button.tsx'
import { formatBytes, plural } from '../ui/format.ts'
import { useWorkspace } from '../workspace/use-workspace.ts'
import { linkedFolders } from './folder.ts'
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
  const id = useWorkspace((state) => state.entry?.id)
  const folder = useStore(linkedFolders, ({ byWorkspace }) => byWorkspace[id ?? ''])
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
        <ActButton action={saveFolderAction}>
          {folder ? `Save to ${folder.name}` : 'Save to a folder…'}
        </ActButton>
        <ActButton action={reloadFolderAction}>
          {folder ? `Reload from ${folder.name}` : 'Reload from a folder…'}
        </ActButton>
      </div>
      {'showDirectoryPicker' in globalThis ? null : (
        <p className="share-note">
          This browser lets no page write to a folder; a zip does the same.
        </p>
      )}
    </>
  )
}
