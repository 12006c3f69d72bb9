// A state of a workspace: which files it had, by the hashes of their contents; and which states are kept.
import { z } from '#sdk'

/** Why a state was kept. */
const causes = ['opened', 'edited', 'run', 'before', 'restored', 'other'] as const

const fileSchema = z.object({
  path: z.string(),
  /** SHA-256 of the content, in hexadecimal digits, with a letter for text or bytes in front. */
  hash: z.string(),
  /** As limits count it: characters of a text, bytes of other files. */
  size: z.number(),
})

const stateSchema = z.object({
  /** The workspace. */
  id: z.string(),
  /** Order among the states of a workspace, from 1. Clocks may jump, so time does not order them. */
  seq: z.number().int(),
  /** In ms since the epoch, by the clock of then. */
  savedAt: z.number(),
  cause: z.enum(causes).catch('other'),
  /** By path. */
  files: z.array(fileSchema),
})

export type Cause = (typeof causes)[number]
export type StateFile = z.output<typeof fileSchema>
export interface HistoryState extends Omit<z.output<typeof stateSchema>, 'files'> {
  files: readonly StateFile[]
}

export const isState = (record: unknown): record is HistoryState =>
  stateSchema.safeParse(record).success

export const isEqual = (a: HistoryState['files'], b: HistoryState['files']): boolean =>
  a.length === b.length &&
  a.every(({ path, hash }, i) => b[i]!.path === path && b[i]!.hash === hash)

/** The newest ones are all kept. */
const KEPT = 50
/** Of those before, as many at most. */
const KEPT_THIN = 100
const HOUR_MS = 60 * 60 * 1000
const DAY_MS = 24 * HOUR_MS

/**
 * States to forget: the newest 50 by their order stay, whatever their times; of those before, the last of each hour of
 * the day before the newest, the last of each day before that, and 100 of them at most.
 */
export function surplus(states: readonly HistoryState[]): HistoryState[] {
  const newestFirst = states.toSorted((a, b) => b.seq - a.seq)
  const newestAt = newestFirst[0]?.savedAt ?? 0
  const taken = new Set<string>()
  return newestFirst.slice(KEPT).filter(({ savedAt }) => {
    const spanMs = newestAt - savedAt < DAY_MS ? HOUR_MS : DAY_MS
    const span = `${spanMs}:${Math.floor(savedAt / spanMs)}`
    if (taken.has(span) || taken.size >= KEPT_THIN) return true
    taken.add(span)
    return false
  })
}
