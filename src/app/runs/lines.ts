// The table's lines: runs that match, sorted, in groups.
import type { RunEntry } from '#workspace'
import { type Cell, type Column, textsOf } from './columns.ts'
import type { Matcher } from './match.ts'

export interface Sort {
  readonly column: string
  readonly isDescending: boolean
}

export interface GroupLine {
  readonly kind: 'group'
  readonly key: string
  readonly count: number
  readonly isOpen: boolean
  /** Mean of each number column, in the columns' order. */
  readonly means: readonly (number | undefined)[]
}
export interface RunLine {
  readonly kind: 'run'
  readonly entry: RunEntry
}
export type Line = GroupLine | RunLine

export interface Table {
  readonly columns: readonly Column[]
  readonly sort: Sort | undefined
  readonly sortColumn: Column | undefined
  readonly group: Column | undefined
  /** Keys of the groups that are folded up. */
  readonly folded: ReadonlySet<string>
  readonly match: Matcher
}

const text = new Intl.Collator('en', { numeric: true })

/** Nothing and NaN come last, whichever way it is sorted. */
function compareCells(a: Cell, b: Cell, isDescending: boolean): number {
  const [hasA, hasB] = [isThere(a), isThere(b)]
  if (!hasA || !hasB) return Number(hasB) - Number(hasA)
  const order =
    typeof a === 'number' && typeof b === 'number' ? a - b : text.compare(String(a), String(b))
  return isDescending ? -order : order
}

const isThere = (cell: Cell): boolean =>
  cell !== undefined && cell !== null && cell !== '' && !Number.isNaN(cell)

export function linesOf(entries: readonly RunEntry[], table: Table): Line[] {
  const { match, sort, sortColumn, group } = table
  let found = entries.filter((entry) => match(textsOf(entry)))
  if (sort && sortColumn) {
    const keyed = found.map((entry) => ({ entry, cell: sortColumn.value(entry) }))
    keyed.sort((a, b) => compareCells(a.cell, b.cell, sort.isDescending))
    found = keyed.map(({ entry }) => entry)
  }
  if (!group) return found.map((entry) => ({ kind: 'run', entry }))
  const groups = new Map<string, RunEntry[]>()
  for (const entry of found) {
    const key = groupKey(group.value(entry))
    const members = groups.get(key)
    if (members) members.push(entry)
    else groups.set(key, [entry])
  }
  return [...groups]
    .toSorted(([a], [b]) => text.compare(a, b))
    .flatMap(([key, members]) => {
      const isOpen = !table.folded.has(key)
      const means = table.columns.map((column) => meanOf(column, members))
      const head: GroupLine = { kind: 'group', key, count: members.length, isOpen, means }
      return isOpen ? [head, ...members.map((entry): RunLine => ({ kind: 'run', entry }))] : [head]
    })
}

const groupKey = (cell: Cell): string =>
  cell === undefined || cell === null || cell === '' ? '–' : String(cell)

function meanOf({ kind, value }: Column, entries: readonly RunEntry[]): number | undefined {
  if (kind !== 'number') return undefined
  const numbers = entries.map(value).filter((cell) => typeof cell === 'number')
  const finite = numbers.filter((cell) => Number.isFinite(cell))
  return finite.length === 0
    ? undefined
    : finite.reduce((sum, cell) => sum + cell, 0) / finite.length
}

export const runsIn = (lines: readonly Line[]): RunEntry[] =>
  lines.flatMap((line) => (line.kind === 'run' ? [line.entry] : []))
