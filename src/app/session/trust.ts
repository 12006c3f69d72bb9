// Whether the open workspace may run: own ones may, one from a link once its reader pressed Run.
import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import { useWorkspace, workspaceStore } from '../workspace/index.ts'

const accepted = createStore<{ ids: ReadonlySet<string> }>(() => ({ ids: new Set() }))

/** The reader pressed Run: the open workspace is trusted for as long as this page is open. */
export function acceptWorkspace(): void {
  const id = workspaceStore.getState().entry?.id
  if (id !== undefined) accepted.setState(({ ids }) => ({ ids: new Set([...ids, id]) }))
}

/** True while the open workspace came from a link and was not run in this page. */
export function useIsUntrusted(): boolean {
  const id = useWorkspace(({ entry }) => entry?.id)
  const isFromLink = useWorkspace(({ entry }) => entry?.origin.kind === 'link')
  const isAccepted = useStore(accepted, ({ ids }) => id !== undefined && ids.has(id))
  return isFromLink && !isAccepted
}
