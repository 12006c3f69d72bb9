// What the text of one cell says: nothing, a number, a date, or words.
import type { ColumnType } from './form.ts'

const [LETTER_X, LETTER_O, LETTER_B] = [0x78, 0x6f, 0x62]

/** `text` as a number; NaN when it is none. Beyond what a float64 holds it is infinite. */
export function numberIn(text: string, decimal: '.' | ','): number {
  if (text === '') return Number.NaN
  const plain = decimal === ',' ? text.replace(',', '.') : text
  const value = Number(plain)
  // Number() takes 0x1f, 0b1 and Infinity as well: in a table these are words.
  const second = plain.charCodeAt(1) | 0x20
  if (second === LETTER_X || second === LETTER_O || second === LETTER_B) return Number.NaN
  return Math.abs(value) === Infinity && plain.includes('y') ? Number.NaN : value
}

const DATE =
  /^(\d{4})[-/](\d{2})[-/](\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}(?:\.\d+)?))?\s*(Z|[+-]\d{2}:?\d{2})?)?$/
const MS_PER_DAY = 86_400_000

/**
 * `text` as days since 1970-01-01, parts of a day included; NaN when it is no date. Year first, as ISO 8601 has it:
 * what stands first in 03/04/2026 nobody can tell. Without a zone, UTC.
 */
export function daysIn(text: string): number {
  // Tried on every cell: most are told from dates by this alone.
  if (text.length < 10 || (text[4] !== '-' && text[4] !== '/')) return Number.NaN
  const match = DATE.exec(text)
  if (!match) return Number.NaN
  const [year, month, day, hour, minute, second] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0))
  const date = Date.UTC(year!, month! - 1, day)
  const isReal = new Date(date).getUTCMonth() === month! - 1 && hour! < 25 && minute! < 60
  if (!isReal) return Number.NaN
  const zone = match[7]
  const sign = zone?.startsWith('-') ? -1 : 1
  const [hours = 0, minutes = 0] =
    zone && zone !== 'Z' ? [Number(zone.slice(1, 3)), Number(zone.slice(-2))] : []
  const seconds = (hour! - sign * hours) * 3600 + (minute! - sign * minutes) * 60 + second!
  return date / MS_PER_DAY + seconds / 86_400
}

/** The value of a cell in a column of numbers: of `number` and `date`. NaN for what is none. */
export const valueIn = (text: string, type: ColumnType, decimal: '.' | ','): number =>
  type === 'date' ? daysIn(text) : numberIn(text, decimal)

/** Why `value`, the number that a cell holds, cannot be used; `undefined` when it can. */
export function numberProblem(value: number, type: ColumnType): string | undefined {
  if (Number.isNaN(value)) return type === 'date' ? 'is no date such as 2026-01-31' : 'is no number'
  return Number.isFinite(Math.fround(value)) ? undefined : 'is beyond ±3.4e38, the limit of float32'
}

/** Tells which cells hold nothing. */
export function missingTest(missing: readonly string[]): (text: string) => boolean {
  const words = new Set(missing)
  return (text) => text === '' || words.has(text)
}
