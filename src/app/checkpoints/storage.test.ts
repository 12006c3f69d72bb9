// Checkpoints in a database: what is damaged of them, and a database of a newer version.
import { IDBFactory } from 'fake-indexeddb'
import 'fake-indexeddb/auto'
import { openDB } from 'idb'
import { beforeEach, expect, test } from 'vitest'
import type { CheckpointEntry } from './entry.ts'
import { createCheckpoints } from './checkpoints.ts'
import { browserCheckpoints } from './storage.ts'

const entry: CheckpointEntry = {
  workspace: 'w',
  run: 'r',
  name: 'last',
  epoch: 1,
  step: 10,
  totalSteps: 100,
  metrics: { loss: 0.5 },
  sizeBytes: 3,
  savedAt: 1,
  isAutomatic: true,
}
const kept = { file: new Blob(['abc']), history: {} }

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory()
})

test('damaged entries are told apart and stay until they are deleted; of damaged bytes there is no file', async () => {
  const storage = browserCheckpoints()
  await storage.write(entry, kept)
  const db = await openDB('plugboard-checkpoints')
  await db.put('entries', { workspace: 'w', run: 'r', name: 'broken', epoch: 'many' })
  await db.put('files', { workspace: 'w', run: 'r', name: 'last', file: 'no bytes' })
  const checkpoints = createCheckpoints(storage)
  await checkpoints.open('w')
  expect(checkpoints.getState()).toMatchObject({ entries: [entry], damaged: [{ name: 'broken' }] })
  expect(await storage.read(entry)).toBeUndefined()
  expect(await db.count('entries')).toBe(2)
  await checkpoints.removeDamaged()
  expect(checkpoints.getState().damaged).toEqual([])
  expect(await db.getAllKeys('entries')).toEqual([['w', 'r', 'last']])
  db.close()
})

test('a database of a newer version is refused in plain words', async () => {
  ;(await openDB('plugboard-checkpoints', 99)).close()
  await expect(browserCheckpoints().list('w')).rejects.toThrow(/newer Plugboard/)
})
