// Workspaces in a database: of version 1, with damaged records, full, and refused.
import { IDBFactory } from 'fake-indexeddb'
import 'fake-indexeddb/auto'
import { openDB } from 'idb'
import { beforeEach, expect, test, vi } from 'vitest'
import { workspaceDatabase } from './database.ts'
import { browserStorage, type WorkspaceEntry } from './storage.ts'
import { MemoryStorage } from './memory-storage.fixture.ts'
import { withMemory } from './with-memory.ts'

const entryOf = (id: string): WorkspaceEntry => ({
  id,
  name: `name of ${id}`,
  origin: { kind: 'own' },
  createdAt: 1,
  openedAt: 2,
  tabs: ['a.ts'],
  active: 'a.ts',
})

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory()
})

/** As pages wrote it before there was a history. */
async function writeVersion1(): Promise<void> {
  const db = await openDB('plugboard-workspaces', 1, {
    upgrade(created) {
      created.createObjectStore('workspaces', { keyPath: 'id' })
      created.createObjectStore('files', { keyPath: ['id', 'path'] })
    },
  })
  await db.put('workspaces', entryOf('old'))
  await db.put('files', { id: 'old', path: 'a.ts', content: 'text' })
  await db.put('files', { id: 'old', path: 'data/a.bin', content: new Uint8Array([1, 2]) })
  db.close()
}

test('[W10] a database of version 1 is taken over with all it holds', async () => {
  await writeVersion1()
  const storage = browserStorage(workspaceDatabase(), () => expect.unreachable())
  expect(await storage.list()).toEqual([entryOf('old')])
  expect([...(await storage.read('old'))]).toEqual([
    ['a.ts', 'text'],
    ['data/a.bin', new Uint8Array([1, 2])],
  ])
  await storage.write(entryOf('old'), new Map([['a.ts', 'new']]))
  expect((await storage.read('old')).get('a.ts')).toBe('new')
})

test('a database of a newer version is refused in plain words and not touched', async () => {
  ;(await openDB('plugboard-workspaces', 99)).close()
  const storage = browserStorage(workspaceDatabase(), vi.fn())
  await expect(storage.list()).rejects.toThrow(/newer Plugboard: reload/)
})

test('damaged records are named, left out and left in place', async () => {
  const open = workspaceDatabase()
  const damaged: string[] = []
  const storage = browserStorage(open, (names) => damaged.push(...names))
  await storage.write(entryOf('w'), new Map([['a.ts', 'whole']]))
  const db = await open()
  const bad = [
    ['workspaces', { id: 'broken', name: 7 }],
    ['files', { id: 'w', path: 'b.ts', content: 42 }],
    ['files', { id: 'w', path: '../../x', content: 'outside' }],
    ['files', { id: 'w', path: '__proto__', content: 'reserved' }],
  ] as const
  for (const [store, record] of bad) await db.put(store, record as never)
  expect((await storage.list()).map(({ id }) => id)).toEqual(['w'])
  expect([...(await storage.read('w')).keys()]).toEqual(['a.ts'])
  expect(damaged.toSorted()).toEqual(['../../x', '__proto__', 'b.ts', 'workspace broken'])
  await storage.write(entryOf('w'), new Map([['a.ts', 'edited']]))
  expect([await db.count('workspaces'), await db.count('files')]).toEqual([2, 4])
})

test('a write that fails in the middle stores nothing of it', async () => {
  const storage = browserStorage(workspaceDatabase(), vi.fn())
  await storage.write(entryOf('w'), new Map([['a.ts', 'before']]))
  const real = IDBObjectStore.prototype.put
  const put = vi.spyOn(IDBObjectStore.prototype, 'put')
  put.mockImplementation(function (this: IDBObjectStore, value: unknown) {
    if (put.mock.calls.length === 3) throw new DOMException('full', 'QuotaExceededError')
    return real.call(this, value)
  })
  const changes = new Map([
    ['a.ts', 'after'],
    ['b.ts', 'after'],
  ])
  await expect(storage.write({ ...entryOf('w') }, changes)).rejects.toThrow(/space .* is full/)
  put.mockRestore()
  expect([...(await storage.read('w'))]).toEqual([['a.ts', 'before']])
})

test('what storage refuses stays readable, and is stored with the next write that works', async () => {
  const disk = new MemoryStorage()
  const storage = withMemory(disk)
  await storage.write(entryOf('first'), new Map([['a.ts', '1']]))
  disk.failure = new Error('full')
  await expect(storage.write(entryOf('first'), new Map([['b.ts', '2']]))).rejects.toThrow('full')
  await expect(storage.write(entryOf('second'), new Map([['c.ts', '3']]))).rejects.toThrow('full')
  expect((await storage.list()).map(({ id }) => id)).toEqual(['first', 'second'])
  expect(Object.fromEntries(await storage.read('first'))).toEqual({ 'a.ts': '1', 'b.ts': '2' })
  expect(Object.fromEntries(await storage.read('second'))).toEqual({ 'c.ts': '3' })
  expect(disk.contents.has('second')).toBe(false)

  disk.failure = undefined
  await storage.write(entryOf('second'), new Map([['c.ts', null]]))
  expect(Object.fromEntries(disk.contents.get('first')!)).toEqual({ 'a.ts': '1', 'b.ts': '2' })
  expect(Object.fromEntries(disk.contents.get('second')!)).toEqual({})
})

test('a write under way is not undone by an older one that fails after it', async () => {
  const disk = new MemoryStorage()
  const storage = withMemory(disk)
  let refuse: (reason: Error) => void = () => undefined
  const refusal = new Promise<void>((_resolve, reject) => (refuse = reject))
  vi.spyOn(disk, 'write').mockImplementationOnce(() => refusal)
  const older = storage.write(entryOf('w'), new Map([['a.ts', 'older']]))
  await storage.write(entryOf('w'), new Map([['a.ts', 'newer']]))
  refuse(new Error('full'))
  await expect(older).rejects.toThrow('full')
  await storage.write(entryOf('w'), new Map([['b.ts', 'b']]))
  expect(disk.contents.get('w')!.get('a.ts')).toBe('newer')
})
