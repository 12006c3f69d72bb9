// Runs kept: written while they go on, found again by the next page, deleted, added, and never lost for want of storage.
import type { EventRecord } from '#sdk'
import type { KeptRun, RunEntry } from '#workspace'
import { expect, test } from 'vitest'
import { createEngineStore } from '../store/store.ts'
import { createKeeper } from './keeper.ts'
import { createRunsStore } from './runs-store.ts'
import type { RunStorage } from './storage.ts'

function memory(): RunStorage & { isFull: boolean; details: Map<string, unknown> } {
  const entries = new Map<string, RunEntry>()
  const details = new Map<string, unknown>()
  const keyOf = (workspace: string, id: string) => `${workspace} ${id}`
  const refuse = (isFull: boolean) => {
    if (isFull) throw new Error('QuotaExceededError: the disk is full')
  }
  return {
    isFull: false,
    details,
    list: async (workspace) =>
      [...entries].filter(([key]) => key.startsWith(`${workspace} `)).map(([, entry]) => entry),
    read: async (workspace, id) => details.get(keyOf(workspace, id)),
    async write(workspace, runs) {
      refuse(this.isFull)
      for (const run of runs) {
        entries.set(keyOf(workspace, run.entry.id), run.entry)
        details.set(keyOf(workspace, run.entry.id), run.details)
      }
    },
    async writeEntries(workspace, changed) {
      refuse(this.isFull)
      for (const entry of changed) entries.set(keyOf(workspace, entry.id), entry)
    },
    async remove(workspace, ids) {
      for (const id of ids) {
        entries.delete(keyOf(workspace, id))
        details.delete(keyOf(workspace, id))
      }
    },
    async removeAll(workspace) {
      for (const key of entries.keys()) if (key.startsWith(`${workspace} `)) entries.delete(key)
    },
  }
}

let time = 1000
const event = (type: string, data: unknown): EventRecord => ({ seq: 0, time: ++time, type, data })
const state = (id: string, value: string, more: object = {}) =>
  event('run.state', { id, state: value, step: 3, epoch: 1, totalSteps: 4, ...more })
const begin = (id: string, config: object = {}) =>
  event('run.begin', {
    id,
    name: 'digits',
    seed: 7,
    config,
    parameters: [{ path: 'w', shape: [2] }],
    parameterCount: 2,
    trainRows: 90,
    validationRows: 10,
    batchSize: 9,
    totalSteps: 4,
    stepsPerEpoch: 2,
  })
const points = (id: string, ...losses: number[]) =>
  event('run.metrics', {
    id,
    points: losses.map((loss, i) => ({ step: i + 1, epoch: 1, time: ++time, values: { loss } })),
  })

/** A page with these runs stored; `held` are on in some page. */
async function page(storage = memory(), held: string[] = []) {
  const engine = createEngineStore()
  const runs = createRunsStore()
  const refusals: string[] = []
  const keeper = createKeeper({
    runs,
    engine,
    storage,
    beginning: () => ({ files: 'abc', yaml: 'experiment: {}' }),
    surroundings: () => ({ device: 'CPU', plugins: { sgd: '1.0.0' } }),
    hold: (id) => {
      held.push(id)
      return () => void held.splice(held.indexOf(id), 1)
    },
    held: async () => new Set(held),
    onRefusal: (reason) => refusals.push(reason),
    writeEveryMs: 0,
  })
  keeper.follow()
  await keeper.open('w')
  return { engine, runs, keeper, storage, held, refusals, entries: () => runs.getState().entries }
}

const trained = (id: string, config: object = {}) => [
  state(id, 'preparing'),
  begin(id, config),
  points(id, 3, NaN, 1, 2),
  state(id, 'ended', { reason: 'finished' }),
]

test('a run that has ended is found again by the next page, with its points', async () => {
  const first = await page()
  first.engine.receive(trained('a', { tags: { team: 'x', draft: true } }))
  await first.keeper.settled()
  const second = await page(first.storage)
  expect(second.entries()).toMatchObject([
    {
      id: 'a',
      number: 1,
      state: 'finished',
      files: 'abc',
      device: 'CPU',
      plugins: { sgd: '1.0.0' },
      tags: { team: 'x', draft: 'true' },
      setup: { name: 'digits', seed: 7 },
      metrics: { loss: { count: 4, last: 2, min: 1, minStep: 3, max: 3, maxStep: 1 } },
    },
  ])
  expect(second.runs.getState().records.size).toBe(0)
  await second.keeper.load('a')
  const record = second.runs.getState().records.get('a')
  expect([...record!.series['loss']!.values]).toEqual([3, NaN, 1, 2])
  second.engine.receive([state('b', 'preparing')])
  expect(second.entries().map(({ number }) => number)).toEqual([2, 1])
})

test('what is stored and cannot be read is told apart, and stays until it is deleted', async () => {
  const first = await page()
  first.engine.receive(trained('a'))
  first.engine.receive(trained('b'))
  await first.keeper.settled()
  const { storage } = first
  storage.details.set('w b', { id: 'b', series: 'none' })
  const list = storage.list.bind(storage)
  let isThere = true
  storage.list = async (id) => [...(await list(id)), ...(isThere ? [{ id: 'c', number: 'x' }] : [])]
  const remove = storage.remove.bind(storage)
  storage.remove = async (id, ids) => {
    if (ids.includes('c')) isThere = false
    await remove(id, ids)
  }
  const second = await page(storage)
  expect(second.runs.getState().damaged).toEqual([{ id: 'c', number: 'x' }])
  await second.keeper.load('b')
  await second.keeper.read('b')
  expect(second.runs.getState().damaged).toMatchObject([{ id: 'c' }, { id: 'b' }])
  await second.keeper.removeDamaged()
  expect(second.runs.getState().damaged).toEqual([])
  expect(second.entries().map(({ id }) => id)).toEqual(['a'])
  const third = await page(storage)
  expect(third.entries().map(({ id }) => id)).toEqual(['a'])
})

test('a run whose page was closed reads as interrupted, unless it is on in another', async () => {
  const first = await page()
  first.engine.receive([state('a', 'preparing'), begin('a'), points('a', 3)])
  first.keeper.flush()
  await first.keeper.settled()
  expect((await page(first.storage, ['a'])).entries()[0]?.state).toBe('running')
  const next = await page(first.storage)
  expect(next.entries()[0]).toMatchObject({ state: 'interrupted', metrics: { loss: { last: 3 } } })
})

test('refused by storage, runs stay in the page, which says so once', async () => {
  const { storage, engine, keeper, entries, refusals, runs } = await page()
  storage.isFull = true
  engine.receive(trained('a'))
  engine.receive(trained('b'))
  await keeper.settled()
  expect(refusals).toEqual(['QuotaExceededError: the disk is full'])
  expect(entries().map(({ id }) => id)).toEqual(['b', 'a'])
  expect(runs.getState().records.get('a')?.series['loss']?.length).toBe(4)
  expect((await keeper.read('a'))?.details.yaml).toBe('experiment: {}')
})

test('what is stored and is no run is passed over', async () => {
  const storage = memory()
  await storage.writeEntries('w', [{ id: 'x', number: 'one' } as unknown as RunEntry])
  const { entries, refusals } = await page(storage)
  expect([entries(), refusals]).toEqual([[], []])
})

test('deleted runs come back when that is undone, and else are gone for good', async () => {
  const { engine, keeper, entries, storage } = await page()
  engine.receive([...trained('a'), ...trained('b')])
  await keeper.settled()
  const first = keeper.remove(['a', 'b'])
  expect(entries()).toEqual([])
  first.undo()
  expect(entries().map(({ id }) => id)).toEqual(['b', 'a'])
  const second = keeper.remove(['a'])
  second.commit()
  second.undo()
  await keeper.settled()
  expect(entries().map(({ id }) => id)).toEqual(['b'])
  expect([...storage.details.keys()]).toEqual(['w b'])
})

test('names, tags and notes are kept, also those of the run that is on', async () => {
  const { engine, keeper, storage } = await page()
  engine.receive([state('a', 'preparing')])
  keeper.describe(['a'], () => ({ name: 'mine', notes: 'n' }))
  keeper.describe(['a'], ({ tags }) => ({ tags: { ...tags, good: '' } }))
  engine.receive([begin('a', { tags: { team: 'x' } }), state('a', 'ended', { reason: 'stopped' })])
  await keeper.settled()
  expect((await page(storage)).entries()).toMatchObject([
    { name: 'mine', notes: 'n', state: 'stopped', tags: { good: '', team: 'x' } },
  ])
})

test('runs made elsewhere come after those that are there; none comes twice', async () => {
  const { engine, keeper, entries } = await page()
  engine.receive(trained('a'))
  const made = (await keeper.read('a')) as KeptRun
  const others = ['p', 'q'].map((id) => ({ ...made, entry: { ...made.entry, id } }))
  expect(await keeper.add([made, ...others])).toBe(2)
  engine.receive([state('b', 'preparing')])
  expect(entries().map(({ id, number }) => [id, number])).toEqual([
    ['b', 4],
    ['q', 3],
    ['p', 2],
    ['a', 1],
  ])
})

test('another workspace: the run that was on has stopped, and belongs to the one before', async () => {
  const { engine, keeper, entries, held, storage } = await page()
  engine.receive([state('a', 'running'), points('a', 3)])
  engine.reset()
  await keeper.open('other')
  expect([entries(), held]).toEqual([[], []])
  await keeper.settled()
  expect((await page(storage)).entries()).toMatchObject([{ id: 'a', state: 'stopped' }])
})
