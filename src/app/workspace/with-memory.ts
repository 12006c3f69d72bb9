// What storage refuses is kept in memory: work goes on, is read from there, and is stored as soon as that works again.
import type { FileContent, Files } from '#workspace'
import type { WorkspaceEntry, WorkspaceStorage } from './storage.ts'

interface Unsaved {
  entry: WorkspaceEntry
  changes: Map<string, FileContent | null>
}

function applied(files: Files, changes: ReadonlyMap<string, FileContent | null>): Files {
  const next = new Map(files)
  for (const [path, content] of changes) {
    if (content === null) next.delete(path)
    else next.set(path, content)
  }
  return next
}

/**
 * `storage`, whose refused writes are remembered. Each write carries along what those before it, of any workspace,
 * could not store; it rejects when its own workspace is not stored.
 */
export function withMemory(storage: WorkspaceStorage): WorkspaceStorage {
  /** Written, and not known to be stored yet. */
  const unsaved = new Map<string, Unsaved>()
  /** Workspaces that storage is known to have: without it they cannot be read whole. */
  const stored = new Set<string>()

  async function store(id: string): Promise<void> {
    const { entry, changes } = unsaved.get(id)!
    const written = new Map(changes)
    await storage.write(entry, written)
    stored.add(id)
    const left = unsaved.get(id)
    if (!left) return
    for (const [path, content] of written)
      if (left.changes.get(path) === content) left.changes.delete(path)
    if (left.changes.size === 0 && left.entry === entry) unsaved.delete(id)
  }

  return {
    async list() {
      let entries: WorkspaceEntry[] = []
      try {
        entries = await storage.list()
        for (const { id } of entries) stored.add(id)
      } catch (error) {
        if (unsaved.size === 0) throw error
      }
      const others = entries.filter(({ id }) => !unsaved.has(id))
      return [...others, ...[...unsaved.values()].map(({ entry }) => entry)]
    },
    async read(id) {
      const kept = unsaved.get(id)
      if (!kept) return storage.read(id)
      const isAllHere = !stored.has(id)
      return applied(isAllHere ? new Map() : await storage.read(id), kept.changes)
    },
    async write(entry, changes) {
      const before = unsaved.get(entry.id)?.changes ?? []
      unsaved.set(entry.id, { entry, changes: new Map([...before, ...changes]) })
      await store(entry.id)
      for (const id of unsaved.keys()) if (id !== entry.id) await store(id).catch(() => undefined)
    },
    async remove(id) {
      await (stored.has(id) || !unsaved.has(id) ? storage.remove(id) : undefined)
      unsaved.delete(id)
      stored.delete(id)
    },
  }
}
