// The workspace store for React.
import { useStore } from 'zustand'
import type { WorkspaceState } from './store.ts'
import { workspaceStore } from './workspace.ts'

/** Renders again when what `selector` picks changes. */
export function useWorkspace<T>(selector: (state: WorkspaceState) => T): T {
  return useStore(workspaceStore, selector)
}
