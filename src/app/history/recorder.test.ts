// When states are taken.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { MemoryStorage } from '../workspace/memory-storage.fixture.ts'
import { createWorkspaceStore, type WorkspaceStore } from '../workspace/store.ts'
import type { History } from './history.ts'
import { followHistory, type Recorder } from './recorder.ts'

let store: WorkspaceStore
let recorder: Recorder
let taken: [string, Record<string, unknown>][]
const failures: (string | undefined)[] = []
const state = () => store.getState()
const history: History = {
  record: async (_id, files, cause) => {
    taken.push([cause, Object.fromEntries(files)])
    return undefined
  },
  damaged: async () => [],
  removeDamaged: async () => undefined,
  list: async () => [],
  contentOf: async () => undefined,
  filesOf: async () => ({ files: new Map(), missing: [] }),
}

beforeEach(async () => {
  vi.useFakeTimers()
  taken = []
  store = createWorkspaceStore(new MemoryStorage())
  await state().newWorkspace({
    name: 'w',
    origin: { kind: 'own' },
    files: new Map([
      ['a.ts', 'a'],
      ['b.ts', 'b'],
    ]),
  })
  recorder = followHistory(store, history, { onRecorded: (failure) => failures.push(failure) })
})
afterEach(() => {
  recorder.dispose()
  vi.useRealTimers()
})

test('as it was opened, then when typing has settled', async () => {
  state().edit('a.ts', 'aa')
  await vi.advanceTimersByTimeAsync(5_000)
  state().edit('a.ts', 'aaa')
  await vi.advanceTimersByTimeAsync(9_000)
  expect(taken).toEqual([['opened', { 'a.ts': 'a', 'b.ts': 'b' }]])
  await vi.advanceTimersByTimeAsync(1_000)
  expect(taken[1]).toEqual(['edited', { 'a.ts': 'aaa', 'b.ts': 'b' }])
  await vi.advanceTimersByTimeAsync(600_000)
  expect(taken).toHaveLength(2)
})

test('every two minutes while typing goes on', async () => {
  for (let n = 0; n < 50; n++) {
    state().edit('a.ts', `${n}`)
    await vi.advanceTimersByTimeAsync(5_000)
  }
  expect(taken.map(([cause]) => cause)).toEqual(['opened', 'edited', 'edited'])
})

test('before a file is deleted, several change at once, or another workspace opens', async () => {
  state().edit('b.ts', 'typed just now')
  state().remove('b.ts')
  expect(taken.at(-1)).toEqual(['before', { 'a.ts': 'a', 'b.ts': 'typed just now' }])
  state().replaceFiles(new Map([['c.ts', 'c']]))
  expect(taken.at(-1)).toEqual(['before', { 'a.ts': 'a' }])
  await state().newWorkspace({ name: 'other', origin: { kind: 'own' }, files: new Map() })
  expect(taken.slice(-2)).toEqual([
    ['edited', { 'c.ts': 'c' }],
    ['opened', {}],
  ])
})

test('not in a tab that only shows what another one saves', async () => {
  store.setState({ holder: 'elsewhere' })
  state().adopt(state().entry!, new Map([['a.ts', 'from there']]))
  await recorder.record('run')
  await vi.advanceTimersByTimeAsync(600_000)
  expect(taken).toHaveLength(1)
})

test('why storage refuses is told', async () => {
  vi.spyOn(history, 'record').mockRejectedValueOnce(new Error('full'))
  await recorder.record('run')
  expect(failures.at(-1)).toBe('full')
})
