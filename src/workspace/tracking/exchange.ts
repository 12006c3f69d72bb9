// Runs as JSON, to be kept or shown elsewhere; what comes in was written by anybody.
import { z } from '#sdk'
import { jsonText } from '../commands/result.ts'
import { type KeptRun, runDetailsSchema, runEntrySchema } from './kept-run.ts'

const FORMAT = 'plugboard.runs'
const VERSION = 1

/** Largest file that is read, in characters, and most runs in it. */
const MAX_LENGTH = 100_000_000
const MAX_RUNS = 5000
/** Levels of the deepest config. */
const MAX_DEPTH = 40

const headSchema = z.object({ format: z.literal(FORMAT), version: z.number() })
const fileSchema = z.object({
  runs: z.array(z.object({ entry: runEntrySchema, details: runDetailsSchema })).max(MAX_RUNS),
})

export const runsJson = (runs: readonly KeptRun[]): string =>
  jsonText({ format: FORMAT, version: VERSION, runs })

/** The runs of a file. Throws an `Error` that says what is wrong with it, and where. */
export function readRuns(text: string): KeptRun[] {
  if (text.length > MAX_LENGTH) {
    throw new Error(`it has ${text.length} characters; at most ${MAX_LENGTH} are read`)
  }
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch (error) {
    throw new Error(`it is no JSON: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    })
  }
  const head = headSchema.safeParse(data)
  if (!head.success) throw new Error('it is no export of runs: “format” is not “plugboard.runs”')
  if (head.data.version > VERSION) {
    throw new Error(`a newer Plugboard wrote it (version ${head.data.version}): reload the page`)
  }
  if (isDeeper(data, MAX_DEPTH)) throw new Error(`it is nested more than ${MAX_DEPTH} levels deep`)
  const file = fileSchema.safeParse(data)
  if (!file.success) {
    const [issue] = file.error.issues
    throw new Error(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not as it should be'}`)
  }
  return file.data.runs
}

/** Whether data are nested deeper than so many levels; does not call itself, however deep they are. */
function isDeeper(data: unknown, levels: number): boolean {
  let level: unknown[] = [data]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > levels) return true
    level = level.flatMap((item) =>
      typeof item === 'object' && item !== null
        ? Object.values(item).filter((part) => typeof part === 'object' && part !== null)
        : [],
    )
  }
  return false
}
