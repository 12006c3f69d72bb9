// The open workspace: its files, tabs and place in the list of stored ones. Vanilla zustand, no React.
import {
  type FileContent,
  type Files,
  filesProblem,
  isLibraryPath,
  newFileProblem,
  newPathProblem,
  sizeProblem,
} from '#workspace'
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { WorkspaceEntry, WorkspaceOrigin, WorkspaceStorage } from './storage.ts'

/** Something to tell the user about the workspace as a whole. */
export interface Notice {
  tone: 'info' | 'error'
  title: string
  text: string
}

export interface NewWorkspace {
  name: string
  origin: WorkspaceOrigin
  files: Files
  /** File shown first. */
  active?: string | undefined
}

export interface WorkspaceState {
  /** `null` until the first workspace is open. */
  entry: WorkspaceEntry | null
  files: Files
  /** Open tabs: workspace paths, and library paths for read-only sources. */
  tabs: readonly string[]
  active: string | null
  /** All stored workspaces, last opened first. */
  entries: readonly WorkspaceEntry[]
  /** `failed` carries its reason in `saveError`. */
  saving: 'saved' | 'pending' | 'failed'
  saveError: string | undefined
  /** The tab that may change the open workspace; `asking` until that is known, when changes are taken too. */
  holder: 'here' | 'asking' | 'elsewhere'
  notice: Notice | null

  /** Adds a file and opens it. Throws an `Error` that names the rule a path or size breaks. */
  create(path: string, content: FileContent, options?: { open?: boolean }): void
  /** Replaces the content of a file. Throws when there is no such file. */
  edit(path: string, content: FileContent): void
  /** Moves a file; its tab goes with it. Throws as `create` does. */
  rename(from: string, to: string): void
  /** Removes a file. The returned function brings it back, unless its path was taken meanwhile. */
  remove(path: string): () => void
  /** Puts other files in the place of all. Throws an `Error` that names the rule they break. */
  replaceFiles(files: Files): void
  openFile(path: string): void
  closeTab(path: string): void
  /** Moves a tab to another place in the row. */
  moveTab(path: string, index: number): void

  /** Stores a new workspace and opens it, also where storage refuses it; the one open before stays as it is. */
  newWorkspace(init: NewWorkspace): Promise<void>
  openWorkspace(id: string): Promise<void>
  /** Shows the open workspace as another tab stored it; tabs of files that are gone close. */
  adopt(entry: WorkspaceEntry, files: Files): void
  renameWorkspace(name: string): void
  /** Deletes a stored workspace that is not open. The returned function stores it again. */
  removeWorkspace(id: string): Promise<() => Promise<void>>
  refreshEntries(): Promise<void>
  setNotice(notice: Notice | null): void
}

export type WorkspaceStore = StoreApi<WorkspaceState>

const FIRST_FILES = ['README.md', 'plugboard.yaml']

/** The file that a newcomer should see first: the only plugin; of several none tells what they are for. */
function firstFile(files: Files): string | null {
  const paths = [...files.keys()].sort()
  const [plugin, ...others] = paths.filter((path) => path.startsWith('plugins/'))
  if (plugin !== undefined && others.length === 0) return plugin
  return FIRST_FILES.find((path) => files.has(path)) ?? paths[0] ?? null
}

/** The tabs that `files` still have, and the one to show. */
function tabsIn(
  files: Files,
  { tabs, active }: Pick<WorkspaceEntry, 'tabs' | 'active'>,
): Pick<WorkspaceEntry, 'tabs' | 'active'> {
  const kept = tabs.filter((path) => files.has(path) || isLibraryPath(path))
  return {
    tabs: kept.length === tabs.length ? tabs : kept,
    active: kept.find((path) => path === active) ?? kept[0] ?? null,
  }
}

const ELSEWHERE =
  'This workspace is open in another tab. Take over editing here, or make a copy, then try again.'

const messageOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message : String(thrown)

/** A store over `storage`. Saving is `autosave`'s part. */
export function createWorkspaceStore(storage: WorkspaceStorage): WorkspaceStore {
  return createStore<WorkspaceState>()((set, get) => {
    const withFiles = (change: (files: Map<string, FileContent>) => void): Files => {
      const files = new Map(get().files)
      change(files)
      return files
    }
    const show = (entry: WorkspaceEntry, files: Files, saveError?: string): void => {
      const saving = saveError === undefined ? 'saved' : 'failed'
      set({ entry, files, ...tabsIn(files, entry), notice: null, saving, saveError })
    }
    const mayChange = (): void => {
      if (get().holder === 'elsewhere') throw new Error(ELSEWHERE)
    }
    /** Later than any other, also when the clock was set back: the workspace used last is known by it. */
    const openedNow = (): number =>
      Math.max(Date.now(), ...get().entries.map(({ openedAt }) => openedAt + 1))
    const addable = (path: string, content: FileContent): void => {
      mayChange()
      const { files } = get()
      const problem = newFileProblem(path, content, files)
      if (problem !== undefined) throw new Error(problem)
    }

    return {
      entry: null,
      files: new Map(),
      tabs: [],
      active: null,
      entries: [],
      saving: 'saved',
      saveError: undefined,
      holder: 'here',
      notice: null,

      create(path, content, { open = true } = {}) {
        addable(path, content)
        set({ files: withFiles((files) => files.set(path, content)) })
        if (open) get().openFile(path)
      },
      edit(path, content) {
        const before = get().files.get(path)
        if (before === undefined) throw new Error(`There is no file named ${path}.`)
        if (before === content) return
        mayChange()
        const files = withFiles((next) => next.set(path, content))
        const problem = sizeProblem(files)
        if (problem !== undefined) throw new Error(problem)
        set({ files })
      },
      rename(from, to) {
        if (from === to) return
        mayChange()
        const { files, tabs, active } = get()
        const content = files.get(from)
        if (content === undefined) throw new Error(`There is no file named ${from}.`)
        const others = [...files.keys()].filter((path) => path !== from)
        const problem = newPathProblem(to, others)
        if (problem !== undefined) throw new Error(problem)
        const moved = (path: string): string => (path === from ? to : path)
        set({
          files: new Map([...files].map(([path, text]) => [moved(path), text])),
          tabs: tabs.map(moved),
          active: active === null ? null : moved(active),
        })
      },
      remove(path) {
        const { entry, files, tabs } = get()
        const content = files.get(path)
        if (content === undefined) throw new Error(`There is no file named ${path}.`)
        mayChange()
        const index = tabs.indexOf(path)
        get().closeTab(path)
        set({ files: withFiles((next) => next.delete(path)) })
        return () => {
          if (get().entry?.id !== entry?.id || get().files.has(path)) return
          get().create(path, content, { open: index >= 0 })
          if (index >= 0) get().moveTab(path, index)
        }
      },
      replaceFiles(files) {
        mayChange()
        const problem = filesProblem(files)
        if (problem !== undefined) throw new Error(problem)
        set({ files, ...tabsIn(files, get()) })
      },
      openFile(path) {
        const { files, tabs } = get()
        if (!files.has(path) && !isLibraryPath(path)) return
        set({ active: path, tabs: tabs.includes(path) ? tabs : [...tabs, path] })
      },
      closeTab(path) {
        const { tabs, active } = get()
        const index = tabs.indexOf(path)
        if (index < 0) return
        const rest = tabs.toSpliced(index, 1)
        const next = rest[Math.min(index, rest.length - 1)] ?? null
        set({ tabs: rest, active: active === path ? next : active })
      },
      moveTab(path, index) {
        const rest = get().tabs.filter((tab) => tab !== path)
        set({ tabs: rest.toSpliced(index, 0, path) })
      },

      async newWorkspace({ name, origin, files, active }) {
        const problem = filesProblem(files)
        if (problem !== undefined) throw new Error(problem)
        const first = active ?? firstFile(files)
        const entry: WorkspaceEntry = {
          id: crypto.randomUUID(),
          name,
          origin,
          createdAt: Date.now(),
          openedAt: openedNow(),
          tabs: first === null ? [] : [first],
          active: first,
        }
        const refusal = await storage.write(entry, files).then(() => undefined, messageOf)
        show(entry, files, refusal)
        await get()
          .refreshEntries()
          .catch(() => undefined)
      },
      async openWorkspace(id) {
        if (get().entry?.id === id) return
        const stored = (await storage.list()).find((entry) => entry.id === id)
        if (!stored) throw new Error('This workspace is no longer stored in this browser.')
        const files = await storage.read(id)
        const entry = { ...stored, openedAt: openedNow() }
        const refusal = await storage.write(entry, new Map()).then(() => undefined, messageOf)
        show(entry, files, refusal)
        await get().refreshEntries()
      },
      adopt(entry, files) {
        set({ entry, files, ...tabsIn(files, get()) })
      },
      renameWorkspace(name) {
        const { entry, entries } = get()
        const trimmed = name.trim().slice(0, 100)
        if (!entry || trimmed === '') return
        mayChange()
        const renamed = { ...entry, name: trimmed }
        set({
          entry: renamed,
          entries: entries.map((other) => (other.id === entry.id ? renamed : other)),
        })
      },
      async removeWorkspace(id) {
        const stored = (await storage.list()).find((entry) => entry.id === id)
        if (!stored || get().entry?.id === id) {
          throw new Error('Open another workspace before you delete this one.')
        }
        const files = await storage.read(id)
        await storage.remove(id)
        await get().refreshEntries()
        return async () => {
          await storage.write(stored, files)
          await get().refreshEntries()
        }
      },
      async refreshEntries() {
        const entries = await storage.list()
        set({ entries: entries.toSorted((a, b) => b.openedAt - a.openedAt) })
      },
      setNotice: (notice) => set({ notice }),
    }
  })
}
