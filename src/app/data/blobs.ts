// Large data files in IndexedDB, by the hash of their bytes: kept once, whichever workspaces use them.
import type { DataPointer } from '#workspace'
import type { DBSchema } from 'idb'
import { database, storageError } from '../storage/database.ts'

interface Schema extends DBSchema {
  files: { key: string; value: { sha256: string; blob: Blob; addedAt: number } }
}

const open = database<Schema>({
  name: 'plugboard-data',
  version: 1,
  upgrade(db) {
    db.createObjectStore('files', { keyPath: 'sha256' })
  },
})

/** A file that was just added may not be in a saved workspace yet. */
const MIN_AGE_MS = 60 * 60 * 1000

/** Keeps a file. Rejects with the browser's reason, such as a full disk. */
export async function keepBlob({ sha256 }: DataPointer, blob: Blob): Promise<void> {
  try {
    await (await open()).put('files', { sha256, blob, addedAt: Date.now() })
  } catch (error) {
    throw storageError(error)
  }
}

/** The file, read only where its bytes are asked for; `undefined` when this browser does not have it. */
export async function keptBlob({ sha256 }: DataPointer): Promise<Blob | undefined> {
  return (await (await open()).get('files', sha256))?.blob
}

/** Number and bytes of all files kept here. */
export async function keptBlobs(): Promise<{ count: number; sizeBytes: number }> {
  let [count, sizeBytes] = [0, 0]
  // One at a time; a blob's bytes are not read.
  let at = await (await open()).transaction('files').store.openCursor()
  for (; at; at = await at.continue()) {
    count++
    sizeBytes += at.value.blob.size
  }
  return { count, sizeBytes }
}

/** Forgets files that are not among `used`, those of the last hour left out. */
export async function forgetBlobs(used: ReadonlySet<string>): Promise<void> {
  const db = await open()
  const keys = (await db.getAllKeys('files')).filter((key) => !used.has(key))
  for (const key of keys) {
    const file = await db.get('files', key)
    if (file && Date.now() - file.addedAt > MIN_AGE_MS) await db.delete('files', key)
  }
}
