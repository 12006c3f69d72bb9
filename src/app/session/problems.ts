// All that is wrong, in one list.
import type { ErrorInfo } from '#sdk'
import type { EngineSlice } from '../store/engine-slice.ts'
import { testErrors, type TestsSlice } from '../store/tests-slice.ts'

type Lists = Pick<EngineSlice, 'compileProblems' | 'projectProblems' | 'runtimeProblems'>

let last: { from: Lists; problems: readonly ErrorInfo[] } | undefined

/** Problems of compiler, project and run. The same array as long as none of the three changes. */
export function allProblems(from: Lists): readonly ErrorInfo[] {
  const isSame =
    last?.from.compileProblems === from.compileProblems &&
    last.from.projectProblems === from.projectProblems &&
    last.from.runtimeProblems === from.runtimeProblems
  if (last && isSame) return last.problems
  const problems = [...from.compileProblems, ...from.projectProblems, ...from.runtimeProblems]
  last = { from, problems: problems.filter((problem, i) => isFirst(problems, problem, i)) }
  return last.problems
}

let lastMarked: { of: readonly [unknown, unknown]; problems: readonly ErrorInfo[] } | undefined

/** What is marked in the text: all problems, and where tests failed. The same array as long as neither changes. */
export function markedProblems(from: Lists, tests: TestsSlice): readonly ErrorInfo[] {
  const of = [allProblems(from), testErrors(tests)] as const
  if (lastMarked?.of[0] !== of[0] || lastMarked.of[1] !== of[1])
    lastMarked = { of, problems: [...of[0], ...of[1]] }
  return lastMarked.problems
}

function isFirst(problems: readonly ErrorInfo[], { message, source }: ErrorInfo, index: number) {
  return (
    problems.findIndex(
      (other) =>
        other.message === message &&
        other.source?.file === source?.file &&
        other.source?.line === source?.line,
    ) === index
  )
}
