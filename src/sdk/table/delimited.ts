// Rows of CSV and its relatives, piece by piece, each with the line it begins on.
// oxlint-disable-next-line typescript/triple-slash-reference -- whoever imports this needs the declaration
/// <reference path="./papaparse.d.ts" />
import Papa from 'papaparse'
import type { TableFault } from './form.ts'

/** Cells of one row and the line that it begins on, from 1. */
export interface Row {
  line: number
  cells: readonly string[]
}

export interface RowBatch {
  rows: Row[]
  faults: TableFault[]
}

export interface Dialect {
  delimiter: string
  newline: '\n' | '\r'
}

/** A row that is longer than this is taken for a quote that nobody closed. */
const MAX_ROW_LENGTH = 4 << 20
const SHOWN = 200
const DELIMITERS = [',', ';', '\t', '|']

/** What a text says of its dialect. `given` is what the user says of the delimiter. */
export function detectDialect(sample: string, given: string): Dialect {
  const newline = sample.includes('\n') || !sample.includes('\r') ? '\n' : '\r'
  if (given !== 'auto') return { newline, delimiter: given === '\\t' ? '\t' : given }
  const head = sample.slice(0, 64 << 10)
  const whole = head.slice(0, head.lastIndexOf(newline) + 1) || head
  // With commas before the decimals, the names of the columns tell what stands between them.
  const first = whole.slice(0, whole.indexOf(newline) >>> 0)
  const named = DELIMITERS.filter((delimiter) => first.includes(delimiter))
  const delimitersToGuess = named.length > 0 ? named : DELIMITERS
  const { meta } = Papa.parse(whole, {
    newline,
    preview: 50,
    skipEmptyLines: true,
    delimitersToGuess,
  })
  return { newline, delimiter: meta.delimiter || ',' }
}

type Parsed = ReturnType<InstanceType<typeof Papa.Parser>['parse']>

/** Rows of `pieces`, a batch a piece. Empty lines are passed over. */
export async function* delimitedRows(
  pieces: AsyncIterable<string>,
  dialect: Dialect,
): AsyncGenerator<RowBatch> {
  const reader = new DelimitedReader(dialect)
  for await (const piece of pieces) yield reader.read(piece, false)
  yield reader.read('', true)
}

class DelimitedReader {
  readonly #dialect: Dialect
  /** Text of the row that is not whole yet. */
  #rest = ''
  /** Line that `#rest` begins on. */
  #line = 1

  constructor(dialect: Dialect) {
    this.#dialect = dialect
  }

  read(piece: string, isEnd: boolean): RowBatch {
    const batch: RowBatch = { rows: [], faults: [] }
    this.#rest += piece
    for (;;) {
      const { data, errors, meta } = this.#parse(isEnd)
      const isOpen = errors.some(({ code }) => code === 'MissingQuotes')
      const rows = isOpen ? data.slice(0, -1) : data
      this.#add(rows, errors, batch)
      this.#rest = isOpen
        ? this.#after(rows.length)
        : this.#rest.slice(isEnd ? Infinity : meta.cursor)
      const isStuck = isOpen || this.#rest.length > MAX_ROW_LENGTH
      if (!isStuck) return batch
      this.#skipLine(batch)
    }
  }

  #parse(isEnd: boolean): Parsed {
    const parser = new Papa.Parser({ ...this.#dialect })
    return parser.parse(this.#rest, 0, !isEnd)
  }

  /** What is left of the text behind its first `count` rows. */
  #after(count: number): string {
    if (count === 0) return this.#rest
    const parser = new Papa.Parser({ ...this.#dialect, preview: count })
    return this.#rest.slice(parser.parse(this.#rest, 0, true).meta.cursor)
  }

  #add(rows: string[][], errors: Parsed['errors'], { rows: good, faults }: RowBatch): void {
    const broken = new Set(
      errors.flatMap(({ code, row }) => (code === 'InvalidQuotes' ? [row] : [])),
    )
    const { newline } = this.#dialect
    const mayBreak = this.#rest.includes('"')
    for (const [index, cells] of rows.entries()) {
      const line = this.#line
      this.#line +=
        1 + (mayBreak ? cells.reduce((sum, cell) => sum + breaksIn(cell, newline), 0) : 0)
      const last = cells.at(-1)!
      if (last.endsWith('\r')) cells[cells.length - 1] = last.slice(0, -1)
      if (cells.length === 1 && cells[0]!.trim() === '') continue
      if (!broken.has(index)) good.push({ line, cells })
      else {
        const text = cells.join(this.#dialect.delimiter).slice(0, SHOWN)
        faults.push({ line, problem: 'has a quote " in the middle of a cell', text })
      }
    }
  }

  /** Gives up the line that the rest begins with: the quote that it opens is closed nowhere. */
  #skipLine({ faults }: RowBatch): void {
    const end = this.#rest.indexOf(this.#dialect.newline)
    const text = this.#rest.slice(0, end < 0 ? undefined : end)
    faults.push({
      line: this.#line,
      problem: text.includes('"')
        ? 'opens a quote " that is never closed'
        : `is longer than ${MAX_ROW_LENGTH} characters`,
      text: text.slice(0, SHOWN),
    })
    this.#rest = end < 0 ? '' : this.#rest.slice(end + 1)
    this.#line++
  }
}

function breaksIn(cell: string, newline: string): number {
  let count = 0
  for (let at = cell.indexOf(newline); at >= 0; at = cell.indexOf(newline, at + 1)) count++
  return count
}
