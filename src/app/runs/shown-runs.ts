// Which runs the charts show: the one in front, and those that were chosen to stay, each in its own colour.
import { type RunEntry, runTitle } from '#workspace'
import { createStore } from 'zustand/vanilla'
import type { RunRecord } from '../store/run-slice.ts'
import type { RunsState } from './runs-store.ts'

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
/** Most runs that are drawn at once: the newest of those chosen. */
export const MAX_SHOWN = 100

/** Token of the colour of the run with this number. */
export const runColor = (number: number): string =>
  `--series-${((((number - 1) % COLORS) + COLORS) % COLORS) + 1}`

export const shownChoice = createStore<ShownChoice>(() => ({
  chosen: new Set(),
  hidden: new Set(),
}))

/** Shows runs, also after the next one has begun. */
export function showRuns(ids: readonly string[]): void {
  shownChoice.setState(({ chosen, hidden }) => ({
    chosen: new Set([...chosen, ...ids]),
    hidden: without(hidden, ids),
  }))
}

export function hideRuns(ids: readonly string[]): void {
  shownChoice.setState(({ chosen, hidden }) => ({
    chosen: without(chosen, ids),
    hidden: new Set([...hidden, ...ids]),
  }))
}

export const showRun = (id: string): void => showRuns([id])
export const hideRun = (id: string): void => hideRuns([id])

export const isShown = ({ chosen, hidden }: ShownChoice, id: string, isCurrent: boolean): boolean =>
  chosen.has(id) || (isCurrent && !hidden.has(id))

/** The run in front: the one of this page, else the newest of those kept. */
export const frontId = ({ entries }: Pick<RunsState, 'entries'>, current: string | undefined) =>
  current ?? entries[0]?.id

/** Ids of the runs that charts show, newest first. */
export function shownIds(
  choice: ShownChoice,
  state: Pick<RunsState, 'entries'>,
  current: string | undefined,
): string[] {
  const front = frontId(state, current)
  const ids = state.entries.map(({ id }) => id)
  // Its first event may be ahead of its entry.
  if (front !== undefined && !ids.includes(front)) ids.unshift(front)
  return ids.filter((id) => isShown(choice, id, id === front)).slice(0, MAX_SHOWN)
}

/** The same object for the same run: charts draw again only what changed. */
const made = new WeakMap<RunRecord, ShownRun>()

export function shownRun(
  record: RunRecord,
  entry: RunEntry | undefined,
  isCurrent: boolean,
): ShownRun {
  const { number } = entry ?? record
  const title = runTitle({ name: entry?.name ?? '', number })
  const color = runColor(number)
  const known = made.get(record)
  if (known?.title === title && known.color === color && known.isCurrent === isCurrent) return known
  const run = { record, title, color, isCurrent }
  made.set(record, run)
  return run
}

function without(ids: ReadonlySet<string>, gone: readonly string[]): ReadonlySet<string> {
  const rest = new Set(ids)
  for (const id of gone) rest.delete(id)
  return rest
}
