// Which test an engine that was given up had to do with.
import type { TestPlace } from '#protocol'
import type { ErrorInfo, SourceLocation } from '#sdk'
import type { LostReason } from '../remote/index.ts'
import { breakTurn, isTesting, type TestsSlice, withResults } from './tests-slice.ts'

/** The engine was given up: the test that it named failed. */
export function loseTurn(tests: TestsSlice, { kind, message, culprit }: LostReason): TestsSlice {
  if (!isTesting(tests)) return tests
  const problem: ErrorInfo = { code: 'test.failed', message }
  const ended = breakTurn(tests, problem)
  if (kind === 'device' || culprit === undefined) return ended
  const blamed = knownPlaces(tests)
    .filter((place) => isAt(place, culprit))
    // The longest name: a group's is the beginning of its tests'.
    .toSorted((x, y) => y.place.names.length - x.place.names.length)[0]
  if (!blamed) return ended
  const { place, source } = blamed
  const { file, names } = place
  const error = { ...problem, source }
  const result = { file, names: [...names], state: 'failed' as const, durationMs: 0, source, error }
  return withResults(ended, [result])
}

/** Most of a label that the sandbox passes on. */
const MAX_LABEL = 200

/** Whether the engine's label `file · group › test` names this test, or something around it as `… › beforeEach`. */
function isAt({ place: { file, names } }: KnownPlace, label: string): boolean {
  const own = `${file} · ${names.join(' › ')}`.slice(0, MAX_LABEL)
  return names.length === 0 ? label.startsWith(own) : label === own || label.startsWith(`${own} › `)
}

interface KnownPlace {
  readonly place: TestPlace
  readonly source: SourceLocation
}

/** Files, tests as they are described, and as they ran. */
const knownPlaces = ({ files, outcomes, turn }: TestsSlice): KnownPlace[] => [
  ...files.map(({ file }) => ({ place: { file, names: [] }, source: start(file) })),
  ...files.flatMap(({ file, tests }) =>
    tests.map(({ names, source }) => ({ place: { file, names }, source })),
  ),
  ...[...outcomes.values(), ...(turn?.current ? [turn.current] : [])].map(
    (place: TestPlace & { source?: SourceLocation | undefined }) => ({
      place,
      source: place.source ?? start(place.file),
    }),
  ),
]

const start = (file: string): SourceLocation => ({ file, line: 1, column: 1 })
