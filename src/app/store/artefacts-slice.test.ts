// What the page keeps of artefacts, also when the engine that held them is gone.
import { expect, test } from 'vitest'
import type { EventRecord } from '#sdk'
import { isCopied, MAX_ARTEFACTS } from './artefacts-slice.ts'
import { createEngineStore } from './store.ts'

const saved = (name: string, sizeBytes = 1, time = 0): EventRecord => ({
  seq: 0,
  time,
  type: 'artefact.saved',
  plugin: 'logging',
  data: { name, type: 'text/plain', sizeBytes },
})
const removed = (name: string): EventRecord => ({
  seq: 0,
  time: 0,
  type: 'artefact.removed',
  data: { name },
})
const copyOf = (version: number, length = 1) => ({
  bytes: new Uint8Array(length),
  version,
  takenAt: 5,
})

function setup() {
  const store = createEngineStore()
  return { store, artefact: (name: string) => store.getState().artefacts.get(name) }
}

test('[A17] artefacts are listed as they are saved, the newest last, until they are removed', () => {
  const { store, artefact } = setup()
  store.receive([saved('a', 1, 1), saved('b', 2, 2), saved('a', 3, 3)])
  expect([...store.getState().artefacts.keys()]).toEqual(['b', 'a'])
  expect(artefact('a')).toMatchObject({
    plugin: 'logging',
    sizeBytes: 3,
    savedAt: 3,
    version: 2,
    isGone: false,
  })
  store.receive([removed('a')])
  expect(artefact('a')).toBeUndefined()
  // Too frequent for the timeline.
  expect(store.getState().timeline.items.map(({ type }) => type)).toEqual(['artefact.removed'])
})

test('a copy outlives its engine, and says of which version it is', () => {
  const { store, artefact } = setup()
  store.receive([saved('log', 1)])
  store.keepArtefact('log', copyOf(1))
  expect(isCopied(artefact('log')!)).toBe(true)
  store.receive([saved('log', 2)])
  expect(isCopied(artefact('log')!)).toBe(false)
  store.lose({ kind: 'hang', message: 'gone' })
  store.boot()
  expect(artefact('log')).toMatchObject({ isGone: true, version: 2, copy: { version: 1 } })
  // An answer that was still under way belongs to the engine before.
  store.keepArtefact('log', copyOf(2))
  expect(artefact('log')!.copy!.version).toBe(1)
  store.receive([saved('log', 9)])
  expect(artefact('log')).toMatchObject({ isGone: false, version: 3, copy: undefined })
})

test('names and copies without end are bounded, the oldest leave', () => {
  const { store, artefact } = setup()
  store.receive(Array.from({ length: MAX_ARTEFACTS + 1 }, (_, i) => saved(`a${i}`)))
  expect(store.getState().artefacts.size).toBe(MAX_ARTEFACTS)
  expect(artefact('a0')).toBeUndefined()
  store.keepArtefact('a1', copyOf(1, 70 * 2 ** 20))
  store.lose({ kind: 'crash', message: 'gone' })
  store.receive([saved('new')])
  store.keepArtefact('new', copyOf(1, 70 * 2 ** 20))
  expect(artefact('a1')).toBeUndefined()
  expect(artefact('new')!.copy!.bytes.length).toBe(70 * 2 ** 20)
})
