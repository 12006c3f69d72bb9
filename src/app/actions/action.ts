// What a user can do, each defined once: buttons, menus, keys and the palette have it from there.
import type { LucideIcon } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import { checkpoints } from '../checkpoints/index.ts'
import { runsStore } from '../runs/runs-store.ts'
import { runsView } from '../runs/runs-view.ts'
import { engineStore } from '../store/store.ts'
import type { Keys } from '../ui/keys.ts'
import { workspaceStore } from '../workspace/workspace.ts'

export interface Action {
  /** Unlike that of any other. */
  readonly id: string
  readonly title: string
  /** What it belongs to. */
  readonly group: string
  readonly icon?: LucideIcon
  /** What it does, where the title doesn't say it. */
  readonly hint?: string | undefined
  /** The first is shown. */
  readonly keys?: readonly Keys[]
  /** Whether it can be done now, by engine and workspace; always when left out. */
  readonly isEnabled?: () => boolean
  /** Leaves the palette open: it is about the palette. */
  readonly staysInPalette?: boolean
  run(): void
}

const always = (): boolean => true

export const isEnabled = ({ isEnabled: test = always }: Action): boolean => test()

function subscribe(listen: () => void): () => void {
  const stores = [engineStore, workspaceStore, checkpoints, runsStore, runsView]
  const undo = stores.map((store) => store.subscribe(listen))
  return () => undo.forEach((end) => end())
}

export function useIsEnabled(action: Pick<Action, 'isEnabled'>): boolean {
  return useSyncExternalStore(subscribe, action.isEnabled ?? always)
}
