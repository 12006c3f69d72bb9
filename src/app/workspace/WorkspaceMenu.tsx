// The menu of workspaces: which one is open, the others, new ones from examples, name and end of each.
import { ChevronDown, Link2, Pencil, Plus, Trash2 } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { useState } from 'react'
import { toast } from 'sonner'
import { examples } from './examples.ts'
import { RenameDialog } from './RenameDialog.tsx'
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
function lastUsed(time: number): string {
  return new Date(time).toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short' })
}

function OpenItem({ entry }: { entry: WorkspaceEntry }) {
  return (
    <DropdownMenu.Item
      className="menu-item"
      onSelect={() => attempt(workspaceStore.getState().openWorkspace(entry.id))}
    >
      <span className="menu-text">
        {entry.origin.kind === 'link' && <Link2 size={13} aria-label="from a link" />} {entry.name}
      </span>
      <span className="menu-detail">{lastUsed(entry.openedAt)}</span>
    </DropdownMenu.Item>
  )
}

function DeleteMenu({ others }: { others: readonly WorkspaceEntry[] }) {
  if (others.length === 0) return null
  return (
    <DropdownMenu.Sub>
      <DropdownMenu.SubTrigger className="menu-item">
        <Trash2 size={14} aria-hidden /> Delete a workspace
      </DropdownMenu.SubTrigger>
      <DropdownMenu.Portal>
        <DropdownMenu.SubContent className="menu" collisionPadding={8}>
          {others.map((entry) => (
            <DropdownMenu.Item
              key={entry.id}
              className="menu-item"
              onSelect={() => attempt(deleteWorkspace(entry))}
            >
              <span className="menu-text">{entry.name}</span>
              <span className="menu-detail">{lastUsed(entry.openedAt)}</span>
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.SubContent>
      </DropdownMenu.Portal>
    </DropdownMenu.Sub>
  )
}

export function WorkspaceMenu() {
  const entry = useWorkspace((state) => state.entry)
  const entries = useWorkspace((state) => state.entries)
  const [isNaming, setIsNaming] = useState(false)
  const others = entries.filter(({ id }) => id !== entry?.id)
  return (
    <>
      <DropdownMenu.Root>
        <DropdownMenu.Trigger
          className="workspace-trigger"
          aria-label={`Workspace ${entry?.name ?? ''}`}
        >
          {entry?.origin.kind === 'link' && (
            <span
              className="workspace-badge"
              title="Opened from a link. Nothing runs until you press Run."
            >
              <Link2 size={12} aria-hidden /> from a link
            </span>
          )}
          <span className="workspace-name">{entry?.name ?? 'Opening…'}</span>
          <ChevronDown size={14} aria-hidden />
        </DropdownMenu.Trigger>
        <DropdownMenu.Portal>
          <DropdownMenu.Content className="menu" align="start" sideOffset={4} collisionPadding={8}>
            <DropdownMenu.Item className="menu-item" onSelect={() => setIsNaming(true)}>
              <Pencil size={14} aria-hidden /> Rename…
            </DropdownMenu.Item>
            <DropdownMenu.Item className="menu-item" onSelect={() => attempt(newEmptyWorkspace())}>
              <Plus size={14} aria-hidden /> New, empty
            </DropdownMenu.Item>
            <DropdownMenu.Label className="menu-label">New from an example</DropdownMenu.Label>
            {examples.map((example) => (
              <DropdownMenu.Item
                key={example.name}
                className="menu-item"
                onSelect={() => attempt(openExample(example))}
              >
                <span className="menu-text">{example.name}</span>
                <span className="menu-detail">{example.description}</span>
              </DropdownMenu.Item>
            ))}
            {others.length > 0 && (
              <DropdownMenu.Label className="menu-label">Your workspaces</DropdownMenu.Label>
            )}
            {others.map((other) => (
              <OpenItem key={other.id} entry={other} />
            ))}
            <DeleteMenu others={others} />
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu.Root>
      {entry && isNaming && <RenameDialog name={entry.name} onClose={() => setIsNaming(false)} />}
    </>
  )
}
