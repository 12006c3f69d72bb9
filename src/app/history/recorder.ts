// Takes states of the open workspace: when edits have settled, when a run starts, and before files vanish.
import type { Files } from '#workspace'
import type { WorkspaceState, WorkspaceStore } from '../workspace/store.ts'
import type { History } from './history.ts'
import type { Cause } from './state.ts'

export interface Recorder {
  /** Takes the state as it is now. Resolves when it is stored or refused. */
  record(cause: Cause): Promise<void>
  dispose(): void
}

export interface RecorderOptions {
  /** Edits have settled after this time without one. */
  quietMs?: number
  /** A state is taken in this time however long typing goes on. */
  mostMs?: number
  /** Called after each try: with `undefined`, or with why storage refused. */
  onRecorded(failure: string | undefined): void
}

/** Whether more happened than typing in a file: what was before is not to be had by undo. */
function isRebuilt(before: Files, after: Files): boolean {
  let changed = 0
  for (const [path, content] of before) {
    if (!after.has(path)) return true
    if (after.get(path) !== content) changed++
  }
  return changed > 1
}

export function followHistory(
  store: WorkspaceStore,
  history: History,
  { quietMs = 10_000, mostMs = 120_000, onRecorded }: RecorderOptions,
): Recorder {
  let quiet: ReturnType<typeof setTimeout> | undefined
  let most: ReturnType<typeof setTimeout> | undefined

  const settle = (): void => {
    clearTimeout(quiet)
    clearTimeout(most)
    quiet = undefined
    most = undefined
  }
  async function take({ entry, files, holder }: WorkspaceState, cause: Cause): Promise<void> {
    settle()
    // The tab that may change the workspace keeps its history.
    if (!entry || holder === 'elsewhere') return
    try {
      await history.record(entry.id, files, cause)
      onRecorded(undefined)
    } catch (error) {
      onRecorded(error instanceof Error ? error.message : String(error))
    }
  }
  const takeNow = (cause: Cause): Promise<void> => take(store.getState(), cause)

  const unsubscribe = store.subscribe((state, before) => {
    if (state.entry?.id !== before.entry?.id) {
      if (quiet !== undefined) void take(before, 'edited')
      void take(state, 'opened')
      return
    }
    if (state.files === before.files || state.holder === 'elsewhere') return
    if (isRebuilt(before.files, state.files)) void take(before, 'before')
    clearTimeout(quiet)
    quiet = setTimeout(() => void takeNow('edited'), quietMs)
    most ??= setTimeout(() => void takeNow('edited'), mostMs)
  })
  void takeNow('opened')

  return {
    record: takeNow,
    dispose() {
      unsubscribe()
      settle()
    },
  }
}
