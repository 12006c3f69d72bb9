// Whether the open workspace may run: own ones may, one from a link once its reader asked for any of its code.
import type { LifecycleStep } from '#protocol'
import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import { useWorkspace, workspaceStore } from '../workspace/index.ts'

const accepted = createStore<{ ids: ReadonlySet<string> }>(() => ({ ids: new Set() }))

/** The reader asked for it to run: the open workspace is trusted for as long as this page is open. */
export function acceptWorkspace(): void {
  const id = workspaceStore.getState().entry?.id
  if (id !== undefined) accepted.setState(({ ids }) => ({ ids: new Set([...ids, id]) }))
}

/** Whether a step runs the plugin's code: to validate is to read its manifest. */
export const runsCode = (step: LifecycleStep): boolean => step !== 'validate'

/** True while the open workspace came from a link and its reader did not ask for it to run. */
export function useIsUntrusted(): boolean {
  const { ids } = useStore(accepted)
  return useWorkspace(({ entry }) => entry?.origin.kind === 'link' && !ids.has(entry.id))
}
