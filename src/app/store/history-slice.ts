// How each plugin went through its states, for timelines: kept apart from the feed, which other events push on.
import type { EngineEvent, EventData } from '#protocol'

export interface Transition {
  readonly time: number
  /** `gone`: the engine it lived in is. */
  readonly state: EventData<'plugin.state'>['state'] | 'gone'
  /** What the step took. */
  readonly durationMs: number | undefined
  readonly stage: string | undefined
  /** Why it failed. */
  readonly message: string | undefined
}

/** By plugin, oldest first. */
export type HistorySlice = Readonly<Record<string, readonly Transition[]>>

/** Most transitions kept of a plugin. */
export const MAX_TRANSITIONS = 100

export function reduceHistory(history: HistorySlice, event: EngineEvent): HistorySlice {
  const { time } = event
  if (event.type === 'plugin.discovered') {
    const { name } = event.data.manifest
    return add(history, name, { ...nothing, time, state: 'discovered' })
  }
  if (event.type !== 'plugin.state') return history
  const { name, state, durationMs, stage, error } = event.data
  return add(history, name, { time, state, durationMs, stage, message: error?.message })
}

const nothing = { durationMs: undefined, stage: undefined, message: undefined }

/** The engine is gone, and all that was up in it. */
export function abandonHistory(history: HistorySlice, time: number): HistorySlice {
  return Object.keys(history).reduce(
    (all, name) => add(all, name, { ...nothing, time, state: 'gone' }),
    history,
  )
}

function add(history: HistorySlice, name: string, added: Transition): HistorySlice {
  const before = Object.hasOwn(history, name) ? history[name]! : []
  return { ...history, [name]: [...before, added].slice(-MAX_TRANSITIONS) }
}
