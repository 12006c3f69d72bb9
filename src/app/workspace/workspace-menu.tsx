// The menu of workspaces: which one is open, the others, new ones from examples, name and end of each.
import { ChevronDown, Link2, Pencil, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { toast } from 'sonner'
import { Menu, MenuItem, MenuLabel, MenuSub } from '../ui/menu.tsx'
import { examples } from './examples.ts'
import { RenameDialog } from './rename-dialog.tsx'
import type { WorkspaceEntry } from './storage.ts'
import { useWorkspace } from './use-workspace.ts'
import { newEmptyWorkspace, openExample, workspaceStore } from './workspace.ts'
import './workspace-menu.css'

/** Shows what went wrong, as the menu is closed by then. */
function attempt(act: Promise<unknown>): void {
  act.catch((error: unknown) => toast.error(error instanceof Error ? error.message : String(error)))
}

async function deleteWorkspace({ id, name }: WorkspaceEntry): Promise<void> {
  const undo = await workspaceStore.getState().removeWorkspace(id)
  toast(`Deleted workspace ${name}`, { action: { label: 'Undo', onClick: () => attempt(undo()) } })
}

/** When a workspace was used last, in words short enough for a menu. */
const lastUsed = ({ openedAt }: WorkspaceEntry): string =>
  new Date(openedAt).toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short' })

function DeleteMenu({ others }: { others: readonly WorkspaceEntry[] }) {
  if (others.length === 0) return null
  return (
    <MenuSub icon={<Trash2 size={14} />} title="Delete a workspace">
      {others.map((entry) => (
        <MenuItem
          key={entry.id}
          hint={lastUsed(entry)}
          onSelect={() => attempt(deleteWorkspace(entry))}
        >
          {entry.name}
        </MenuItem>
      ))}
    </MenuSub>
  )
}

export function WorkspaceMenu() {
  const entry = useWorkspace((state) => state.entry)
  const entries = useWorkspace((state) => state.entries)
  const [isNaming, setIsNaming] = useState(false)
  const others = entries.filter(({ id }) => id !== entry?.id)
  return (
    <>
      <Menu
        trigger={
          <button
            type="button"
            className="workspace-trigger button button-quiet"
            aria-label={`Workspace ${entry?.name ?? ''}`}
          >
            {entry?.origin.kind === 'link' && (
              <span className="chip" title="Opened from a link. Nothing runs until you press Run.">
                <Link2 size={12} aria-hidden /> from a link
              </span>
            )}
            <span className="workspace-name">{entry?.name ?? 'Opening…'}</span>
            <ChevronDown size={14} aria-hidden />
          </button>
        }
        // Other tabs may have made, renamed or deleted some.
        onOpen={() => attempt(workspaceStore.getState().refreshEntries())}
      >
        <MenuItem icon={<Pencil size={14} />} onSelect={() => setIsNaming(true)}>
          Rename…
        </MenuItem>
        <MenuItem icon={<Plus size={14} />} onSelect={() => attempt(newEmptyWorkspace())}>
          New, empty
        </MenuItem>
        <MenuLabel>New from an example</MenuLabel>
        {examples.map((example) => (
          <MenuItem
            key={example.name}
            hint={example.description}
            onSelect={() => attempt(openExample(example))}
          >
            {example.name}
          </MenuItem>
        ))}
        {others.length > 0 && <MenuLabel>Your workspaces</MenuLabel>}
        {others.map((other) => (
          <MenuItem
            key={other.id}
            icon={other.origin.kind === 'link' && <Link2 size={14} aria-label="from a link" />}
            hint={lastUsed(other)}
            onSelect={() => attempt(workspaceStore.getState().openWorkspace(other.id))}
          >
            {other.name}
          </MenuItem>
        ))}
        <DeleteMenu others={others} />
      </Menu>
      {entry && isNaming && <RenameDialog name={entry.name} onClose={() => setIsNaming(false)} />}
    </>
  )
}
