// How events become messages.
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
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
  vi.advanceTimersByTime(40)
  expect(batches).toEqual([[1], [2, 3]])
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
    clock.mockReturnValue(seq * 20)
    emit(seq)
  }
  expect(batches).toEqual([[0], [1, 2], [3, 4], [5, 6], [7, 8]])
})

it('keeps batches small in a burst', () => {
  const { batches, emit } = collect()
  for (let seq = 0; seq < 5000; seq++) emit(seq)
  expect(batches.map(({ length }) => length)).toEqual([1, 2000, 2000])
})
