// Checkpoints in IndexedDB: what lists show apart from the bytes, which are read only to go on from them.
import type { DBSchema } from 'idb'
import { database, settled } from '../storage/database.ts'
import type { KeptSeries } from '../store/series.ts'
import type { CheckpointEntry } from './entry.ts'

type Key = [workspace: string, run: string, name: string]

/** A file with its metrics as the version that stored them knew them. */
export interface StoredFile {
  readonly file: Blob
  readonly history: Readonly<Record<string, KeptSeries>>
}

interface Schema extends DBSchema {
  entries: { key: Key; value: CheckpointEntry }
  files: { key: Key; value: StoredFile & { workspace: string; run: string; name: string } }
}

/** Where checkpoints are kept. What it lists is to be checked. */
export interface CheckpointStorage {
  list(workspace: string): Promise<unknown[]>
  read(entry: CheckpointEntry): Promise<StoredFile | undefined>
  /** Rejects with the browser's reason, such as a full disk. */
  write(entry: CheckpointEntry, kept: StoredFile): Promise<void>
  remove(entries: readonly CheckpointEntry[]): Promise<void>
  /** Forgets those of a workspace. */
  removeAll(workspace: string): Promise<void>
}

const keyOf = ({ workspace, run, name }: CheckpointEntry): Key => [workspace, run, name]
const PATH = ['workspace', 'run', 'name']
const rangeOf = (workspace: string): IDBKeyRange => IDBKeyRange.bound([workspace], [workspace, []])

export function browserCheckpoints(name = 'plugboard-checkpoints'): CheckpointStorage {
  const open = database<Schema>({
    name,
    version: 1,
    upgrade(db) {
      db.createObjectStore('entries', { keyPath: PATH })
      db.createObjectStore('files', { keyPath: PATH })
    },
  })
  const removeKeys = async (keys: readonly Key[]): Promise<void> => {
    if (keys.length === 0) return
    const tx = (await open()).transaction(['entries', 'files'], 'readwrite')
    const removals = keys.flatMap((key) => [
      tx.objectStore('entries').delete(key),
      tx.objectStore('files').delete(key),
    ])
    await settled(tx, removals)
  }
  return {
    async list(workspace) {
      return (await open()).getAll('entries', rangeOf(workspace))
    },
    async read(entry) {
      const kept = await (await open()).get('files', keyOf(entry))
      return kept?.file instanceof Blob ? kept : undefined
    },
    async write(entry, kept) {
      const { workspace, run, name } = entry
      const tx = (await open()).transaction(['entries', 'files'], 'readwrite')
      await settled(tx, [
        tx.objectStore('entries').put(entry),
        tx.objectStore('files').put({ ...kept, workspace, run, name }),
      ])
    },
    remove: (entries) => removeKeys(entries.map(keyOf)),
    async removeAll(workspace) {
      await removeKeys(await (await open()).getAllKeys('entries', rangeOf(workspace)))
    },
  }
}
