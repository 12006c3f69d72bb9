// The store of the open workspace, and how it is saved, on a storage in memory.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Autosave, autosave } from './autosave.ts'
import { MemoryStorage } from './memory-storage.fixture.ts'
import { createWorkspaceStore, type WorkspaceStore } from './store.ts'
import { withMemory } from './with-memory.ts'

let storage: MemoryStorage
let store: WorkspaceStore
let saver: Autosave
const state = () => store.getState()
const stored = () => Object.fromEntries(storage.contents.get(state().entry!.id)!)
const open = (name: string, files: Record<string, string>) =>
  state().newWorkspace({ name, origin: { kind: 'own' }, files: new Map(Object.entries(files)) })

beforeEach(async () => {
  vi.useFakeTimers()
  storage = new MemoryStorage()
  const remembering = withMemory(storage)
  store = createWorkspaceStore(remembering)
  saver = autosave(store, remembering)
  await open('first', { 'plugboard.yaml': 'plugins: {}', 'plugins/a.ts': 'a' })
})
afterEach(() => {
  saver.dispose()
  vi.useRealTimers()
})

test('a new workspace opens with its only plugin, one of several with what tells of them', async () => {
  expect(state().active).toBe('plugins/a.ts')
  expect(state().tabs).toEqual(['plugins/a.ts'])
  expect(state().entries.map(({ name }) => name)).toEqual(['first'])

  const plugins = { 'plugins/a.ts': 'a', 'plugins/b.ts': 'b' }
  await open('many', { ...plugins, 'plugboard.yaml': '', 'README.md': '# Many' })
  expect(state().active).toBe('README.md')
  await open('bare', { ...plugins, 'plugboard.yaml': '' })
  expect(state().active).toBe('plugboard.yaml')
})

test('creates, edits, renames; tabs follow', () => {
  state().create('plugins/b.ts', 'b')
  state().edit('plugins/b.ts', 'bb')
  state().rename('plugins/b.ts', 'plugins/c.ts')
  expect(state().files.get('plugins/c.ts')).toBe('bb')
  expect(state().files.has('plugins/b.ts')).toBe(false)
  expect(state().tabs).toEqual(['plugins/a.ts', 'plugins/c.ts'])
  expect(state().active).toBe('plugins/c.ts')
})

test('renaming may change only the case', () => {
  state().rename('plugins/a.ts', 'plugins/A.ts')
  expect([...state().files.keys()]).toEqual(['plugboard.yaml', 'plugins/A.ts'])
})

test('what breaks a rule is refused and changes nothing', () => {
  const before = state().files
  expect(() => state().create('plugins/a.ts', '')).toThrow(/already/)
  expect(() => state().create('../x', '')).toThrow(/must not contain/)
  expect(() => state().rename('plugins/a.ts', 'plugboard.yaml')).toThrow(/already/)
  expect(() => state().edit('plugins/none.ts', '')).toThrow(/no file named plugins\/none\.ts/)
  expect(() => state().edit('plugins/a.ts', 'x'.repeat(1_000_001))).toThrow(/1000001 characters/)
  expect(state().files).toBe(before)
})

test('a deleted file comes back with its tab', () => {
  state().openFile('plugboard.yaml')
  const undo = state().remove('plugins/a.ts')
  expect(state().tabs).toEqual(['plugboard.yaml'])
  expect(state().files.has('plugins/a.ts')).toBe(false)
  undo()
  expect(state().files.get('plugins/a.ts')).toBe('a')
  expect(state().tabs).toEqual(['plugins/a.ts', 'plugboard.yaml'])
})

test('undoing a deletion leaves a newer file of that name alone', () => {
  const undo = state().remove('plugins/a.ts')
  state().create('plugins/a.ts', 'newer')
  undo()
  expect(state().files.get('plugins/a.ts')).toBe('newer')
})

test('closing the active tab shows its neighbour', () => {
  state().openFile('plugboard.yaml')
  state().openFile('plugins/a.ts')
  state().closeTab('plugins/a.ts')
  expect(state().active).toBe('plugboard.yaml')
  state().closeTab('plugboard.yaml')
  expect(state().active).toBeNull()
})

test('library sources open as tabs, unknown files do not', () => {
  state().openFile('node_modules/plugboard/index.ts')
  state().openFile('plugins/none.ts')
  expect(state().tabs).toEqual(['plugins/a.ts', 'node_modules/plugboard/index.ts'])
})

test('an edit is stored half a second after the first change, however long typing goes on', async () => {
  for (let i = 0; i < 7; i++) {
    state().edit('plugins/a.ts', `a${i}`)
    await vi.advanceTimersByTimeAsync(80)
  }
  expect(stored()['plugins/a.ts']).toMatch(/^a[1-6]$/)
  await vi.advanceTimersByTimeAsync(500)
  expect(stored()['plugins/a.ts']).toBe('a6')
  expect(state().saving).toBe('saved')
})

test('a look at another tab and back ends as saved', async () => {
  state().openFile('plugboard.yaml')
  await saver.flush()
  state().openFile('plugins/a.ts')
  state().openFile('plugboard.yaml')
  await vi.advanceTimersByTimeAsync(500)
  expect(state().saving).toBe('saved')
})

test('only what changed is written, deletions too', async () => {
  const write = vi.spyOn(storage, 'write')
  state().remove('plugins/a.ts')
  state().create('plugins/b.ts', 'b')
  await saver.flush()
  expect([...write.mock.calls[0]![1]]).toEqual([
    ['plugins/b.ts', 'b'],
    ['plugins/a.ts', null],
  ])
  expect(Object.keys(stored())).toEqual(['plugboard.yaml', 'plugins/b.ts'])
})

test('a failed save is told, and the next one stores everything', async () => {
  storage.failure = new Error('the disk is full')
  state().remove('plugins/a.ts')
  await saver.flush()
  expect(state()).toMatchObject({ saving: 'failed', saveError: 'the disk is full' })
  storage.failure = undefined
  state().edit('plugboard.yaml', 'new')
  await saver.flush()
  expect(state()).toMatchObject({ saving: 'saved', saveError: undefined })
  expect(stored()).toEqual({ 'plugboard.yaml': 'new' })
})

test('a workspace opens where storage refuses it, and is stored whole once that works', async () => {
  storage.failure = new Error('not allowed here')
  await open('second', { 'plugboard.yaml': '', 'plugins/b.ts': 'b' })
  expect(state()).toMatchObject({ saving: 'failed', saveError: 'not allowed here' })
  expect(state().files.get('plugins/b.ts')).toBe('b')
  storage.failure = undefined
  state().edit('plugins/b.ts', 'bb')
  await saver.flush()
  expect(state().saving).toBe('saved')
  expect(stored()).toEqual({ 'plugboard.yaml': '', 'plugins/b.ts': 'bb' })
})

test('a second workspace leaves the first as it was, unsaved edits included', async () => {
  const first = state().entry!.id
  state().edit('plugins/a.ts', 'edited')
  await open('second', { 'plugboard.yaml': '', 'plugins/a.ts': 'other' })
  state().edit('plugins/a.ts', 'other, edited')
  await state().openWorkspace(first)
  expect(state().files.get('plugins/a.ts')).toBe('edited')
  expect(state().entries.map(({ name }) => name)).toEqual(['first', 'second'])
  expect(state().saving).toBe('saved')
})

test('tabs and name come back with the workspace', async () => {
  const first = state().entry!.id
  state().openFile('plugboard.yaml')
  state().renameWorkspace('  renamed ')
  await open('second', { 'plugboard.yaml': '' })
  await state().openWorkspace(first)
  expect(state()).toMatchObject({
    tabs: ['plugins/a.ts', 'plugboard.yaml'],
    active: 'plugboard.yaml',
    entry: { name: 'renamed' },
  })
})

test('the open workspace is not deleted; another one is, and comes back', async () => {
  const first = state().entry!.id
  await expect(state().removeWorkspace(first)).rejects.toThrow(/Open another workspace/)
  await open('second', { 'plugboard.yaml': '' })
  const undo = await state().removeWorkspace(first)
  expect(state().entries.map(({ name }) => name)).toEqual(['second'])
  await undo()
  await state().openWorkspace(first)
  expect(state().files.get('plugins/a.ts')).toBe('a')
})

test('a clock that is set back does not change which workspace was used last', async () => {
  vi.setSystemTime(5_000_000)
  await open('second', { 'plugboard.yaml': '' })
  vi.setSystemTime(1_000)
  await open('third', { 'plugboard.yaml': '' })
  expect(state().entries.map(({ name }) => name)).toEqual(['third', 'second', 'first'])
  state().edit('plugboard.yaml', 'after the jump')
  await vi.advanceTimersByTimeAsync(500)
  expect(stored()['plugboard.yaml']).toBe('after the jump')
})

test.each([
  '../../x',
  '__proto__',
  'constructor',
  '😀.ts',
  'CON',
  'a\0.ts',
  'x'.repeat(500),
  'Plugins/A.ts',
])('a file named %j is neither made, moved to, restored nor taken from a link', async (path) => {
  const before = state().files
  expect(() => state().create(path, '')).toThrow(Error)
  expect(() => state().rename('plugboard.yaml', path)).toThrow(Error)
  expect(() => state().replaceFiles(new Map([...before, [path, '']]))).toThrow(Error)
  await expect(
    state().newWorkspace({
      name: 'x',
      origin: { kind: 'link' },
      files: new Map([...before, [path, '']]),
    }),
  ).rejects.toThrow(Error)
  expect(state().files).toBe(before)
  expect(Object.getPrototypeOf({})).toBe(Object.prototype)
})

test('a file of 50 MB is refused with its limit, whichever way it comes', () => {
  const large = 'x'.repeat(50_000_000)
  expect(() => state().create('plugins/b.ts', large)).toThrow(/1000000/)
  expect(() => state().edit('plugins/a.ts', large)).toThrow(/50000000 characters/)
  const bytes = new Uint8Array(50_000_000)
  expect(() => state().create('data/b.bin', bytes)).toThrow(/at most 32\.0 MiB/)
})

test('five hundred files fit, one more does not, and a look through them takes no time', () => {
  for (let n = state().files.size; n < 500; n++)
    state().create(`data/${n}.txt`, '', { open: false })
  expect(() => state().create('data/one-more.txt', '')).toThrow(/at most 500 files/)
  state().edit('data/499.txt', 'edited')
  expect(state().files.size).toBe(500)
})

test('in a tab that may not change the workspace each change is refused', () => {
  store.setState({ holder: 'elsewhere' })
  const before = state().files
  expect(() => state().create('plugins/b.ts', '')).toThrow(/another tab/)
  expect(() => state().edit('plugins/a.ts', '')).toThrow(/another tab/)
  expect(() => state().rename('plugins/a.ts', 'plugins/b.ts')).toThrow(/another tab/)
  expect(() => state().remove('plugins/a.ts')).toThrow(/another tab/)
  expect(() => state().replaceFiles(new Map())).toThrow(/another tab/)
  expect(() => state().renameWorkspace('x')).toThrow(/another tab/)
  expect(state().files).toBe(before)
})

test('what failed to be stored is tried again on its own, less and less often', async () => {
  storage.failure = new Error('full')
  const write = vi.spyOn(storage, 'write')
  state().edit('plugins/a.ts', 'kept')
  await vi.advanceTimersByTimeAsync(500 + 2_000 + 4_000)
  expect(write).toHaveBeenCalledTimes(3)
  expect(state().saving).toBe('failed')
  storage.failure = undefined
  await vi.advanceTimersByTimeAsync(8_000)
  expect(state()).toMatchObject({ saving: 'saved', saveError: undefined })
  expect(stored()['plugins/a.ts']).toBe('kept')
})
