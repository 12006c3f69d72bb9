// What was expected and what came, line by line.
import { readable } from './readable.ts'

/** Longest text of a difference. */
const MAX_LENGTH = 10_000
/** Lines on either side that are compared each with each; more are told as gone and come. */
const MAX_LINES = 300
/** Equal lines kept around those that differ. */
const CONTEXT = 3

/**
 * How the two values of a failed assertion differ: lines that begin with `- ` were expected, with `+ ` were
 * received, with two spaces are in both. `undefined` for what is no failed comparison of two values.
 */
export function differenceOf(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || Reflect.get(thrown, 'showDiff') !== true) return undefined
  const expected = readable(Reflect.get(thrown, 'expected'))
  const received = readable(Reflect.get(thrown, 'actual'))
  // Equal as text, as objects of two classes of one name are: nothing to see.
  if (expected === received) return undefined
  const lines = withoutFar(compared(expected.split('\n'), received.split('\n')))
  const text = lines.join('\n')
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}\n  …` : text
}

function compared(expected: readonly string[], received: readonly string[]): string[] {
  const most = Math.min(expected.length, received.length)
  let head = 0
  while (head < most && expected[head] === received[head]) head++
  let tail = 0
  while (tail < most - head && expected.at(-1 - tail) === received.at(-1 - tail)) tail++
  return [
    ...expected.slice(0, head).map(same),
    ...middle(
      expected.slice(head, expected.length - tail),
      received.slice(head, received.length - tail),
    ),
    ...expected.slice(expected.length - tail).map(same),
  ]
}

/** Keeps a longest common subsequence. */
function middle(expected: readonly string[], received: readonly string[]): string[] {
  if (Math.max(expected.length, received.length) > MAX_LINES)
    return [...expected.map(gone), ...received.map(come)]
  // common[i][j]: lines that expected from i on and received from j on have in common.
  const common = Array.from({ length: expected.length + 1 }, () =>
    Array.from({ length: received.length + 1 }, () => 0),
  )
  for (let i = expected.length - 1; i >= 0; i--) {
    for (let j = received.length - 1; j >= 0; j--) {
      common[i]![j] =
        expected[i] === received[j]
          ? common[i + 1]![j + 1]! + 1
          : Math.max(common[i + 1]![j]!, common[i]![j + 1]!)
    }
  }
  const lines: string[] = []
  let [i, j] = [0, 0]
  while (i < expected.length || j < received.length) {
    if (i < expected.length && j < received.length && expected[i] === received[j]) {
      lines.push(same(expected[i++]!))
      j++
    } else if (
      j === received.length ||
      (i < expected.length && common[i + 1]![j]! >= common[i]![j + 1]!)
    ) {
      lines.push(gone(expected[i++]!))
    } else lines.push(come(received[j++]!))
  }
  return lines
}

/** Leaves out equal lines that are far from any that differs. */
function withoutFar(lines: readonly string[]): string[] {
  const isNear = lines.map(() => false)
  for (const [index, line] of lines.entries()) {
    if (line.startsWith('  ')) continue
    isNear.fill(true, Math.max(0, index - CONTEXT), index + CONTEXT + 1)
  }
  return lines.flatMap((line, index) => {
    if (isNear[index]) return [line]
    return index === 0 || isNear[index - 1] ? ['  …'] : []
  })
}

const same = (line: string): string => `  ${line}`
const gone = (line: string): string => `- ${line}`
const come = (line: string): string => `+ ${line}`
