// The workspace's tests: what there is to run, how each ended, and whether that still holds.
import {
  type EventData,
  isEngineEvent,
  type TestFile,
  type TestPlace,
  type TestReport,
  type TestSelection,
} from '#protocol'
import type { ErrorInfo, EventRecord } from '#sdk'

export interface TestOutcome extends EventData<'test.result'> {
  /** The run of tests it comes from, from 1. */
  readonly turn: number
  /** The edit that its files were of. */
  readonly edit: number
}

export interface TestTurn {
  readonly number: number
  /** The edit that its code is of. */
  readonly edit: number
  readonly selection: TestSelection
  readonly state: 'running' | 'stopping' | 'ended'
  /** The test or file under way. */
  readonly current: TestPlace | undefined
  /** How it ended, unless it was refused or broken off. */
  readonly report: TestReport | undefined
  /** Why it was refused or broken off. */
  readonly problem: ErrorInfo | undefined
}

export interface TestsSlice {
  /** As far as they are known without running them. */
  readonly files: readonly TestFile[]
  /** The last of each test, by `testKey`, in the order they were first run. */
  readonly outcomes: ReadonlyMap<string, TestOutcome>
  /** Counts edits of the workspace: outcomes of earlier ones may no longer hold. */
  readonly edit: number
  /** The last or present run of tests. */
  readonly turn: TestTurn | undefined
}

export const initialTests: TestsSlice = {
  files: [],
  outcomes: new Map(),
  edit: 0,
  turn: undefined,
}

export const MAX_OUTCOMES = 2_000

export const testKey = ({ file, names }: TestPlace): string => JSON.stringify([file, ...names])

export const isTesting = ({ turn }: TestsSlice): boolean =>
  turn !== undefined && turn.state !== 'ended'

/** Whether files were edited since the outcome. */
export const isStale = (tests: TestsSlice, outcome: TestOutcome): boolean =>
  outcome.edit !== tests.edit

/** Tests whose last outcome is a failure. */
export const failedPlaces = ({ outcomes }: TestsSlice): TestPlace[] =>
  [...outcomes.values()].flatMap(({ file, names, state }) =>
    state === 'failed' ? [{ file, names }] : [],
  )

export function reduceTests(tests: TestsSlice, records: readonly EventRecord[]): TestsSlice {
  if (!isTesting(tests)) return tests
  let current = tests.turn!.current
  let report: TestReport | undefined
  const results: EventData<'test.result'>[] = []
  for (const record of records) {
    if (!isEngineEvent(record)) continue
    if (record.type === 'test.begin') current = record.data
    else if (record.type === 'test.result') results.push(record.data)
    else if (record.type === 'tests.end') report = record.data
  }
  const isSame = current === tests.turn!.current && results.length === 0
  const next = isSame
    ? tests
    : withResults({ ...tests, turn: { ...tests.turn!, current } }, results)
  return report ? endTurn(next, report) : next
}

/** Takes results of the present turn. */
export function withResults(
  tests: TestsSlice,
  results: readonly EventData<'test.result'>[],
): TestsSlice {
  const { number: turn, edit } = tests.turn!
  const outcomes = new Map(tests.outcomes)
  for (const result of results) {
    const key = testKey(result)
    const known = outcomes.get(key)
    if (!known && outcomes.size >= MAX_OUTCOMES) continue
    // Of several tests of one name, the one that failed is shown.
    if (known?.turn === turn && known.state === 'failed') continue
    outcomes.set(key, { ...result, turn, edit })
  }
  return { ...tests, outcomes }
}

export function beginTurn(tests: TestsSlice, selection: TestSelection): TestsSlice {
  const number = (tests.turn?.number ?? 0) + 1
  return {
    ...tests,
    turn: {
      number,
      edit: tests.edit,
      selection,
      state: 'running',
      current: undefined,
      report: undefined,
      problem: undefined,
    },
  }
}

/** The turn has ended: outcomes of tests that its files no longer have are dropped. */
export function endTurn(tests: TestsSlice, report: TestReport): TestsSlice {
  if (!isTesting(tests)) return tests
  const turn: TestTurn = { ...tests.turn!, state: 'ended', current: undefined, report }
  const { only, filter } = turn.selection
  const isWhole = (file: string): boolean =>
    filter === undefined &&
    (!only || only.some((place) => place.file === file && place.names.length === 0))
  if (report.isStopped) return { ...tests, turn }
  const left = [...tests.outcomes].filter(
    ([, { file, turn: last }]) => last === turn.number || !isWhole(file),
  )
  return { ...tests, turn, outcomes: new Map(left) }
}

/** The turn was refused or broken off, and no test is to blame. */
export function breakTurn(tests: TestsSlice, problem: ErrorInfo): TestsSlice {
  if (!isTesting(tests)) return tests
  return { ...tests, turn: { ...tests.turn!, state: 'ended', current: undefined, problem } }
}

/** Takes over which tests there are; outcomes of files that are gone are dropped. */
export function withTestFiles(tests: TestsSlice, files: readonly TestFile[]): TestsSlice {
  const paths = new Set(files.map(({ file }) => file))
  const left = [...tests.outcomes].filter(([, { file }]) => paths.has(file))
  return { ...tests, files, outcomes: new Map(left) }
}

let marked: { outcomes: TestsSlice['outcomes']; edit: number; errors: readonly ErrorInfo[] } = {
  outcomes: initialTests.outcomes,
  edit: 0,
  errors: [],
}

/** Errors of failed tests, as far as they still hold. The same array as long as the outcomes stay. */
export function testErrors(tests: TestsSlice): readonly ErrorInfo[] {
  const { outcomes, edit } = tests
  if (marked.outcomes === outcomes && marked.edit === edit) return marked.errors
  const errors = [...outcomes.values()].flatMap((outcome) =>
    outcome.error && !isStale(tests, outcome) ? [outcome.error] : [],
  )
  marked = {
    outcomes,
    edit,
    errors: errors.length + marked.errors.length === 0 ? marked.errors : errors,
  }
  return marked.errors
}
