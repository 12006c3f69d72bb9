// Two tabs of one browser: two stores on one storage, each told what the other stores.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Autosave, autosave } from './autosave.ts'
import { MemoryStorage } from './memory-storage.fixture.ts'
import { announce, type StorageNews } from './other-tabs.ts'
import { createWorkspaceStore, type WorkspaceStore } from './store.ts'

interface Tab {
  store: WorkspaceStore
  saver: Autosave
}

let storage: MemoryStorage
let tabs: Tab[]
let first: Tab
let second: Tab

function openTab(): Tab {
  const tell = (news: StorageNews) => {
    for (const other of tabs) if (other !== tab) other.saver.adopt(structuredClone(news))
  }
  const told = announce(storage, tell)
  const store = createWorkspaceStore(told)
  const tab = { store, saver: autosave(store, told) }
  tabs.push(tab)
  return tab
}

const state = ({ store }: Tab) => store.getState()
const files = (tab: Tab) => Object.fromEntries(state(tab).files)
const stored = () => Object.fromEntries(storage.contents.get(state(first).entry!.id) ?? [])

beforeEach(async () => {
  vi.useFakeTimers()
  storage = new MemoryStorage()
  tabs = []
  first = openTab()
  second = openTab()
  await state(first).newWorkspace({
    name: 'shared',
    origin: { kind: 'own' },
    files: new Map([
      ['plugboard.yaml', 'yaml'],
      ['plugins/a.ts', 'a'],
    ]),
  })
  await state(second).openWorkspace(state(first).entry!.id)
})
afterEach(() => {
  for (const { saver } of tabs) saver.dispose()
  vi.useRealTimers()
})

test('what one tab stores, the other shows, and does not store again', async () => {
  state(first).edit('plugins/a.ts', 'from the first')
  state(first).create('plugins/b.ts', 'b')
  state(first).renameWorkspace('renamed')
  await first.saver.flush()
  expect(files(second)).toEqual({
    'plugboard.yaml': 'yaml',
    'plugins/a.ts': 'from the first',
    'plugins/b.ts': 'b',
  })
  expect(state(second)).toMatchObject({ entry: { name: 'renamed' }, saving: 'saved' })
  const { writes } = storage
  await vi.advanceTimersByTimeAsync(1_000)
  expect(storage.writes).toBe(writes)
})

test('edits of different files in both tabs are all kept', async () => {
  state(second).edit('plugboard.yaml', 'from the second')
  state(first).edit('plugins/a.ts', 'from the first')
  await first.saver.flush()
  expect(files(second)).toEqual({
    'plugboard.yaml': 'from the second',
    'plugins/a.ts': 'from the first',
  })
  await vi.advanceTimersByTimeAsync(500)
  expect(files(first)).toEqual(files(second))
  expect(stored()).toEqual(files(first))
})

test('an edit that is not saved yet is not replaced; saved, it goes to the other tab', async () => {
  state(second).edit('plugins/a.ts', 'being typed')
  state(first).edit('plugins/a.ts', 'from the first')
  await first.saver.flush()
  expect(files(second)['plugins/a.ts']).toBe('being typed')
  await vi.advanceTimersByTimeAsync(500)
  expect(files(first)['plugins/a.ts']).toBe('being typed')
  expect(stored()['plugins/a.ts']).toBe('being typed')
})

test('a file deleted in one tab closes in the other; each keeps tabs of its own', async () => {
  state(second).openFile('plugboard.yaml')
  state(first).remove('plugins/a.ts')
  await first.saver.flush()
  expect(state(second)).toMatchObject({ tabs: ['plugboard.yaml'], active: 'plugboard.yaml' })
  expect(state(first).tabs).toEqual([])
})

test('another workspace in the other tab is left alone', async () => {
  await state(second).newWorkspace({
    name: 'other',
    origin: { kind: 'own' },
    files: new Map([['plugins/a.ts', 'other']]),
  })
  state(first).edit('plugins/a.ts', 'from the first')
  await first.saver.flush()
  expect(files(second)).toEqual({ 'plugins/a.ts': 'other' })
})

test('a workspace deleted in another tab is whole again after the next edit', async () => {
  await state(second).newWorkspace({ name: 'other', origin: { kind: 'own' }, files: new Map() })
  await state(second).removeWorkspace(state(first).entry!.id)
  await first.saver.flush()
  expect(stored()).toEqual({})
  state(first).edit('plugins/a.ts', 'still here')
  await first.saver.flush()
  expect(stored()).toEqual({ 'plugboard.yaml': 'yaml', 'plugins/a.ts': 'still here' })
})
