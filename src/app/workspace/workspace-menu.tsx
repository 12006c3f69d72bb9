// The menu of workspaces: which one is open, the others, new ones from examples, name and end of each.
import { ChevronDown, Link2, Trash2 } from 'lucide-react'
import { toast } from 'sonner'
import { useStore } from 'zustand'
import type { Action } from '../actions/action.ts'
import { ActionItem } from '../actions/action-controls.tsx'
import { historyAction } from '../history/history-action.ts'
import { spaceAction } from '../space/space-action.ts'
import { Menu, MenuItem, MenuLabel, MenuSub } from '../ui/menu.tsx'
import { galleryAction } from '../gallery/gallery-actions.ts'
import { RenameDialog } from './rename-dialog.tsx'
import type { WorkspaceEntry } from './storage.ts'
import { useWorkspace } from './use-workspace.ts'
import {
  attempt,
  copyAction,
  lastUsed,
  newEmptyAction,
  openActions,
  renameAction,
  renaming,
} from './workspace-actions.ts'
import { workspaceStore } from './workspace.ts'
import './workspace-menu.css'

async function deleteWorkspace({ id, name }: WorkspaceEntry): Promise<void> {
  const undo = await workspaceStore.getState().removeWorkspace(id)
  toast(`Deleted workspace ${name}`, { action: { label: 'Undo', onClick: () => attempt(undo()) } })
}

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

/** `more` are actions of other parts of the page. */
export function WorkspaceMenu({ more }: { more: readonly Action[] }) {
  const entry = useWorkspace((state) => state.entry)
  const entries = useWorkspace((state) => state.entries)
  const { isOpen: isNaming } = useStore(renaming)
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
              <span
                className="chip"
                title={`Opened from ${entry.origin.from ?? 'a link'}. Nothing runs until you press Run.`}
              >
                <Link2 size={12} aria-hidden />{' '}
                <span className="workspace-origin">from {entry.origin.from ?? 'a link'}</span>
              </span>
            )}
            <span className="workspace-name">{entry?.name ?? 'Opening…'}</span>
            <ChevronDown size={14} aria-hidden />
          </button>
        }
        // Other tabs may have made, renamed or deleted some.
        onOpen={() => attempt(workspaceStore.getState().refreshEntries())}
      >
        <ActionItem action={renameAction}>Rename…</ActionItem>
        <ActionItem action={copyAction}>Make a copy (fork)</ActionItem>
        <ActionItem action={historyAction}>History…</ActionItem>
        <ActionItem action={spaceAction}>Storage…</ActionItem>
        <ActionItem action={newEmptyAction}>New, empty</ActionItem>
        <ActionItem action={galleryAction} />
        {more.map((action) => (
          <ActionItem key={action.id} action={action} />
        ))}
        {others.length > 0 && <MenuLabel>Your workspaces</MenuLabel>}
        {openActions(others).map(({ name, action }) => (
          <ActionItem key={action.id} action={action}>
            {name}
          </ActionItem>
        ))}
        <DeleteMenu others={others} />
      </Menu>
      {entry && isNaming && (
        <RenameDialog name={entry.name} onClose={() => renaming.setState({ isOpen: false })} />
      )}
    </>
  )
}
