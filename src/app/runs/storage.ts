// Runs in IndexedDB: what lists show apart from the points, which are read only for runs that are looked at.
import { type DBSchema, type IDBPDatabase, openDB } from 'idb'
import type { KeptRun, RunDetails, RunEntry } from '#workspace'

type Key = [workspace: string, id: string]

interface Schema extends DBSchema {
  entries: { key: Key; value: RunEntry & { workspace: string } }
  details: { key: Key; value: RunDetails & { workspace: string; id: string } }
}

/** Where runs are kept. Rejects with the browser's reason, such as a full disk; what it gives is to be checked. */
export interface RunStorage {
  list(workspace: string): Promise<unknown[]>
  read(workspace: string, id: string): Promise<unknown>
  write(workspace: string, runs: readonly KeptRun[]): Promise<void>
  /** Entries alone: their details stay as they are. */
  writeEntries(workspace: string, entries: readonly RunEntry[]): Promise<void>
  remove(workspace: string, ids: readonly string[]): Promise<void>
  /** Forgets those of a workspace. */
  removeAll(workspace: string): Promise<void>
}

const PATH = ['workspace', 'id']
const rangeOf = (workspace: string): IDBKeyRange => IDBKeyRange.bound([workspace], [workspace, []])

export function browserRuns(name = 'plugboard-runs'): RunStorage {
  let opened: Promise<IDBPDatabase<Schema>> | undefined
  const database = (): Promise<IDBPDatabase<Schema>> => {
    opened ??= openDB<Schema>(name, 1, {
      upgrade(db) {
        db.createObjectStore('entries', { keyPath: PATH })
        db.createObjectStore('details', { keyPath: PATH })
      },
      terminated() {
        opened = undefined
      },
    }).catch((error: unknown) => {
      // The next call tries again.
      opened = undefined
      throw error
    })
    return opened
  }
  const both = async () => (await database()).transaction(['entries', 'details'], 'readwrite')
  return {
    async list(workspace) {
      return (await database()).getAll('entries', rangeOf(workspace))
    },
    async read(workspace, id) {
      return (await database()).get('details', [workspace, id])
    },
    async write(workspace, runs) {
      const tx = await both()
      const requests = runs.flatMap(({ entry, details }) => [
        tx.objectStore('entries').put({ ...entry, workspace }),
        tx.objectStore('details').put({ ...details, workspace, id: entry.id }),
      ])
      await Promise.all([...requests, tx.done])
    },
    async writeEntries(workspace, entries) {
      const tx = (await database()).transaction('entries', 'readwrite')
      await Promise.all([...entries.map((entry) => tx.store.put({ ...entry, workspace })), tx.done])
    },
    async remove(workspace, ids) {
      const tx = await both()
      const requests = ids.flatMap((id) => [
        tx.objectStore('entries').delete([workspace, id]),
        tx.objectStore('details').delete([workspace, id]),
      ])
      await Promise.all([...requests, tx.done])
    },
    async removeAll(workspace) {
      const tx = await both()
      await Promise.all([
        tx.objectStore('entries').delete(rangeOf(workspace)),
        tx.objectStore('details').delete(rangeOf(workspace)),
        tx.done,
      ])
    },
  }
}
