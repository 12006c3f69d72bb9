// Tabs of one browser share its storage: what one of them stores, the others are told.
import type { FileContent } from '#workspace'
import type { WorkspaceStorage } from './storage.ts'

/** What a tab stored of a workspace; `null` marks a removed file. */
interface StoredNews {
  kind: 'stored'
  id: string
  name: string
  changes: ReadonlyMap<string, FileContent | null>
}
export type StorageNews = StoredNews | { kind: 'removed'; id: string }

/** `storage`, telling of every write. At once and not when it is done: a page may be closing. */
export function announce(
  storage: WorkspaceStorage,
  tell: (news: StorageNews) => void,
): WorkspaceStorage {
  return {
    list: () => storage.list(),
    read: (id) => storage.read(id),
    write(entry, changes) {
      const done = storage.write(entry, changes)
      tell({ kind: 'stored', id: entry.id, name: entry.name, changes })
      return done
    },
    remove(id) {
      const done = storage.remove(id)
      tell({ kind: 'removed', id })
      return done
    },
  }
}
