// The history on a database: equal states once, the newest fifty, order without clocks, damage, the end of workspaces.
import { IDBFactory } from 'fake-indexeddb'
import 'fake-indexeddb/auto'
import { beforeEach, expect, test } from 'vitest'
import { workspaceDatabase, type WorkspaceDatabase } from '../workspace/database.ts'
import { createHistory, type History } from './history.ts'
import { type HistoryState, surplus } from './state.ts'
import { browserHistory } from './storage.ts'

let open: WorkspaceDatabase
let history: History
let clock = 0
const files = (contents: Record<string, string>) => new Map(Object.entries(contents))

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory()
  open = workspaceDatabase()
  clock = 1_000_000
  history = createHistory(browserHistory(open), () => clock)
})

test('[W10] states come back as they were, a deleted file too', async () => {
  await history.record('w', files({ 'a.ts': 'a', 'b.ts': 'b' }), 'opened')
  await history.record('w', files({ 'a.ts': 'aa' }), 'edited')
  const [newest, oldest] = await history.list('w')
  expect([newest!.cause, newest!.seq, oldest!.seq]).toEqual(['edited', 2, 1])
  expect(await history.filesOf(oldest!)).toEqual({
    files: files({ 'a.ts': 'a', 'b.ts': 'b' }),
    missing: [],
  })
})

test('an equal state is not kept twice; text and bytes of the same length are not equal', async () => {
  expect(await history.record('w', files({ 'a.ts': 'a' }), 'opened')).toBeDefined()
  expect(await history.record('w', files({ 'a.ts': 'a' }), 'run')).toBeUndefined()
  const bytes = new Map([['a.ts', new TextEncoder().encode('a')]])
  expect(await history.record('w', bytes, 'edited')).toBeDefined()
  const back = await history.filesOf((await history.list('w'))[0]!)
  expect(back.files.get('a.ts')).toBeInstanceOf(Uint8Array)
})

test('each content is stored once, whichever states have it', async () => {
  const large = 'x'.repeat(100_000)
  for (let n = 0; n < 20; n++)
    await history.record('w', files({ 'data/large.csv': large, 'a.ts': `version ${n}` }), 'edited')
  expect(await (await open()).count('states')).toBe(20)
  expect(await (await open()).count('contents')).toBe(21)
})

test('the newest fifty stay whatever their times, and contents of forgotten ones go', async () => {
  for (let n = 1; n <= 70; n++) await history.record('w', files({ 'a.ts': `${n}` }), 'edited')
  const kept = (await history.list('w')).map(({ seq }) => seq)
  expect(kept.slice(0, 50)).toEqual(Array.from({ length: 50 }, (_, i) => 70 - i))
  // All within an hour: of those before, one.
  expect(kept).toHaveLength(51)
  expect(await (await open()).count('contents')).toBe(51)
})

test('a clock that jumps back changes neither order nor what is kept', async () => {
  for (let n = 1; n <= 60; n++) {
    clock = n % 2 === 0 ? 5_000_000_000 : -3_000
    await history.record('w', files({ 'a.ts': `${n}` }), 'edited')
  }
  const kept = (await history.list('w')).map(({ seq }) => seq)
  expect(kept.slice(0, 50)).toEqual(Array.from({ length: 50 }, (_, i) => 60 - i))
})

test('older ones thin out: one an hour for a day, one a day before, a hundred at most', () => {
  const hour = 60 * 60 * 1000
  const at = (seq: number, savedAt: number): HistoryState => ({
    id: 'w',
    seq,
    savedAt,
    cause: 'edited',
    files: [],
  })
  const states = Array.from({ length: 10_000 }, (_, i) => at(i + 1, 1e12 + i * hour * 0.25))
  const gone = new Set(surplus(states))
  const kept = states.filter((state) => !gone.has(state)).toReversed()
  expect(kept).toHaveLength(150)
  const gaps = kept.slice(1).map(({ savedAt }, i) => (kept[i]!.savedAt - savedAt) / hour)
  expect(new Set(gaps.slice(0, 49))).toEqual(new Set([0.25]))
  expect(new Set(gaps.slice(51, 60))).toEqual(new Set([1]))
  expect(new Set(gaps.slice(70))).toEqual(new Set([24]))
  expect(surplus(states.slice(0, 50))).toEqual([])
})

test('two tabs may add to one history', async () => {
  const other = createHistory(browserHistory(open), () => clock)
  await history.record('w', files({ 'a.ts': '1' }), 'edited')
  await other.record('w', files({ 'a.ts': '2' }), 'edited')
  await history.record('w', files({ 'a.ts': '3' }), 'edited')
  expect((await history.list('w')).map(({ seq }) => seq)).toEqual([3, 2, 1])
})

test('a damaged state is left out and in place, a lost content is named', async () => {
  await history.record('w', files({ 'a.ts': 'a', 'b.ts': 'b' }), 'opened')
  const [state] = await history.list('w')
  const db = await open()
  const damaged = { id: 'w', seq: 2, files: 'none' } as unknown as HistoryState
  await db.put('states', damaged)
  await db.delete('contents', ['w', state!.files[1]!.hash])
  expect(await history.list('w')).toEqual([state])
  expect((await history.filesOf(state!)).missing).toEqual(['b.ts'])
  await browserHistory(open).remove([state!])
  expect(await db.count('states')).toBe(1)
  // What the damaged one had is not known.
  expect(await db.count('contents')).toBe(1)
  expect(await history.damaged('w')).toEqual([damaged])
  await history.removeDamaged('w')
  expect([await db.count('states'), await db.count('contents')]).toEqual([0, 0])
})

test('the history of a deleted workspace goes, others stay', async () => {
  await history.record('w', files({ 'a.ts': 'a' }), 'opened')
  await history.record('gone', files({ 'a.ts': 'a' }), 'opened')
  const entry = { name: 'w', origin: { kind: 'own' as const }, createdAt: 0, openedAt: 0 }
  await (await open()).put('workspaces', { ...entry, id: 'w', tabs: [], active: null })
  await browserHistory(open).removeOrphans()
  expect(await history.list('gone')).toEqual([])
  expect(await history.list('w')).toHaveLength(1)
})
