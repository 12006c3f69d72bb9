// Which runs the charts show: the one in front, and those that were chosen to stay, each in its own colour.
import { createStore } from 'zustand/vanilla'
import type { RunRecord } from '../store/run-slice.ts'

/** A run as charts draw it. */
export interface ShownRun {
  readonly record: RunRecord
  /** Its name, or `run 3`. */
  readonly title: string
  /** Token of its colour, the same for as long as the run is kept: `--series-3`. */
  readonly color: string
  /** The run that is on, or was the last to be. */
  readonly isCurrent: boolean
}

/** The user's choice. The current run is shown without being chosen, unless it is hidden. */
export interface ShownChoice {
  readonly chosen: ReadonlySet<string>
  readonly hidden: ReadonlySet<string>
}

const COLORS = 8

/** Token of the colour of the run with this number. */
export const runColor = (number: number): string =>
  `--series-${((((number - 1) % COLORS) + COLORS) % COLORS) + 1}`

export const shownChoice = createStore<ShownChoice>(() => ({
  chosen: new Set(),
  hidden: new Set(),
}))

/** Shows a run, also after the next one has begun. */
export function showRun(id: string): void {
  shownChoice.setState(({ chosen, hidden }) => ({
    chosen: new Set(chosen).add(id),
    hidden: without(hidden, id),
  }))
}

export function hideRun(id: string): void {
  shownChoice.setState(({ chosen, hidden }) => ({
    chosen: without(chosen, id),
    hidden: new Set(hidden).add(id),
  }))
}

export const isShown = ({ chosen, hidden }: ShownChoice, id: string, isCurrent: boolean): boolean =>
  chosen.has(id) || (isCurrent && !hidden.has(id))

function without(ids: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const rest = new Set(ids)
  rest.delete(id)
  return rest
}
