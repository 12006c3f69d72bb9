// The history of the open workspace, taken while the page is open. Loaded after the first paint.
import { createStore } from 'zustand/vanilla'
import { engineStore } from '../store/store.ts'
import { openDatabase, workspaceStore } from '../workspace/workspace.ts'
import { createHistory } from './history.ts'
import { followHistory, type Recorder } from './recorder.ts'
import type { Cause } from './state.ts'
import { browserHistory } from './storage.ts'

const storage = browserHistory(openDatabase)
export const history = createHistory(storage)

/** How often states were taken, and why storage refused the last one. */
export const recorded = createStore<{ count: number; failure: string | undefined }>(() => ({
  count: 0,
  failure: undefined,
}))

let recorder: Recorder | undefined

/** Takes the state as it is now. */
export const record = async (cause: Cause): Promise<void> => recorder?.record(cause)

/** Forgets all states of a workspace. */
export async function forgetHistory(id: string): Promise<void> {
  await storage.removeAll(id)
  recorded.setState(({ count }) => ({ count: count + 1, failure: undefined }))
}

/** Forgets states of a workspace that cannot be read. */
export async function forgetDamaged(id: string): Promise<void> {
  await history.removeDamaged(id)
  recorded.setState(({ count }) => ({ count: count + 1 }))
}

/** Takes states from here on. Call once. */
export function startHistory(): void {
  recorder = followHistory(workspaceStore, history, {
    onRecorded: (failure) => recorded.setState(({ count }) => ({ count: count + 1, failure })),
  })
  engineStore.subscribe((view, before) => {
    const started = view.run.current?.id
    if (started !== undefined && started !== before.run.current?.id) void record('run')
  })
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') void record('edited')
  })
  // Without storage there is nothing to forget.
  void storage.removeOrphans().catch(() => undefined)
}
