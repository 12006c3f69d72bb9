// The tests as the panel lists them: what is known of each file, joined with how its tests ended.
import type { TestPlace } from '#protocol'
import type { SourceLocation } from '#sdk'
import {
  isStale,
  isTesting,
  type TestOutcome,
  type TestsSlice,
  testKey,
} from '../../store/tests-slice.ts'

export type TestState = 'idle' | 'running' | TestOutcome['state']

export interface TestRow {
  readonly key: string
  readonly place: TestPlace
  readonly source: SourceLocation
  readonly state: TestState
  readonly outcome: TestOutcome | undefined
  /** Files were edited since. */
  readonly isStale: boolean
}

export interface TestFileRows {
  readonly file: string
  /** It is read or run now. */
  readonly isRunning: boolean
  readonly rows: readonly TestRow[]
}

/** All test files, with the rows whose full name contains `filter`; while there is one, without empty files. */
export function testTree(tests: TestsSlice, filter: string): TestFileRows[] {
  const wanted = filter.trim().toLowerCase()
  const current = isTesting(tests) ? tests.turn?.current : undefined
  const byFile = new Map<string, TestOutcome[]>()
  for (const outcome of tests.outcomes.values()) {
    const of = byFile.get(outcome.file)
    if (of) of.push(outcome)
    else byFile.set(outcome.file, [outcome])
  }
  return tests.files
    .map(({ file, tests: known }) => {
      const rows = new Map<string, TestRow>()
      const add = (names: readonly string[], source: SourceLocation): void => {
        const place = { file, names }
        const key = testKey(place)
        if (rows.has(key)) return
        const outcome = tests.outcomes.get(key)
        const isRunning = current !== undefined && testKey(current) === key
        rows.set(key, {
          key,
          place,
          source,
          state: isRunning ? 'running' : (outcome?.state ?? 'idle'),
          outcome,
          isStale: outcome !== undefined && isStale(tests, outcome),
        })
      }
      for (const { names, source } of known) add(names, source)
      for (const { names, source } of byFile.get(file) ?? [])
        add(names, source ?? { file, line: 1, column: 1 })
      const shown = [...rows.values()]
        .filter(({ place }) => wanted === '' || nameOf(place).toLowerCase().includes(wanted))
        .toSorted((a, b) => a.source.line - b.source.line)
      return { file, isRunning: current?.file === file, rows: shown }
    })
    .filter(({ rows }) => wanted === '' || rows.length > 0)
}

/** `group › test`; of what failed outside of any test, the file's. */
export const nameOf = ({ names }: TestPlace): string => names.join(' › ')

export interface TestCounts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

/** Of the last run of tests, or of the present one so far. */
export function countsOf({ turn, outcomes }: TestsSlice): TestCounts {
  if (turn?.report) return turn.report
  const counts = { passed: 0, failed: 0, skipped: 0 }
  for (const outcome of outcomes.values())
    if (outcome.turn === turn?.number) counts[outcome.state]++
  return counts
}
