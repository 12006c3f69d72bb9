// Checkpoints in the page: copied out of the sandbox, kept within a budget, and never lost for want of storage.
import { describe, expect, test } from 'vitest'
import type { EngineApi } from '#protocol'
import { type EventRecord, writeSafetensors } from '#sdk'
import { createCheckpoints } from './checkpoints.ts'
import { createCheckpointCopies } from './copies.ts'
import { type CheckpointEntry, isOpen, resumable, surplus, type Taken } from './entry.ts'
import type { CheckpointStorage } from './storage.ts'

const entry = (over: Partial<CheckpointEntry> = {}): CheckpointEntry => ({
  workspace: 'w',
  run: 'run-1',
  name: 'last',
  epoch: 1,
  step: 10,
  totalSteps: 40,
  metrics: {},
  sizeBytes: 100,
  savedAt: 1,
  isAutomatic: true,
  ...over,
})

const taken = (over: Partial<Taken> = {}): Taken => ({
  id: 'run-1',
  key: 1,
  name: 'last',
  path: 'checkpoints/last.safetensors',
  epoch: 1,
  step: 10,
  metrics: { loss: 1 },
  sizeBytes: 5,
  isAutomatic: true,
  ...over,
})

function memory(): CheckpointStorage & { isFull: boolean } {
  const kept = new Map<string, [CheckpointEntry, Awaited<ReturnType<CheckpointStorage['read']>>]>()
  const keyOf = (it: CheckpointEntry) => `${it.workspace} ${it.run} ${it.name}`
  return {
    isFull: false,
    list: async (workspace) =>
      [...kept.values()].map(([it]) => it).filter((it) => it.workspace === workspace),
    read: async (it) => kept.get(keyOf(it))?.[1],
    async write(it, file) {
      if (this.isFull) throw new Error('QuotaExceededError: the disk is full')
      kept.set(keyOf(it), [it, file])
    },
    remove: async (entries) => entries.forEach((it) => kept.delete(keyOf(it))),
    removeAll: async () => kept.clear(),
  }
}

const kept = (text: string) => ({ file: new Blob([text]), history: {}, totalSteps: 40 })

describe('what makes room', () => {
  test('of earlier runs what nobody asked for, then the oldest; of the newest neither last nor best', () => {
    const entries = [
      entry({ run: 'run-2', name: 'last', savedAt: 9 }),
      entry({ run: 'run-2', name: 'best', savedAt: 8 }),
      entry({ run: 'run-2', name: 'step-5', savedAt: 7 }),
      entry({ run: 'run-1', name: 'last', savedAt: 6 }),
      entry({ run: 'run-1', name: 'best', savedAt: 5, isAutomatic: false }),
    ]
    const gone = (budget: number) =>
      surplus(entries, budget).map(({ run, name }) => `${run} ${name}`)
    expect(gone(500)).toEqual([])
    expect(gone(400)).toEqual(['run-1 best'])
    expect(gone(250)).toEqual(['run-1 best', 'run-1 last', 'run-2 step-5'])
    expect(gone(0)).toEqual(['run-1 best', 'run-1 last', 'run-2 step-5'])
  })

  test('of many runs the last of a few is kept, and what was asked for', () => {
    const entries = Array.from({ length: 8 }, (_, i) => entry({ run: `run-${i}`, savedAt: i }))
    const asked = entry({ run: 'run-0', name: 'mine', savedAt: 0, isAutomatic: false })
    expect(surplus([...entries, asked]).map(({ run }) => run)).toEqual(['run-2', 'run-1', 'run-0'])
  })
})

test('a run that was cut short can be gone on with, one that came to its end is continued', () => {
  expect(resumable([])).toBeUndefined()
  expect(resumable([entry({ savedAt: 1 }), entry({ savedAt: 2, step: 20 })])?.step).toBe(20)
  expect(resumable([entry({ savedAt: 1 }), entry({ savedAt: 2, step: 40 })])).toBeUndefined()
  expect(isOpen(entry({ totalSteps: 0 }))).toBe(true)
})

describe('the list', () => {
  test('is there again when the page is: newest first, one for each name of a run', async () => {
    const storage = memory()
    const first = createCheckpoints(storage)
    await first.open('w')
    await first.take(taken(), 1, kept('one'))
    await first.take(taken({ step: 20 }), 2, kept('two'))
    await first.take(taken({ name: 'best' }), 3, kept('best'))
    const again = createCheckpoints(storage)
    await again.open('w')
    const { entries } = again.getState()
    expect(entries.map(({ name, step }) => `${name} ${step}`)).toEqual(['best 10', 'last 20'])
    expect(await (await again.read(entries[1]!))?.file.text()).toBe('two')
    expect(await (await again.fileAt('checkpoints/best.safetensors'))?.text()).toBe('best')
    expect(await again.fileAt('checkpoints/none.safetensors')).toBeUndefined()
    expect(await again.fileAt('data/best.safetensors')).toBeUndefined()
    await again.forget('run-1', 'last')
    expect(await storage.list('w')).toHaveLength(1)
    await again.open('other')
    expect(again.getState().entries).toEqual([])
  })

  test('metrics stored before epochs and times were kept are read, with those as not known', async () => {
    const storage = memory()
    const old = {
      length: 2,
      steps: Float64Array.of(1, 2, 0),
      values: Float64Array.of(5, 4, 0),
    }
    await storage.write(entry(), { file: new Blob(['x']), history: { loss: old } })
    const checkpoints = createCheckpoints(storage)
    await checkpoints.open('w')
    const { loss } = (await checkpoints.read(checkpoints.getState().entries[0]!))!.history
    expect(loss).toMatchObject(old)
    expect([...loss!.epochs, ...loss!.times]).toEqual([NaN, NaN, NaN, NaN, NaN, NaN])
  })

  test('goes on in the page alone when the browser refuses, and says so until it no longer does', async () => {
    const storage = memory()
    const checkpoints = createCheckpoints(storage)
    await checkpoints.open('w')
    storage.isFull = true
    await checkpoints.take(taken(), 1, kept('one'))
    const { entries, refusal } = checkpoints.getState()
    expect(refusal).toContain('the disk is full')
    expect(await (await checkpoints.read(entries[0]!))?.file.text()).toBe('one')
    storage.isFull = false
    await checkpoints.take(taken({ step: 20 }), 2, kept('two'))
    expect(checkpoints.getState().refusal).toBeUndefined()
    expect(await storage.list('w')).toHaveLength(1)
  })

  test('takes files of the user, and refuses others by name', async () => {
    const checkpoints = createCheckpoints(memory())
    await checkpoints.open('w')
    const fileOf = (metadata: Record<string, string>) =>
      new File([writeSafetensors([], metadata)], 'mine.safetensors')
    const info = { run: 'run-7', name: 'best', epoch: 2, step: 8, metrics: { loss: 0.5 } }
    const format = 'plugboard.checkpoint'
    await checkpoints.add(fileOf({ format, info: JSON.stringify(info) }))
    expect(checkpoints.getState().entries).toMatchObject([{ ...info, totalSteps: 0 }])
    await checkpoints.take(taken({ id: info.run }), 1, kept('one'))
    await checkpoints.add(fileOf({ format, info: JSON.stringify({ ...info, name: 'copy' }) }))
    expect(checkpoints.getState().entries[0]).toMatchObject({ name: 'copy', totalSteps: 40 })
    await expect(checkpoints.add(fileOf({}))).rejects.toThrow('mine.safetensors is no checkpoint')
    await expect(checkpoints.add(fileOf({ format, info: '{' }))).rejects.toThrow('no checkpoint')
    await expect(checkpoints.add(new File(['x'], 'y.safetensors'))).rejects.toThrow(
      'y.safetensors has 1 bytes',
    )
  })
})

describe('copies', () => {
  const event = (type: string, data: unknown): EventRecord => ({ seq: 1, time: 7, type, data })

  test('come in pieces at a pace, one after the other, and are acknowledged when they are kept', async () => {
    const log: string[] = []
    const file = new Uint8Array(9 * 2 ** 20).fill(3)
    const api = {
      checkpoint: async (key: number, begin: number, end: number) => {
        log.push(`read ${key} ${begin / 2 ** 20}-${end / 2 ** 20}`)
        return key === 2 ? null : file.slice(begin, end)
      },
      takeCheckpoint: async (key: number) => void log.push(`taken ${key}`),
    } as unknown as EngineApi
    const copies = createCheckpointCopies({
      keep: async ({ key }, savedAt, blob) => void log.push(`kept ${key} ${savedAt} ${blob.size}`),
      forget: async (run, name) => void log.push(`forgot ${run} ${name}`),
      wait: async (ms) => void log.push(`wait ${Math.round(ms)}`),
    })
    const sizeBytes = file.length
    copies.receive(
      [
        event('run.checkpoint', taken({ key: 1, sizeBytes })),
        event('run.checkpoint', taken({ key: 2, sizeBytes, name: 'best' })),
        // Never read: another of its name comes before its turn.
        event('run.checkpoint', taken({ key: 3, sizeBytes, name: 'step-1' })),
        event('run.checkpoint_removed', { id: 'run-1', name: 'step-1' }),
        event('own.event', {}),
      ],
      api,
    )
    await copies.settled()
    expect(log.join(', ')).toBe(
      'read 1 0-4, wait 699, read 1 4-8, wait 699, read 1 8-9, wait 175, kept 1 7 9437184, taken 1, ' +
        'read 2 0-4, forgot run-1 step-1',
    )
  })

  test('end with the engine that they come from, and go on with the next', async () => {
    const keptKeys: number[] = []
    const copies = createCheckpointCopies({
      keep: async ({ key }) => void keptKeys.push(key),
      forget: async () => {},
      wait: async () => {},
    })
    const lost = {
      checkpoint: async () => Promise.reject(new Error('gone')),
    } as unknown as EngineApi
    const next = {
      checkpoint: async () => new Uint8Array(5),
      takeCheckpoint: async () => {},
    } as unknown as EngineApi
    copies.receive([event('run.checkpoint', taken({ key: 1, name: 'best' }))], lost)
    copies.receive([event('run.checkpoint', taken({ key: 2 }))], next)
    await copies.settled()
    expect(keptKeys).toEqual([2])
  })
})
