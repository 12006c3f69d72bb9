// Workspaces kept in memory, for as long as the page is open.
import type { FileContent } from '#workspace'
import type { BrowserStorage, WorkspaceEntry } from './storage.ts'

export function memoryStorage(): BrowserStorage {
  const entries = new Map<string, WorkspaceEntry>()
  const contents = new Map<string, Map<string, FileContent>>()
  return {
    list: async () => [...entries.values()],
    read: async (id) => new Map(contents.get(id)),
    async write(entry, changes) {
      const files = contents.get(entry.id) ?? new Map<string, FileContent>()
      for (const [path, content] of changes) {
        if (content === null) files.delete(path)
        else files.set(path, content)
      }
      entries.set(entry.id, entry)
      contents.set(entry.id, files)
    },
    async remove(id) {
      entries.delete(id)
      contents.delete(id)
    },
    dataHashes: async () => new Set(),
  }
}
