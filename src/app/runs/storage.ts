// Runs in IndexedDB: what lists show apart from the points, which are read only for runs that are looked at.
import type { DBSchema } from 'idb'
import type { KeptRun, RunDetails, RunEntry } from '#workspace'
import { database, settled } from '../storage/database.ts'

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

/** Of this browser, with what fills it. */
export interface BrowserRuns extends RunStorage {
  /** Calls `count` with each record, one at a time: all together may be large. */
  visit(workspace: string, count: (record: unknown) => void): Promise<void>
}

export function browserRuns(name = 'plugboard-runs'): BrowserRuns {
  const open = database<Schema>({
    name,
    version: 1,
    upgrade(db) {
      db.createObjectStore('entries', { keyPath: PATH })
      db.createObjectStore('details', { keyPath: PATH })
    },
  })
  const both = async () => (await open()).transaction(['entries', 'details'], 'readwrite')
  return {
    async list(workspace) {
      return (await open()).getAll('entries', rangeOf(workspace))
    },
    async read(workspace, id) {
      return (await open()).get('details', [workspace, id])
    },
    async visit(workspace, count) {
      const tx = (await open()).transaction(['entries', 'details'])
      for (const store of ['entries', 'details'] as const) {
        let at = await tx.objectStore(store).openCursor(rangeOf(workspace))
        for (; at; at = await at.continue()) count(at.value)
      }
    },
    async write(workspace, runs) {
      const tx = await both()
      const requests = runs.flatMap(({ entry, details }) => [
        tx.objectStore('entries').put({ ...entry, workspace }),
        tx.objectStore('details').put({ ...details, workspace, id: entry.id }),
      ])
      await settled(tx, requests)
    },
    async writeEntries(workspace, entries) {
      const tx = (await open()).transaction('entries', 'readwrite')
      await settled(
        tx,
        entries.map((entry) => tx.store.put({ ...entry, workspace })),
      )
    },
    async remove(workspace, ids) {
      const tx = await both()
      const requests = ids.flatMap((id) => [
        tx.objectStore('entries').delete([workspace, id]),
        tx.objectStore('details').delete([workspace, id]),
      ])
      await settled(tx, requests)
    },
    async removeAll(workspace) {
      const tx = await both()
      await settled(tx, [
        tx.objectStore('entries').delete(rangeOf(workspace)),
        tx.objectStore('details').delete(rangeOf(workspace)),
      ])
    },
  }
}
