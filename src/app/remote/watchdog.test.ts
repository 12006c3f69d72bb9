// The watchdog on simulated time.
import { describe, expect, it } from 'vitest'
import { WATCHDOG_LIMITS } from './limits.ts'
import { createWatchdog, type Pulse } from './watchdog.ts'

type Worker = (tick: number) => Pulse | undefined

/** Runs ticks `elapsedMs` apart until the verdict; the worker answers each one, or not. */
function watch(worker: Worker, { ticks = 400, elapsedMs = 250 } = {}) {
  const watchdog = createWatchdog(WATCHDOG_LIMITS)
  for (let tick = 1; tick <= ticks; tick++) {
    const reason = watchdog.tick(elapsedMs)
    if (reason) return { reason, afterMs: tick * elapsedMs }
    const pulse = worker(tick)
    if (pulse) watchdog.report(pulse)
  }
  return undefined
}

const healthy: Worker = (tick) => ({ turns: tick, beats: 0, quietMs: 0, label: '', work: '' })
const stuck: Worker = () => ({
  turns: 0,
  beats: 0,
  quietMs: 0,
  label: 'early_stopping.onEpochEnd',
  work: '',
})

describe('watchdog', () => {
  it('lets a healthy engine live', () => {
    expect(watch(healthy)).toBeUndefined()
  })

  it('ends a silent one at 1.5 s and names who ran', () => {
    const end = watch(stuck)
    expect(end?.afterMs).toBe(1500)
    expect(end?.reason).toMatchObject({ kind: 'hang', culprit: 'early_stopping.onEpochEnd' })
    expect(end?.reason.message).toBe('early_stopping.onEpochEnd gave no sign of life for 1.5 s.')
  })

  it('names no culprit when the engine itself ran', () => {
    const end = watch(() => ({ turns: 0, beats: 0, quietMs: 0, label: '', work: '' }))
    expect(end?.reason).toEqual({
      kind: 'hang',
      message: 'The engine gave no sign of life for 1.5 s.',
    })
  })

  it('counts silence from the last beat', () => {
    const end = watch((tick) => ({
      turns: 0,
      beats: Math.min(tick, 10),
      quietMs: 0,
      label: 'slow',
      work: '',
    }))
    expect(end?.afterMs).toBe(10 * 250 + 1500)
  })

  it('counts from the beat itself, not from the report of it', () => {
    const end = watch(() => ({ turns: 0, beats: 1, quietMs: 250, label: 'slow', work: '' }))
    expect(end?.afterMs).toBe(250 + 1500 - 250)
  })

  it('waits for a kernel that is known to take long, up to 60 s', () => {
    const slow = { turns: 0, beats: 1, quietMs: 0, label: 'slow' }
    expect(watch(() => ({ ...slow, work: 'Conv2D' }), { ticks: 200 })).toBeUndefined()
    expect(watch(() => ({ ...slow, work: 'Conv2D' }))?.afterMs).toBe(60_000)
    const stuckAfter = watch((tick) => ({
      ...slow,
      beats: tick < 9 ? 1 : 2,
      work: tick < 9 ? 'Conv2D' : '',
    }))
    expect(stuckAfter?.afterMs).toBe(9 * 250 + 1500)
  })

  it('ends work without an event-loop turn at 60 s, beats or not', () => {
    const end = watch((tick) => ({
      turns: 0,
      beats: tick,
      quietMs: 0,
      label: 'endless.forward',
      work: '',
    }))
    expect(end?.afterMs).toBe(60_000)
    expect(end?.reason).toMatchObject({ kind: 'hang', culprit: 'endless.forward' })
  })

  it('tells a dead sandbox from a silent worker', () => {
    const end = watch((tick) => (tick < 3 ? healthy(tick) : undefined))
    expect(end?.reason.kind).toBe('crash')
    expect(end?.afterMs).toBe(2 * 250 + 3000)
  })

  it('does not take late timers for silence', () => {
    const slept = createWatchdog(WATCHDOG_LIMITS)
    expect(slept.tick(3_600_000)).toBeUndefined()
    expect(watch(healthy, { elapsedMs: 60_000 })).toBeUndefined()
  })

  it('still ends a silent engine behind a hidden tab, whose timers come once a second', () => {
    expect(watch(stuck, { elapsedMs: 1000 })?.afterMs).toBe(3000)
  })
})
