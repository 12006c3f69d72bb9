// Runs as CSV (RFC 4180): the table as it is seen, and the points of metrics.
import type { MetricColumns } from './kept-run.ts'

type Cell = string | number | boolean | null | undefined

const NEEDS_QUOTES = /[",\r\n]/
/** Spreadsheets take what begins so for a formula. */
const IS_FORMULA = /^[=+\-@\t\r]/

function written(cell: Cell): string {
  if (cell === undefined || cell === null) return ''
  if (typeof cell !== 'string') return String(cell)
  const isNumber = cell.trim() !== '' && !Number.isNaN(Number(cell))
  const text = IS_FORMULA.test(cell) && !isNumber ? `'${cell}` : cell
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

const line = (cells: readonly Cell[]): string => `${cells.map(written).join(',')}\r\n`

export const tableCsv = (head: readonly string[], rows: readonly (readonly Cell[])[]): string =>
  [head, ...rows].map(line).join('')

/** One line for each point of each metric; elapsed time in seconds. */
export function metricsCsv(
  runs: readonly { title: string; series: Readonly<Record<string, MetricColumns>> }[],
): string {
  const lines = [line(['run', 'metric', 'step', 'epoch', 'elapsed_s', 'value'])]
  for (const { title, series } of runs) {
    for (const [metric, { length, steps, epochs, times, values }] of Object.entries(series)) {
      for (let i = 0; i < length; i++) {
        lines.push(
          line([title, metric, steps[i], known(epochs[i]), known(seconds(times[i])), values[i]]),
        )
      }
    }
  }
  return lines.join('')
}

const known = (value: number | undefined): Cell => (Number.isNaN(value) ? undefined : value)
const seconds = (ms: number | undefined): number | undefined => ms && Math.round(ms) / 1000
