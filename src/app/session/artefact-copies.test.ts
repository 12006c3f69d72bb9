// Artefacts are copied while their engine lives, once for each change, and never faster than the sandbox allows.
import { expect, test, vi } from 'vitest'
import type { EngineApi } from '#protocol'
import type { EventRecord } from '#sdk'
import { createEngineStore } from '../store/store.ts'
import { createArtefactCopies } from './artefact-copies.ts'

const saved = (name: string, sizeBytes: number): EventRecord => ({
  seq: 0,
  time: 0,
  type: 'artefact.saved',
  data: { name, type: 'text/plain', sizeBytes },
})

/** An engine whose artefacts are `sizeBytes` long. */
function setup(sizeBytes: number) {
  const store = createEngineStore()
  const read: string[] = []
  const waits: number[] = []
  const api = {
    artefact: async (name: string) => (read.push(name), new Uint8Array(sizeBytes)),
  } as Partial<EngineApi> as EngineApi
  let engine: EngineApi | undefined = api
  const copies = createArtefactCopies({
    store,
    engine: () => engine,
    wait: async (ms) => void waits.push(ms),
  })
  return { store, read, waits, copies, end: () => (engine = undefined) }
}

test('a burst of changes is one copy', async () => {
  const { store, read } = setup(3)
  store.receive([saved('log', 1), saved('log', 2)])
  store.receive([saved('log', 3)])
  await vi.waitFor(() => expect(store.getState().artefacts.get('log')?.copy?.version).toBe(3))
  expect(read).toEqual(['log'])
})

test('what is asked for is read at once, and not again while nothing was added', async () => {
  const { store, read, copies } = setup(3)
  store.receive([saved('log', 3)])
  expect((await copies.artefact('log'))?.copy?.bytes).toHaveLength(3)
  await copies.artefact('log')
  expect(read).toEqual(['log'])
  expect(await copies.artefact('unknown')).toBeUndefined()
})

test('large ones are read one after the other, with time in between', async () => {
  const size = 16_000_000
  const { store, read, waits, copies } = setup(size)
  store.receive([saved('a', size), saved('b', size)])
  await Promise.all([copies.artefact('a'), copies.artefact('b')])
  expect(read.toSorted()).toEqual(['a', 'b'])
  expect(waits).toContain(size / 8_000)
})

test('of an engine that is gone there is what was copied before', async () => {
  const { store, copies, end } = setup(3)
  store.receive([saved('log', 3)])
  await copies.artefact('log')
  store.receive([saved('log', 4)])
  end()
  expect(await copies.artefact('log')).toMatchObject({ version: 2, copy: { version: 1 } })
})
