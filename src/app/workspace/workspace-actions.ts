// Actions on workspaces: rename, copy, new ones, open another.
import { Copy, FolderOpen, Link2, Pencil, Plus } from 'lucide-react'
import { toast } from 'sonner'
import { createStore } from 'zustand/vanilla'
import type { Action } from '../actions/action.ts'
import { examples } from './examples.ts'
import type { WorkspaceEntry } from './storage.ts'
import { copyWorkspace, newEmptyWorkspace, openExample, workspaceStore } from './workspace.ts'

/** Shows what went wrong, as the menu is closed by then. */
export function attempt(act: Promise<unknown>): void {
  act.catch((error: unknown) => toast.error(error instanceof Error ? error.message : String(error)))
}

/** Whether the open workspace is being given a name. */
export const renaming = createStore(() => ({ isOpen: false }))

const group = 'Workspace'

export const renameAction: Action = {
  id: 'workspace.rename',
  title: 'Rename workspace…',
  group,
  icon: Pencil,
  isEnabled: () => {
    const { entry, holder } = workspaceStore.getState()
    return entry !== null && holder !== 'elsewhere'
  },
  run: () => renaming.setState({ isOpen: true }),
}

async function fork(): Promise<void> {
  const { entry } = workspaceStore.getState()
  await copyWorkspace()
  const now = workspaceStore.getState().entry
  toast.success(`This is ${now?.name} now. ${entry?.name} stays as it was.`)
}

export const copyAction: Action = {
  id: 'workspace.copy',
  title: 'Fork: make a copy of this workspace',
  group,
  icon: Copy,
  hint: 'to change it and keep the one that is there',
  isEnabled: () => workspaceStore.getState().entry !== null,
  run: () => attempt(fork()),
}

export const newEmptyAction: Action = {
  id: 'workspace.new',
  title: 'New empty workspace',
  group,
  icon: Plus,
  run: () => attempt(newEmptyWorkspace()),
}

/** An action of one of several things, with the name of the thing alone. */
interface NamedAction {
  name: string
  action: Action
}

const exampleActions: readonly Action[] = examples.map((example) => ({
  id: `workspace.example.${example.name}`,
  title: `New workspace from example ${example.name}`,
  group,
  run: () => attempt(openExample(example)),
}))

/** When a workspace was used last, in words short enough for a menu. */
export const lastUsed = ({ openedAt }: WorkspaceEntry): string =>
  new Date(openedAt).toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short' })

/** Opens one of these, in their order. */
export const openActions = (entries: readonly WorkspaceEntry[]): readonly NamedAction[] =>
  entries.map((entry) => ({
    name: entry.name,
    action: {
      id: `workspace.open.${entry.id}`,
      title: `Open workspace ${entry.name}`,
      group,
      icon: entry.origin.kind === 'link' ? Link2 : FolderOpen,
      hint:
        entry.origin.kind === 'link'
          ? `from ${entry.origin.from ?? 'a link'} · ${lastUsed(entry)}`
          : lastUsed(entry),
      run: () => attempt(workspaceStore.getState().openWorkspace(entry.id)),
    },
  }))

/** All of them; `entry` is the open workspace. */
export const workspaceActions = (
  entry: WorkspaceEntry | null,
  entries: readonly WorkspaceEntry[],
): readonly Action[] => [
  newEmptyAction,
  ...exampleActions,
  ...openActions(entries.filter(({ id }) => id !== entry?.id)).map(({ action }) => action),
  renameAction,
  copyAction,
]
