// Workspaces in IndexedDB: one record per workspace and one per file, so that a save writes only what changed.
import { type FileContent, type Files, pathProblem, pointerOf } from '#workspace'
import { settled, storageError } from '../storage/database.ts'
import { keysOf, type WorkspaceDatabase } from './database.ts'
import { isContent, isEntry, type WorkspaceEntry } from './entry.ts'

export type { WorkspaceEntry, WorkspaceOrigin } from './entry.ts'

/** Where workspaces are kept. */
export interface WorkspaceStorage {
  list(): Promise<WorkspaceEntry[]>
  read(id: string): Promise<Files>
  /** Stores the entry and each change; `null` removes a file. All or nothing. */
  write(entry: WorkspaceEntry, changes: ReadonlyMap<string, FileContent | null>): Promise<void>
  remove(id: string): Promise<void>
}

export interface BrowserStorage extends WorkspaceStorage {
  /** Hashes of the large data files that stored workspaces, as they are and as they were, have notes of. */
  dataHashes(): Promise<Set<string>>
}

/**
 * Storage in the browser's IndexedDB. Rejects with a `StorageError`, such as of a full disk. Records that are damaged
 * are left where they are and out of what is read; `onDamaged` is told their names.
 */
export function browserStorage(
  database: WorkspaceDatabase,
  onDamaged: (names: readonly string[]) => void,
): BrowserStorage {
  return {
    async list() {
      const records = await (await database()).getAll('workspaces').catch(refuse)
      const damaged = records.filter((record) => !isEntry(record))
      if (damaged.length > 0) onDamaged(damaged.map(({ id }) => `workspace ${String(id)}`))
      return records.filter(isEntry)
    },
    async read(id) {
      const records = await (await database()).getAll('files', keysOf(id)).catch(refuse)
      const isWhole = ({ path, content }: { path: unknown; content: unknown }): boolean =>
        typeof path === 'string' && pathProblem(path) === undefined && isContent(content)
      const damaged = records.filter((record) => !isWhole(record))
      if (damaged.length > 0) onDamaged(damaged.map(({ path }) => String(path)))
      return new Map(records.filter(isWhole).map(({ path, content }) => [path, content]))
    },
    async write(entry, changes) {
      const tx = (await database()).transaction(['workspaces', 'files'], 'readwrite')
      const files = tx.objectStore('files')
      const requests: Promise<unknown>[] = []
      try {
        // Requests are issued without a pause: a page that is being closed gets no second chance.
        requests.push(tx.objectStore('workspaces').put(entry))
        for (const [path, content] of changes) {
          const request =
            content === null
              ? files.delete([entry.id, path])
              : files.put({ id: entry.id, path, content })
          requests.push(request)
        }
        tx.commit()
      } catch (error) {
        tx.abort()
        await settled(tx, requests).catch(() => undefined)
        throw storageError(error)
      }
      await settled(tx, requests)
    },
    async dataHashes() {
      const db = await database()
      const hashes = new Set<string>()
      const note = (content: unknown): void => {
        const pointer = isContent(content) ? pointerOf(content) : undefined
        if (pointer) hashes.add(pointer.sha256)
      }
      for (const key of await db.getAllKeys('files'))
        if (String(key[1]).startsWith('data/')) note((await db.get('files', key))?.content)
      for (
        let at = await db.transaction('contents').store.openCursor();
        at;
        at = await at.continue()
      )
        note(at.value.content)
      return hashes
    },
    async remove(id) {
      const tx = (await database()).transaction(['workspaces', 'files'], 'readwrite')
      await settled(tx, [
        tx.objectStore('workspaces').delete(id),
        tx.objectStore('files').delete(keysOf(id)),
      ])
    },
  }
}

function refuse(reason: unknown): never {
  throw storageError(reason)
}
