// Saves the open workspace while the user works: within half a second, and at once when the page is left.
import type { FileContent, Files } from './files.ts'
import type { WorkspaceEntry, WorkspaceStorage } from './storage.ts'
import type { WorkspaceState, WorkspaceStore } from './store.ts'

/** What `next` changes in `saved`; `null` marks a removed file. Unchanged content keeps its identity. */
function changesBetween(saved: Files, next: Files): Map<string, FileContent | null> {
  const changes = new Map<string, FileContent | null>()
  for (const [path, content] of next) if (saved.get(path) !== content) changes.set(path, content)
  for (const path of saved.keys()) if (!next.has(path)) changes.set(path, null)
  return changes
}

const entryOf = ({ entry, tabs, active }: WorkspaceState): WorkspaceEntry | null =>
  entry && { ...entry, tabs, active }

const isSame = (a: WorkspaceState, b: WorkspaceState): boolean =>
  a.entry === b.entry && a.files === b.files && a.tabs === b.tabs && a.active === b.active

/** Stands for files of which nobody knows what is stored: the next save writes or removes every one. */
function unknownFiles(...states: WorkspaceState[]): Files {
  const unknown = new Uint8Array()
  return new Map(states.flatMap(({ files }) => [...files.keys()].map((path) => [path, unknown])))
}

export interface Autosave {
  /** Writes what is not saved yet. Resolves when it is stored; failures end up in the store's `saving`. */
  flush(): Promise<void>
  dispose(): void
}

/** Keeps `storage` up to date with `store`: `delayMs` after a first change, and when the workspace changes. */
export function autosave(
  store: WorkspaceStore,
  storage: WorkspaceStorage,
  delayMs = 500,
): Autosave {
  let saved = store.getState()
  let timer: ReturnType<typeof setTimeout> | undefined
  let queue = Promise.resolve()

  const write = (state: WorkspaceState): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    const entry = entryOf(state)
    if (!entry || isSame(state, saved)) return queue
    const before = saved
    saved = state
    const stored = storage.write(entry, changesBetween(before.files, state.files))
    queue = Promise.all([queue, stored]).then(
      () => {
        if (saved === state) store.setState({ saving: 'saved', saveError: undefined })
      },
      (reason: unknown) => {
        if (saved.entry?.id === entry.id) saved = { ...saved, files: unknownFiles(before, saved) }
        const saveError = reason instanceof Error ? reason.message : String(reason)
        store.setState({ saving: 'failed', saveError })
      },
    )
    return queue
  }

  const unsubscribe = store.subscribe((state, before) => {
    if (isSame(state, before)) return
    if (state.entry?.id !== before.entry?.id) {
      void write(before)
      // What was just opened came from storage.
      saved = state
      store.setState({ saving: 'saved', saveError: undefined })
      return
    }
    if (state.saving !== 'pending') store.setState({ saving: 'pending' })
    timer ??= setTimeout(() => void write(store.getState()), delayMs)
  })

  return {
    flush: () => write(store.getState()),
    dispose() {
      unsubscribe()
      clearTimeout(timer)
    },
  }
}
