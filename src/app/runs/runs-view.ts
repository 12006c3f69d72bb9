// How the user looks at runs: filter, order, groups, columns, what is selected.
import { createStore } from 'zustand/vanilla'
import type { Figure } from './columns.ts'
import type { Sort } from './lines.ts'

export const modes = ['table', 'compare', 'plots'] as const
export type Mode = (typeof modes)[number]

export interface RunsView {
  readonly mode: Mode
  readonly query: string
  readonly sort: Sort | undefined
  /** Column that groups. */
  readonly group: string | undefined
  readonly folded: ReadonlySet<string>
  /** As chosen; until then those that tell most. */
  readonly columns: readonly string[] | undefined
  readonly figure: Figure
  readonly selected: ReadonlySet<string>
  /** The run whose details are open. */
  readonly opened: string | undefined
}

const initialRunsView: RunsView = {
  mode: 'table',
  query: '',
  sort: undefined,
  group: undefined,
  folded: new Set(),
  columns: undefined,
  figure: 'last',
  selected: new Set(),
  opened: undefined,
}

export const runsView = createStore<RunsView>(() => initialRunsView)

export function selectRuns(ids: Iterable<string>): void {
  runsView.setState({ selected: new Set(ids) })
}

export const toggled = <T>(set: ReadonlySet<T>, item: T): ReadonlySet<T> => {
  const next = new Set(set)
  if (!next.delete(item)) next.add(item)
  return next
}
