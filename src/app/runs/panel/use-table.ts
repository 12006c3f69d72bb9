// The table as it is to be seen now: columns and lines.
import { useDeferredValue, useMemo } from 'react'
import { useStore } from 'zustand'
import { columnIds, type Column, columnOf, defaultColumns } from '../columns.ts'
import { type Line, linesOf } from '../lines.ts'
import { matcherOf } from '../match.ts'
import { runsView } from '../runs-view.ts'
import { useRuns } from '../use-shown-runs.ts'

export interface ShownTable {
  readonly columns: readonly Column[]
  readonly lines: readonly Line[]
  /** Why the filter is not one. */
  readonly problem: string | undefined
}

export function useTable(): ShownTable {
  const entries = useDeferredValue(useRuns((state) => state.entries))
  const { query, sort, group, folded, columns: chosen, figure } = useStore(runsView)
  const wanted = useDeferredValue(query)
  // Columns are gone through again when a run comes or goes, not with each of its steps.
  const signature = entries.length + (entries[0]?.setup ? 0.5 : 0) + (entries[0]?.id ?? '')
  const ids = useMemo(
    () => chosen ?? defaultColumns(entries),
    // oxlint-disable-next-line react/exhaustive-deps -- the signature stands for the entries
    [chosen, signature, Object.keys(entries[0]?.metrics ?? {}).length],
  )
  const columns = useMemo(() => ids.map((id) => columnOf(id, figure)), [ids, figure])
  const { match, problem } = useMemo(() => matcherOf(wanted), [wanted])
  const lines = useMemo(() => {
    const sortColumn = sort && columnOf(sort.column, figure)
    const by = group === undefined ? undefined : columnOf(group, figure)
    return linesOf(entries, { columns, sort, sortColumn, group: by, folded, match })
  }, [entries, columns, sort, group, folded, match, figure])
  return { columns, lines, problem }
}

/** All columns that there could be, by kind. */
export function useColumnIds(): ReturnType<typeof columnIds> {
  const entries = useRuns((state) => state.entries)
  return useMemo(() => columnIds(entries), [entries])
}
