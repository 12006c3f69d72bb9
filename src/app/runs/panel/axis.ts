// An axis of a plot of runs: where each run lies on it, 0 … 1, and what stands beside it.
import { formatValue } from '../../ui/format.ts'
import type { Cell } from '../columns.ts'

export interface Axis {
  readonly title: string
  /** Of each run; `undefined` for one without a value. */
  readonly places: readonly (number | undefined)[]
  readonly labels: readonly { place: number; text: string }[]
}

/** More words are not written out. */
const MOST_WORDS = 8
/** From so many times the least on, powers of ten are told apart better. */
const LOG_FROM = 50

export function axisOf(title: string, cells: readonly Cell[]): Axis {
  const known = cells.filter((cell) => cell !== undefined && cell !== null)
  const isNumeric = known.every((cell) => typeof cell === 'number' && Number.isFinite(cell))
  return isNumeric && known.length > 0
    ? numberAxis(title, cells as readonly (number | undefined)[])
    : wordAxis(title, cells)
}

function numberAxis(title: string, cells: readonly (number | undefined)[]): Axis {
  const numbers = cells.filter((cell) => typeof cell === 'number')
  const [min, max] = [Math.min(...numbers), Math.max(...numbers)]
  const isLog = min > 0 && max / min >= LOG_FROM
  const scale = (value: number): number => (isLog ? Math.log(value) : value)
  const span = scale(max) - scale(min)
  const placeOf = (value: number): number => (span === 0 ? 0.5 : (scale(value) - scale(min)) / span)
  const middle = isLog ? Math.sqrt(min * max) : (min + max) / 2
  const marked = span === 0 ? [min] : [min, middle, max]
  return {
    title: isLog ? `${title} (log)` : title,
    places: cells.map((cell) => (typeof cell === 'number' ? placeOf(cell) : undefined)),
    labels: marked.map((value) => ({ place: placeOf(value), text: formatValue(value) })),
  }
}

function wordAxis(title: string, cells: readonly Cell[]): Axis {
  const words = [...new Set(cells.map(wordOf))].toSorted()
  const placeOf = (word: string): number =>
    words.length === 1 ? 0.5 : words.indexOf(word) / (words.length - 1)
  const every = Math.ceil(words.length / MOST_WORDS)
  return {
    title,
    places: cells.map((cell) => placeOf(wordOf(cell))),
    labels: words
      .filter((_, index) => index % every === 0)
      .map((text) => ({ place: placeOf(text), text: text.slice(0, 24) })),
  }
}

const wordOf = (cell: Cell): string => (cell === undefined ? '–' : String(cell))
