// Checkpoints of the open workspace, as the rest of the app sees them.
import { createStore, useStore } from 'zustand'
import { workspaceStore } from '../workspace/workspace.ts'
import { type CheckpointsState, createCheckpoints } from './checkpoints.ts'
import { browserCheckpoints } from './storage.ts'

export { type CheckpointEntry, isCheckpoint, isOpen, resumable } from './entry.ts'
export { createCheckpointCopies } from './copies.ts'

export const checkpointStorage = browserCheckpoints()
export const checkpoints = createCheckpoints(checkpointStorage)

/** How many epochs a run that is at its end is continued for. */
export const moreEpochs = createStore(() => ({ count: 5 }))

export function useCheckpoints<T>(select: (state: CheckpointsState) => T): T {
  return useStore(checkpoints, select)
}

/** Shows the checkpoints of whichever workspace is open; those of deleted workspaces are forgotten. */
export function followWorkspace(): void {
  const follow = () => void checkpoints.open(workspaceStore.getState().entry?.id)
  follow()
  workspaceStore.subscribe((now, before) => {
    if (now.entry?.id !== before.entry?.id) follow()
    const left = new Set(now.entries.map(({ id }) => id))
    for (const { id } of before.entries) if (!left.has(id)) void checkpointStorage.removeAll(id)
  })
}
