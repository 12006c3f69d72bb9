// Workspaces in IndexedDB: one record per workspace and one per file, so that a save writes only what changed.
import { type FileContent, type Files, pointerOf } from '#workspace'
import { type DBSchema, type IDBPDatabase, openDB } from 'idb'

/** Where a workspace came from. Code `from link` was written by somebody else. */
export type WorkspaceOrigin =
  | { kind: 'own' }
  | { kind: 'example'; example: string }
  | { kind: 'link' }

/** A stored workspace, without its files. Times are in ms since the epoch. */
export interface WorkspaceEntry {
  id: string
  name: string
  origin: WorkspaceOrigin
  createdAt: number
  openedAt: number
  tabs: readonly string[]
  active: string | null
}

/** Where workspaces are kept. */
export interface WorkspaceStorage {
  list(): Promise<WorkspaceEntry[]>
  read(id: string): Promise<Files>
  /** Stores the entry and each change; `null` removes a file. All or nothing. */
  write(entry: WorkspaceEntry, changes: ReadonlyMap<string, FileContent | null>): Promise<void>
  remove(id: string): Promise<void>
}

interface Schema extends DBSchema {
  workspaces: { key: string; value: WorkspaceEntry }
  files: { key: [string, string]; value: { id: string; path: string; content: FileContent } }
}

const filesOf = (id: string): IDBKeyRange => IDBKeyRange.bound([id, ''], [id, '\uffff'])

export interface BrowserStorage extends WorkspaceStorage {
  /** Hashes of the large data files that stored workspaces have notes of. */
  dataHashes(): Promise<Set<string>>
}

/** Storage in the browser's IndexedDB. Rejects with the browser's reason, such as a full disk. */
export function browserStorage(name = 'plugboard-workspaces'): BrowserStorage {
  let opened: Promise<IDBPDatabase<Schema>> | undefined
  const database = (): Promise<IDBPDatabase<Schema>> => {
    opened ??= openDB<Schema>(name, 1, {
      upgrade(db) {
        db.createObjectStore('workspaces', { keyPath: 'id' })
        db.createObjectStore('files', { keyPath: ['id', 'path'] })
      },
      terminated() {
        opened = undefined
      },
    })
    return opened
  }
  return {
    async list() {
      return (await database()).getAll('workspaces')
    },
    async read(id) {
      const records = await (await database()).getAll('files', filesOf(id))
      return new Map(records.map(({ path, content }) => [path, content]))
    },
    async write(entry, changes) {
      const tx = (await database()).transaction(['workspaces', 'files'], 'readwrite')
      const files = tx.objectStore('files')
      // Requests are issued without a pause: a page that is being closed gets no second chance.
      const requests: Promise<unknown>[] = [tx.objectStore('workspaces').put(entry)]
      for (const [path, content] of changes) {
        const request =
          content === null
            ? files.delete([entry.id, path])
            : files.put({ id: entry.id, path, content })
        requests.push(request)
      }
      tx.commit()
      await Promise.all([...requests, tx.done])
    },
    async dataHashes() {
      const db = await database()
      const hashes = new Set<string>()
      for (const key of await db.getAllKeys('files')) {
        if (!key[1].startsWith('data/')) continue
        const pointer = pointerOf((await db.get('files', key))?.content)
        if (pointer) hashes.add(pointer.sha256)
      }
      return hashes
    },
    async remove(id) {
      const tx = (await database()).transaction(['workspaces', 'files'], 'readwrite')
      await Promise.all([
        tx.objectStore('workspaces').delete(id),
        tx.objectStore('files').delete(filesOf(id)),
        tx.done,
      ])
    },
  }
}
