// Decides from the supervisor's reports whether the engine still lives. Pure: time comes in as an argument.
import type { WatchdogLimits } from './limits.ts'
import type { LostReason } from './lost.ts'

/** What the supervisor knows of the worker. Counters only grow; they change with each sign of life. */
export interface Pulse {
  /** Event-loop turns: pings answered. */
  turns: number
  /** Signs of life from inside synchronous work. */
  beats: number
  /** Time since the last of either, by the supervisor's clock. */
  quietMs: number
  /** Plugin and stage entered last; empty for the engine's own code. */
  label: string
  /** The kernel that is known to take long and runs now; empty for none. */
  work: string
}

export interface Watchdog {
  /** Counts time since the last tick; gives a reason once the engine counts as lost. */
  tick(elapsedMs: number): LostReason | undefined
  report(pulse: Pulse): void
}

/**
 * Silence is summed over ticks and a tick counts for two intervals at most: a throttled timer of a
 * hidden tab, a blocked page or a machine that slept can't make a healthy engine look silent.
 */
export function createWatchdog({
  intervalMs,
  silenceMs,
  answerMs,
  workMs,
}: WatchdogLimits): Watchdog {
  let last: Pulse = { turns: 0, beats: 0, quietMs: 0, label: '', work: '' }
  let unansweredMs = 0
  let silentMs = 0
  let withoutTurnMs = 0

  const hang = (message: string): LostReason => ({
    kind: 'hang',
    message: `${last.label || 'The engine'} ${message}`,
    ...(last.label && { culprit: last.label }),
  })

  return {
    tick(elapsedMs) {
      const counted = Math.min(elapsedMs, 2 * intervalMs)
      unansweredMs += counted
      silentMs += counted
      withoutTurnMs += counted
      if (unansweredMs >= answerMs) {
        const message = `The sandbox is gone: no answer for ${answerMs / 1000} s. It may have run out of memory.`
        return { kind: 'crash', message, ...(last.label && { culprit: last.label }) }
      }
      // Without an answer of the supervisor nothing is known of the worker.
      if (unansweredMs > 2 * intervalMs) return undefined
      // Inside a kernel there is no place to beat from, and no plugin code that could loop.
      if (silentMs >= silenceMs && !last.work)
        return hang(`gave no sign of life for ${silenceMs / 1000} s.`)
      if (withoutTurnMs >= workMs) {
        return hang(`worked for ${workMs / 1000} s without a pause. Use smaller steps.`)
      }
      return undefined
    },

    report(pulse) {
      unansweredMs = 0
      if (pulse.turns !== last.turns) withoutTurnMs = 0
      if (pulse.turns !== last.turns || pulse.beats !== last.beats) {
        silentMs = Math.min(pulse.quietMs, intervalMs)
      }
      last = pulse
    },
  }
}
