// What reloading from the linked folder would change, before it does.
import { toast } from 'sonner'
import { useStore } from 'zustand'
import { Button } from '../ui/button.tsx'
import { plural } from '../ui/format.ts'
import { applyChanges } from './apply-changes.ts'
import { closeDialog } from './dialog-store.ts'
import { folderReview } from './folder.ts'

const SIGNS = { added: '+', changed: '~', removed: '−' } as const

export function FolderReview() {
  const { review } = useStore(folderReview)
  if (!review) return null
  const { folder, changes, files } = review
  function reload(): void {
    try {
      const undo = applyChanges(
        new Map(
          changes.map(({ path, kind }) => [path, kind === 'removed' ? null : files.get(path)!]),
        ),
      )
      closeDialog()
      toast.success(`Took ${plural(changes.length, 'change')} from the folder ${folder}`, {
        action: { label: 'Undo', onClick: undo },
      })
    } catch (error) {
      toast.error(error instanceof Error ? error.message : String(error))
    }
  }
  return (
    <>
      <p>
        The folder <strong>{folder}</strong> differs from this workspace:
      </p>
      <ul className="change-list" aria-label="Changes" tabIndex={0}>
        {changes.map(({ path, kind }) => (
          <li key={path} className={`change change-${kind}`}>
            <span aria-hidden="true">{SIGNS[kind]}</span> <code>{path}</code> {kind}
          </li>
        ))}
      </ul>
      <div className="dialog-actions">
        <Button onClick={closeDialog}>Cancel</Button>
        <Button variant="primary" onClick={reload}>
          Take these changes
        </Button>
      </div>
    </>
  )
}
