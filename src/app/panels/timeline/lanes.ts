// The lifecycle of plugins as bars over time. Long waits are drawn short, so that steps of a millisecond are seen.
import type { HistorySlice, Transition } from '../../store/history-slice.ts'

export interface Bar {
  /** State that lasted, or `step` for the way to the next. */
  readonly kind: 'step' | Transition['state']
  readonly title: string
  /** Of the whole width, 0 to 1. */
  readonly from: number
  readonly to: number
}

export interface Lane {
  readonly plugin: string
  readonly bars: readonly Bar[]
  /** The way through the states in words. */
  readonly words: string
}

/** States in which there is something of a plugin. */
const SHOWN: ReadonlySet<string> = new Set([
  'loaded',
  'initialized',
  'running',
  'stopped',
  'failed',
])

/** Those that came further than being discovered, in the order they did; `now` ends what lasts. */
export function lanesOf(
  history: HistorySlice,
  now: number,
  formatDuration: (ms: number) => string,
): Lane[] {
  const used = Object.entries(history)
    .filter(([, transitions]) => transitions.some(({ state }) => SHOWN.has(state)))
    .toSorted(([, a], [, b]) => firstUp(a) - firstUp(b))
  const placeOf = scaleOf(
    used.map(([, transitions]) => transitions),
    now,
  )
  return used.map(([plugin, transitions]) => {
    const bars = transitions.flatMap((transition, index): Bar[] => {
      const { state, time, durationMs = 0 } = transition
      const next = transitions[index + 1]
      const end = next ? next.time - (next.durationMs ?? 0) : now
      const step: Bar = {
        kind: 'step',
        title: `to ${state}: ${formatDuration(durationMs)}`,
        from: placeOf(time - durationMs),
        to: placeOf(time),
      }
      const lasting: Bar = {
        kind: state,
        title: `${state} for ${formatDuration(Math.max(0, end - time))}`,
        from: placeOf(time),
        to: placeOf(Math.max(time, end)),
      }
      return [...(durationMs > 0 ? [step] : []), ...(SHOWN.has(state) ? [lasting] : [])]
    })
    const words = transitions
      .map(({ state, durationMs }) =>
        durationMs === undefined ? state : `${state} after ${formatDuration(durationMs)}`,
      )
      .join(', ')
    return { plugin, bars, words }
  })
}

const firstUp = (transitions: readonly Transition[]): number =>
  transitions.find(({ state }) => SHOWN.has(state))?.time ?? Infinity

/** Maps times to 0 to 1. Between two that something happened at lies the logarithm of the time between them. */
function scaleOf(all: readonly (readonly Transition[])[], now: number): (time: number) => number {
  const shown = all.flatMap((transitions) =>
    transitions.filter(({ state }) => state !== 'discovered'),
  )
  const begins = shown.map(({ time, durationMs = 0 }) => time - durationMs)
  const times = [...new Set([...begins, ...shown.map(({ time }) => time), now])].toSorted(
    (a, b) => a - b,
  )
  const places = new Map<number, number>()
  let at = 0
  for (const [index, time] of times.entries()) {
    if (index > 0) at += Math.log1p(time - times[index - 1]!)
    places.set(time, at)
  }
  const first = times[0] ?? now
  return (time) => (at > 0 ? (places.get(Math.max(first, time)) ?? 0) / at : 0)
}
