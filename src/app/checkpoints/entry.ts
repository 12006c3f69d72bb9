// A checkpoint as this browser keeps it, and which ones make room for others.
import type { EventData } from '#protocol'
import { type Metrics, z } from '#sdk'
import type { Series } from '../store/series.ts'

/** All but its bytes. */
export interface CheckpointEntry {
  readonly workspace: string
  /** Id of the run; of one from a file, the id it had there. */
  readonly run: string
  readonly name: string
  readonly epoch: number
  readonly step: number
  /** Steps that the run was to have; 0 when that is not known. */
  readonly totalSteps: number
  readonly metrics: Metrics
  readonly sizeBytes: number
  readonly savedAt: number
  /** The run took it by itself: nobody asked for it. */
  readonly isAutomatic: boolean
}

const entrySchema = z.object({
  workspace: z.string(),
  run: z.string(),
  name: z.string(),
  epoch: z.number(),
  step: z.number(),
  totalSteps: z.number(),
  metrics: z.record(z.string(), z.number()),
  sizeBytes: z.number(),
  savedAt: z.number(),
  isAutomatic: z.boolean(),
})

/** Whether a stored record is one: others, and older versions, may have written it. */
export const isCheckpoint = (record: unknown): record is CheckpointEntry =>
  entrySchema.safeParse(record).success

/** Its bytes, and the metrics of the run until then: charts go on where they ended. */
export interface KeptFile {
  readonly file: Blob
  readonly history: Readonly<Record<string, Series>>
}

export type Taken = EventData<'run.checkpoint'>

/** Checkpoints of one workspace may have so many bytes. */
const BUDGET_BYTES = 512 * 2 ** 20
/** Runs whose checkpoint of their own is kept. */
const KEPT_RUNS = 5

export const keyOf = ({ workspace, run, name }: CheckpointEntry): string =>
  JSON.stringify([workspace, run, name])

export const newestFirst = (entries: readonly CheckpointEntry[]): CheckpointEntry[] =>
  entries.toSorted((a, b) => b.savedAt - a.savedAt)

/**
 * Those that go, so that the rest stays within `budget`: of earlier runs first what nobody asked for, then the
 * oldest; of the newest run its numbered ones, but neither `last` nor `best`.
 */
export function surplus(
  entries: readonly CheckpointEntry[],
  budget = BUDGET_BYTES,
): CheckpointEntry[] {
  const sorted = newestFirst(entries)
  const runs = [...new Set(sorted.map(({ run }) => run))]
  const gone = new Set(
    sorted.filter(({ run, isAutomatic }) => isAutomatic && runs.indexOf(run) >= KEPT_RUNS),
  )
  const isOld = ({ run }: CheckpointEntry) => run !== runs[0]
  const isKept = (it: CheckpointEntry) => !isOld(it) && (it.name === 'last' || it.name === 'best')
  const oldest = sorted.toReversed().filter((it) => !isKept(it))
  const leaving = [...oldest.filter(isOld), ...oldest.filter((it) => !isOld(it))]
  const size = () => sorted.reduce((sum, it) => sum + (gone.has(it) ? 0 : it.sizeBytes), 0)
  for (const entry of leaving) {
    if (size() <= budget) break
    gone.add(entry)
  }
  return [...gone]
}

/** The checkpoint to go on from: the newest, if its run had steps left. */
export function resumable(entries: readonly CheckpointEntry[]): CheckpointEntry | undefined {
  const [newest] = newestFirst(entries)
  return newest && isOpen(newest) ? newest : undefined
}

/** Its run has steps left. */
export const isOpen = ({ step, totalSteps }: CheckpointEntry): boolean =>
  totalSteps === 0 || step < totalSteps
