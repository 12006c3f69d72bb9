// The shown runs for React.
import { useMemo } from 'react'
import { useStore } from 'zustand'
import type { RunRecord } from '../store/run-slice.ts'
import { useEngineView } from '../store/store.ts'
import { isShown, runColor, shownChoice, type ShownRun } from './shown-runs.ts'

/** A run that can be shown or hidden. */
export interface RunChoice {
  readonly id: string
  readonly title: string
  readonly color: string
  readonly isShown: boolean
}

const titleOf = ({ number }: RunRecord): string => `run ${number}`

/** The same object for the same record: charts draw again only what changed. */
const shownRuns = new WeakMap<RunRecord, ShownRun>()

function shownRun(record: RunRecord, isCurrent: boolean): ShownRun {
  const known = shownRuns.get(record)
  if (known?.isCurrent === isCurrent) return known
  const made = { record, title: titleOf(record), color: runColor(record.number), isCurrent }
  shownRuns.set(record, made)
  return made
}

/** Those that charts draw: the current run first, then by their age, newest first. */
export function useShownRuns(): readonly ShownRun[] {
  const current = useEngineView(({ run }) => run.current)
  const past = useEngineView(({ run }) => run.past)
  const choice = useStore(shownChoice)
  const others = useMemo(
    () =>
      past
        .filter(({ id }) => isShown(choice, id, false))
        .map((record) => shownRun(record, false))
        .toReversed(),
    [past, choice],
  )
  return useMemo(
    () =>
      current && isShown(choice, current.id, true) ? [shownRun(current, true), ...others] : others,
    [current, choice, others],
  )
}

/** The newest runs, to be shown or hidden beside the charts. */
export function useRunChoices(count: number): readonly RunChoice[] {
  const current = useEngineView(({ run }) => run.current?.number)
  const past = useEngineView(({ run }) => run.past)
  const id = useEngineView(({ run }) => run.current?.id)
  const choice = useStore(shownChoice)
  return useMemo(() => {
    const runs = past.map((run) => ({ id: run.id, number: run.number, isCurrent: false }))
    if (id !== undefined && current !== undefined)
      runs.push({ id, number: current, isCurrent: true })
    return runs
      .slice(-count)
      .toReversed()
      .map((run) => ({
        id: run.id,
        title: `run ${run.number}`,
        color: runColor(run.number),
        isShown: isShown(choice, run.id, run.isCurrent),
      }))
  }, [past, current, id, choice, count])
}
