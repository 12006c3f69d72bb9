// Databases that open late, are of another version, are refused, full, or never answer.
import { IDBFactory } from 'fake-indexeddb'
import 'fake-indexeddb/auto'
import { type DBSchema, openDB } from 'idb'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { database, type DatabaseOptions, settled, storageError } from './database.ts'

interface Things extends DBSchema {
  things: { key: string; value: string }
  more: { key: string; value: string }
}

const options = (version = 1): DatabaseOptions<Things> => ({
  name: 'test',
  version,
  openMs: 50,
  upgrade: (db, from) => {
    if (from < 1) db.createObjectStore('things')
    if (from < 2 && version > 1) db.createObjectStore('more')
  },
})

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory()
})
afterEach(() => vi.unstubAllGlobals())

test('opens once, however often it is asked for', async () => {
  const open = database(options())
  const [first, second] = await Promise.all([open(), open()])
  expect(first).toBe(second)
})

test('storage that throws, as in a private window, is refused in plain words; later it works', async () => {
  const open = database(options())
  vi.stubGlobal('indexedDB', {
    open() {
      throw new DOMException('denied', 'SecurityError')
    },
  })
  await expect(open()).rejects.toThrow(/does not let the page store anything/)
  vi.unstubAllGlobals()
  await expect(open()).resolves.toMatchObject({ version: 1 })
})

test('an open that never calls back is not waited for', async () => {
  vi.stubGlobal('indexedDB', { open: () => new IDBOpenDBRequest() })
  await expect(database(options())()).rejects.toThrow(/does not answer/)
})

test('a database of a newer version says so', async () => {
  ;(await database(options(2))()).close()
  await expect(database(options(1))()).rejects.toThrow(/newer Plugboard: reload/)
})

test('a database of an older version is brought up to date and keeps what it holds', async () => {
  const old = await database(options(1))()
  await old.put('things', 'kept', 'key')
  old.close()
  const db = await database(options(2))()
  expect([...db.objectStoreNames]).toEqual(['more', 'things'])
  expect(await db.get('things', 'key')).toBe('kept')
})

test('a page that is open lets a newer one have the database, and is told at its next use', async () => {
  const before = database(options(1))
  await before()
  await expect(database(options(2))()).resolves.toMatchObject({ version: 2 })
  await expect(before()).rejects.toThrow(/newer Plugboard/)
})

test('an older page that keeps the database is named', async () => {
  // It does not listen for wishes, as pages did before.
  const old = await openDB('test', 1, options(1))
  const open = database(options(2))
  await expect(open()).rejects.toThrow(/older Plugboard open/)
  old.close()
  await expect(open()).resolves.toMatchObject({ version: 2 })
})

test('of a transaction that was ended, the cause is told and not that it was ended', async () => {
  const full = new DOMException('', 'QuotaExceededError')
  const aborted = new DOMException('aborted', 'AbortError')
  const settling = settled({ done: Promise.reject(full) }, [Promise.reject(aborted)])
  await expect(settling).rejects.toThrow(/space .* is full/)
  expect(storageError('something').message).toBe('something')
})
