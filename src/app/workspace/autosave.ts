// Saves the open workspace while the user works: within half a second, and at once when the page is left. Takes over
// what other tabs saved of it.
import type { FileContent, Files } from '#workspace'
import type { StorageNews } from './other-tabs.ts'
import type { WorkspaceEntry, WorkspaceStorage } from './storage.ts'
import type { WorkspaceState, WorkspaceStore } from './store.ts'

/** What `next` changes in `saved`; `null` marks a removed file. Unchanged content keeps its identity. */
function changesBetween(saved: Files, next: Files): Map<string, FileContent | null> {
  const changes = new Map<string, FileContent | null>()
  for (const [path, content] of next) if (saved.get(path) !== content) changes.set(path, content)
  for (const path of saved.keys()) if (!next.has(path)) changes.set(path, null)
  return changes
}

/** `files` with those changes that `isWanted`. */
function changed(
  files: Files,
  changes: ReadonlyMap<string, FileContent | null>,
  isWanted: (path: string) => boolean = () => true,
): Files {
  const next = new Map(files)
  for (const [path, content] of changes) {
    if (!isWanted(path)) continue
    if (content === null) next.delete(path)
    else next.set(path, content)
  }
  return next
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
  /** Takes over what another tab stored. Files with edits that are not saved here stay as they are. */
  adopt(news: StorageNews): void
  dispose(): void
}

/** Keeps `storage` up to date with `store`: `delayMs` after a first change, and when the workspace changes. */
export function autosave(
  store: WorkspaceStore,
  storage: WorkspaceStorage,
  delayMs = 500,
): Autosave {
  let saved = store.getState()
  /** Another tab deleted the open workspace: the next edit stores all of it again. */
  let isRemoved = false
  let timer: ReturnType<typeof setTimeout> | undefined
  let queue = Promise.resolve()

  /** Says that all is stored, unless the user went on meanwhile. */
  const settle = (): void => {
    if (isSame(store.getState(), saved)) store.setState({ saving: 'saved', saveError: undefined })
  }

  const write = (state: WorkspaceState): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    const entry = entryOf(state)
    if (!entry) return queue
    if (isSame(state, saved)) return (queue = queue.then(settle))
    const before = saved
    const known: Files = isRemoved ? new Map() : before.files
    saved = state
    isRemoved = false
    const stored = storage.write(entry, changesBetween(known, state.files))
    queue = Promise.all([queue, stored]).then(
      () => {
        if (saved === state) settle()
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
    if (isSame(state, before) || isSame(state, saved)) return
    if (state.entry?.id !== before.entry?.id) {
      void write(before)
      // What was just opened came from storage, unless that refused it.
      saved = state.saving === 'failed' ? { ...state, files: unknownFiles(state) } : state
      isRemoved = false
      return
    }
    if (state.saving !== 'pending') store.setState({ saving: 'pending' })
    timer ??= setTimeout(() => void write(store.getState()), delayMs)
  })

  return {
    flush: () => write(store.getState()),
    adopt(news) {
      const { entry, files } = store.getState()
      if (entry?.id !== news.id) return
      if (news.kind === 'removed') {
        isRemoved = true
        return
      }
      const { name, changes } = news
      if (changes.size === 0 && name === entry.name) return
      const stored = changed(saved.files, changes)
      const isUntouched = (path: string) => files.get(path) === saved.files.get(path)
      const next = files === saved.files ? stored : changed(files, changes, isUntouched)
      const isNamedHere = saved.entry !== entry
      const named = isNamedHere || entry.name === name ? entry : { ...entry, name }
      saved = { ...saved, files: stored, entry: isNamedHere ? saved.entry : named }
      store.getState().adopt(named, next)
    },
    dispose() {
      unsubscribe()
      clearTimeout(timer)
    },
  }
}
