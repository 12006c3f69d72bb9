// The shown runs for React.
import { runTitle } from '#workspace'
import { useMemo } from 'react'
import { useStore } from 'zustand'
import { useEngineView } from '../store/store.ts'
import { runsStore, type RunsState } from './runs-store.ts'
import {
  frontId,
  isShown,
  runColor,
  shownChoice,
  shownIds,
  type ShownRun,
  shownRun,
} from './shown-runs.ts'

/** A run that can be shown or hidden. */
export interface RunChoice {
  readonly id: string
  readonly title: string
  readonly color: string
  readonly isShown: boolean
}

export function useRuns<T>(select: (state: RunsState) => T): T {
  return useStore(runsStore, select)
}

/** Those that charts draw: the current run first, then by their age, newest first. */
export function useShownRuns(): readonly ShownRun[] {
  const current = useEngineView(({ run }) => run.current)
  const entries = useRuns((state) => state.entries)
  const records = useRuns((state) => state.records)
  const choice = useStore(shownChoice)
  const currentId = current?.id
  const wanted = useMemo(() => {
    const byId = new Map(entries.map((entry) => [entry.id, entry]))
    const front = frontId({ entries }, currentId)
    const ids = shownIds(choice, { entries }, currentId)
    return ids
      .map((id) => ({ id, entry: byId.get(id), isFront: id === front }))
      .toSorted((a, b) => Number(b.isFront) - Number(a.isFront))
  }, [entries, choice, currentId])
  return useMemo(
    () =>
      wanted.flatMap(({ id, entry, isFront }) => {
        const record = current?.id === id ? current : records.get(id)
        return record ? [shownRun(record, entry, isFront)] : []
      }),
    [wanted, records, current],
  )
}

/** The newest runs, to be shown or hidden beside the charts. */
export function useRunChoices(count: number): readonly RunChoice[] {
  const entries = useRuns((state) => state.entries)
  const currentId = useEngineView(({ run }) => run.current?.id)
  const choice = useStore(shownChoice)
  return useMemo(() => {
    const front = frontId({ entries }, currentId)
    return entries.slice(0, count).map((entry) => ({
      id: entry.id,
      title: runTitle(entry),
      color: runColor(entry.number),
      isShown: isShown(choice, entry.id, entry.id === front),
    }))
  }, [entries, currentId, choice, count])
}
