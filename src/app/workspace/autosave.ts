// Saves the open workspace while the user works: within half a second, and at once when the page is left. Takes over
// what other tabs saved of it.
import { type FileContent, type Files, isSameContent } from '#workspace'
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

/** `files`, in which what equals `known` is that: nothing of it counts as changed. */
function withKnown(known: Files, files: Files): Files {
  const next = new Map(
    [...files].map(([path, content]) => {
      const here = known.get(path)
      return [path, here !== undefined && isSameContent(here, content) ? here : content]
    }),
  )
  const isAll = next.size === known.size && [...next].every(([path, it]) => known.get(path) === it)
  return isAll ? known : next
}

const entryOf = ({ entry, tabs, active }: WorkspaceState): WorkspaceEntry | null =>
  entry && { ...entry, tabs, active }

const isSame = (a: WorkspaceState, b: WorkspaceState): boolean =>
  a.entry === b.entry && a.files === b.files && a.tabs === b.tabs && a.active === b.active

/** Wait after a failed save, in ms; doubled with each that fails, up to the second. */
const RETRY_MS = [2_000, 60_000] as const

export interface Autosave {
  /** Writes what is not saved yet. Resolves when it is stored; failures end up in the store's `saving`. */
  flush(): Promise<void>
  /** Whether there are edits that storage was not given yet. */
  hasUnsaved(): boolean
  /** Takes over what another tab stored. Files with edits that are not saved here stay as they are. */
  adopt(news: StorageNews): void
  /** Takes over all that is stored, which other tabs may have written unheard. Nothing is unsaved by then. */
  reread(): Promise<void>
  dispose(): void
}

/**
 * Keeps `storage`, which remembers what it could not store, up to date with `store`: `delayMs` after a first change, and
 * when the workspace changes. What failed is tried again.
 */
export function autosave(
  store: WorkspaceStore,
  storage: WorkspaceStorage,
  delayMs = 500,
): Autosave {
  let saved = store.getState()
  /** Another tab deleted the open workspace: the next edit stores all of it again. */
  let isRemoved = false
  let retryMs: number = RETRY_MS[0]
  let retry: ReturnType<typeof setTimeout> | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let queue = Promise.resolve()

  /** Says that all is stored, unless the user went on meanwhile. */
  const settle = (): void => {
    if (isSame(store.getState(), saved)) store.setState({ saving: 'saved', saveError: undefined })
  }

  const write = (state: WorkspaceState): Promise<void> => {
    clearTimeout(timer)
    clearTimeout(retry)
    timer = undefined
    const entry = entryOf(state)
    // The tab that may change it saves it.
    if (!entry || state.holder === 'elsewhere') return queue
    const hasFailed = store.getState().saving === 'failed'
    if (isSame(state, saved) && !hasFailed) return (queue = queue.then(settle))
    const changes = changesBetween(isRemoved ? new Map() : saved.files, state.files)
    saved = state
    isRemoved = false
    const stored = storage.write(entry, changes)
    queue = Promise.all([queue, stored]).then(
      () => {
        retryMs = RETRY_MS[0]
        if (saved === state) settle()
      },
      (reason: unknown) => {
        const saveError = reason instanceof Error ? reason.message : String(reason)
        store.setState({ saving: 'failed', saveError })
        retry = setTimeout(() => void write(store.getState()), retryMs)
        retryMs = Math.min(2 * retryMs, RETRY_MS[1])
      },
    )
    return queue
  }

  const unsubscribe = store.subscribe((state, before) => {
    if (isSame(state, before) || isSame(state, saved)) return
    if (state.entry?.id !== before.entry?.id) {
      void write(before)
      // What was just opened came from storage or went there.
      saved = state
      isRemoved = false
      if (state.saving === 'failed') retry = setTimeout(() => void write(store.getState()), retryMs)
      return
    }
    if (state.holder === 'elsewhere') return
    // What failed stays told until it is stored.
    if (state.saving === 'saved') store.setState({ saving: 'pending' })
    timer ??= setTimeout(() => void write(store.getState()), delayMs)
  })

  return {
    flush: () => write(store.getState()),
    hasUnsaved() {
      const { entry, files } = store.getState()
      return files !== saved.files || entry !== saved.entry
    },
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
    async reread() {
      const { entry } = store.getState()
      if (!entry) return
      const stored = (await storage.list()).find(({ id }) => id === entry.id)
      if (!stored) {
        isRemoved = true
        return
      }
      const files = withKnown(store.getState().files, await storage.read(entry.id))
      if (store.getState().entry !== entry) return
      const named = stored.name === entry.name ? entry : { ...entry, name: stored.name }
      saved = { ...store.getState(), entry: named, files }
      store.getState().adopt(named, files)
    },
    dispose() {
      unsubscribe()
      clearTimeout(timer)
      clearTimeout(retry)
    },
  }
}
