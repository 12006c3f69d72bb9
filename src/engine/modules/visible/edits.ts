// Text put into a module's code within its lines, and columns led back to where they were before.

/** `text` in place of the code from `start` to `end`; without line breaks in either. */
export interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

export interface EditedCode {
  readonly code: string
  /** Column before the edits, for a line from 1 and a column from 0. */
  columnBefore(line: number, column: number): number
}

/** One edit as columns of its line. */
interface Shift {
  readonly from: number
  readonly to: number
  readonly length: number
}

/** Applies edits that do not overlap; those at the same place in the order given. */
export function applyEdits(code: string, edits: readonly Edit[]): EditedCode {
  const sorted = edits.toSorted((a, b) => a.start - b.start || a.end - b.end)
  const shifts = new Map<number, Shift[]>()
  const pieces: string[] = []
  let [at, line, lineStart] = [0, 1, 0]
  for (const { start, end, text } of sorted) {
    for (let next = code.indexOf('\n', at); next >= 0 && next < start;) {
      line++
      lineStart = next + 1
      next = code.indexOf('\n', lineStart)
    }
    pieces.push(code.slice(at, start), text)
    const shift = { from: start - lineStart, to: end - lineStart, length: text.length }
    const known = shifts.get(line)
    if (known) known.push(shift)
    else shifts.set(line, [shift])
    at = end
  }
  pieces.push(code.slice(at))
  const columnBefore = (onLine: number, column: number): number => {
    let moved = 0
    for (const { from, to, length } of shifts.get(onLine) ?? []) {
      const begin = from + moved
      if (column < begin) break
      if (column < begin + length) return from
      moved += length - (to - from)
    }
    return column - moved
  }
  return { code: pieces.join(''), columnBefore }
}
