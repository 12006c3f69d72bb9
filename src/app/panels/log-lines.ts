// Which log lines the console shows, and their fields as text.
import { type LogLevel, logLevels } from '#sdk'
import type { LogLine } from '../store/feed-slices.ts'

/** In place of the name of a plugin: those of all. */
export const ALL = '*'

export interface LogFilter {
  /** Words, or a part of one, of the line or its fields; any case. */
  query: string
  /** The least severe one shown. */
  level: LogLevel
  /** As `ownerOf` names it, or `ALL`. */
  plugin: string
}

/** The plugin that wrote a line, or the engine. */
export const ownerOf = ({ plugin }: LogLine): string => plugin ?? 'engine'

const rank = (level: LogLevel): number => logLevels.indexOf(level)

export function filterLogs(
  lines: readonly LogLine[],
  { query, level, plugin }: LogFilter,
): readonly LogLine[] {
  const wanted = query.trim().toLowerCase()
  const least = rank(level)
  return lines.filter(
    (line) =>
      rank(line.level) >= least &&
      (plugin === ALL || ownerOf(line) === plugin) &&
      (wanted === '' || textOf(line).toLowerCase().includes(wanted)),
  )
}

const textOf = (line: LogLine): string =>
  [ownerOf(line), line.message, ...fieldsOf(line).flat()].join(' ')

/** Names and values of a line's fields, or of what an event carries. */
export const fieldsOf = ({
  fields = {},
}: Pick<LogLine, 'fields'>): [name: string, value: string][] =>
  Object.entries(fields).map(([name, value]) => [name, valueText(value)])

/** Numbers to six digits, a word as it is, all else as JSON. */
function valueText(value: unknown): string {
  if (typeof value === 'number') return String(rounded(value))
  if (typeof value === 'string' && /^\S+$/.test(value)) return value
  return (
    JSON.stringify(value, (_key, inner: unknown) => {
      if (typeof inner === 'number') return Number.isFinite(inner) ? rounded(inner) : String(inner)
      return ArrayBuffer.isView(inner) && !(inner instanceof DataView)
        ? Array.from(inner as unknown as Iterable<number>)
        : inner
    }) ?? 'undefined'
  )
}

const rounded = (value: number): number =>
  Number.isInteger(value) ? value : Number(value.toPrecision(6))
