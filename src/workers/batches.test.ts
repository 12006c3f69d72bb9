// How events become messages.
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createEngine } from '#engine'
import type { EventRecord } from '#sdk'
import { batched } from './batches.ts'

const event = (seq: number): EventRecord => ({ seq, time: 0, type: 'log', data: {} })

function collect() {
  const batches: number[][] = []
  const emit = batched((events) => batches.push(events.map(({ seq }) => seq)))
  return { batches, emit: (seq: number) => emit(event(seq)) }
}

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

it('sends the first event at once and the next ones together, in order', () => {
  const { batches, emit } = collect()
  for (const seq of [1, 2, 3]) emit(seq)
  expect(batches).toEqual([[1]])
  vi.advanceTimersByTime(100)
  expect(batches).toEqual([[1], [2, 3]])
})

it('sends at once what became of an edit, after what came before it', () => {
  const batches: string[][] = []
  const emit = batched((events) => batches.push(events.map(({ type }) => type)))
  for (const type of ['log', 'log', 'plugin.reloaded', 'log']) emit({ ...event(1), type })
  expect(batches).toEqual([['log'], ['log', 'plugin.reloaded']])
  vi.advanceTimersByTime(100)
  expect(batches.at(-1)).toEqual(['log'])
})

it('sends nothing when there is nothing', () => {
  const { batches, emit } = collect()
  emit(1)
  vi.advanceTimersByTime(1000)
  expect(batches).toEqual([[1]])
})

it('needs no timer in work that never pauses', () => {
  const { batches, emit } = collect()
  const clock = vi.spyOn(performance, 'now')
  for (let seq = 0; seq < 9; seq++) {
    clock.mockReturnValue(seq * 50)
    emit(seq)
  }
  expect(batches).toEqual([[0], [1, 2], [3, 4], [5, 6], [7, 8]])
})

it('keeps batches small in a burst', () => {
  const { batches, emit } = collect()
  for (let seq = 0; seq < 5000; seq++) emit(seq)
  expect(batches.map(({ length }) => length)).toEqual([1, 2000, 2000])
})

it('[P02] loses nothing and keeps the order when 10,000 events come in one step', () => {
  const batches: EventRecord[][] = []
  const engine = createEngine({
    plugins: [],
    host: {
      modules: { urlOf: String, revoke: () => {}, import: async () => ({}) },
      openDevice: () => Promise.reject(new Error('not part of this test')),
      now: () => 0,
      breathe: async () => {},
      beat: () => {},
      enter: () => {},
    },
    onEvent: batched((events) => batches.push([...events])),
  })
  for (let n = 0; n < 10_000; n++) engine.events.publish('page.event', { n })
  vi.advanceTimersByTime(100)
  const numbers = Array.from({ length: 10_000 }, (_, n) => n)
  expect(batches.flat().map(({ seq }) => seq)).toEqual(numbers.map((n) => n + 1))
  expect(batches.flat().map(({ data }) => (data as { n: number }).n)).toEqual(numbers)
  for (const { length } of batches) expect(length).toBeLessThanOrEqual(2000)
})
