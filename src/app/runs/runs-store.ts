// The runs of the open workspace as the page knows them: all of their entries, and the points of those looked at.
import type { RunEntry } from '#workspace'
import { createStore } from 'zustand/vanilla'
import type { RunRecord } from '../store/run-slice.ts'

export interface RunsState {
  /** Id of the open workspace. */
  readonly workspace: string | undefined
  /** Newest first, the current run among them. */
  readonly entries: readonly RunEntry[]
  /** Those of earlier visits are there. */
  readonly isListed: boolean
  /** Of ended runs whose points are in the page. */
  readonly records: ReadonlyMap<string, RunRecord>
  /** Stored records that cannot be read. */
  readonly damaged: readonly unknown[]
  /** Why this browser does not keep them. */
  readonly refusal: string | undefined
}

const initialRuns: RunsState = {
  workspace: undefined,
  entries: [],
  isListed: false,
  records: new Map(),
  damaged: [],
  refusal: undefined,
}

export const createRunsStore = () => createStore<RunsState>(() => initialRuns)
export type RunsStore = ReturnType<typeof createRunsStore>

export const runsStore = createRunsStore()

export const newestFirst = (entries: readonly RunEntry[]): RunEntry[] =>
  entries.toSorted((a, b) => b.number - a.number || b.startedAt - a.startedAt)
