// What is counted of one column while its cells go by, in bounded memory; and what type that makes it.
import { daysIn, numberIn, numberProblem, valueIn } from './cells.ts'
import { type ColumnProfile, type ColumnType, MAX_DISTINCT } from './form.ts'

/** A cell that is unlike the type of its column. */
interface OddCell {
  line: number
  text: string
}

/** Mean and spread in one pass: B. P. Welford, Technometrics 4(3), 1962. */
class Moments {
  #count = 0
  #mean = 0
  #squares = 0
  #min = Infinity
  #max = -Infinity

  get count(): number {
    return this.#count
  }

  add(value: number): void {
    const before = value - this.#mean
    this.#mean += before / ++this.#count
    this.#squares += before * (value - this.#mean)
    if (value < this.#min) this.#min = value
    if (value > this.#max) this.#max = value
  }

  result(): ColumnProfile['numbers'] {
    if (this.#count === 0) return undefined
    const deviation = Math.sqrt(this.#squares / this.#count)
    return { min: this.#min, max: this.#max, mean: this.#mean, deviation }
  }
}

/** Values of one kind, and the first cells that are none. */
class Candidate {
  readonly moments = new Moments()
  readonly odd: OddCell[] = []
  oddCount = 0

  add(value: number, type: ColumnType, text: string, line: number, maxOdd: number): void {
    if (numberProblem(value, type) === undefined) return this.moments.add(value)
    this.oddCount++
    if (this.odd.length < maxOdd) this.odd.push({ line, text: text.slice(0, 100) })
  }
}

/** So many of a column's values must be numbers, or dates, to make it a column of these. */
const MOST = 0.9
/** A column with more different values than this share of its rows holds texts, not classes. */
const REPEATED = 0.5
const MAX_GUESSED_CLASSES = 100
/** A column with such a share of numbers was perhaps meant to be one of numbers. */
const MANY = 0.25
/** Numbers and dates as other countries write them: 3,5 and 1.200,00 and 24/12/2026. */
const LIKE_NUMBER = /^[-+]?\d+([.,'/ ]\d+)+$/

export class ColumnStats {
  #present = 0
  #missing = 0
  readonly #numbers = new Candidate()
  readonly #dates = new Candidate()
  readonly #counts = new Map<string, number>()
  #isCut = false

  constructor(readonly maxOdd: number) {}

  get missing(): number {
    return this.#missing
  }

  addMissing(count = 1): void {
    this.#missing += count
  }

  add(text: string, line: number, decimal: '.' | ','): void {
    this.#present++
    this.#numbers.add(numberIn(text, decimal), 'number', text, line, this.maxOdd)
    this.#dates.add(daysIn(text), 'date', text, line, this.maxOdd)
    if (this.#isCut) return
    const key = text.length > 100 ? text.slice(0, 100) : text
    const count = this.#counts.get(key)
    if (count === undefined && this.#counts.size === MAX_DISTINCT) this.#isCut = true
    else this.#counts.set(key, (count ?? 0) + 1)
  }

  /** The type that most values have. */
  guess(): ColumnType {
    if (this.#present === 0) return 'ignore'
    if (this.#numbers.moments.count >= MOST * this.#present) return 'number'
    if (this.#dates.moments.count >= MOST * this.#present) return 'date'
    const { size } = this.#counts
    const isRepeated = size <= Math.max(2, REPEATED * this.#present)
    return !this.#isCut && size <= MAX_GUESSED_CLASSES && isRepeated ? 'category' : 'text'
  }

  /** What else a column of words might have been, as people wonder why it is none of numbers. */
  mixed(type: ColumnType): string | undefined {
    const { moments, odd } = this.#numbers
    const [first] = odd
    if (!first || type === 'number' || type === 'date' || type === 'ignore') return undefined
    if (LIKE_NUMBER.test(first.text))
      return `is read as ${type}: ${first.text} on line ${first.line} is neither a number (see the setting \`decimal\`) nor a date such as 2026-01-31`
    if (moments.count < MANY * this.#present) return undefined
    return `is read as ${type}: ${moments.count} of ${this.#present} values are numbers, but not ${first.text} on line ${first.line}`
  }

  /** Cells that a column of `type` cannot have: the first of them, and how many there are. */
  oddCells(type: ColumnType): { cells: readonly (OddCell & { problem: string })[]; count: number } {
    if (type !== 'number' && type !== 'date') return { cells: [], count: 0 }
    const { odd, oddCount } = type === 'number' ? this.#numbers : this.#dates
    const cells = odd.map((cell) => ({
      ...cell,
      problem: numberProblem(valueIn(cell.text, type, '.'), type) ?? 'is no number',
    }))
    return { cells, count: oddCount }
  }

  profile(name: string, type: ColumnType): ColumnProfile {
    const { moments } = type === 'date' ? this.#dates : this.#numbers
    // Counts that were cut off would be those of the first rows only.
    const values = this.#isCut ? [] : [...this.#counts].sort((a, b) => b[1] - a[1]).slice(0, 100)
    return {
      name,
      type,
      present: this.#present,
      missing: this.#missing,
      distinct: this.#counts.size,
      isDistinctCut: this.#isCut,
      values,
      numbers: moments.result(),
    }
  }
}
