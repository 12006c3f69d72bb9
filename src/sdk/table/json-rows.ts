// Rows of JSON, a list of objects or an object a line, element by element.
import { EngineError } from '../errors.ts'
import type { TableFault } from './form.ts'
import type { Row, RowBatch } from './delimited.ts'
import type { ColumnNames } from './names.ts'

const SHOWN = 200
/** An element that is longer than this is no row. */
const MAX_ELEMENT_LENGTH = 4 << 20

/** The text of one element and the line that it begins on. */
interface Element {
  text: string
  line: number
}

/** Rows of JSON elements; names of columns are added as they turn up. */
export async function* jsonRows(
  elements: AsyncIterable<Element[]>,
  names: ColumnNames,
): AsyncGenerator<RowBatch> {
  const places = new Map<string, number>()
  const cellsOf = (record: object): string[] => {
    const cells: string[] = []
    for (const [key, value] of Object.entries(record)) {
      let at = places.get(key)
      if (at === undefined) {
        at = names.list.length
        names.add(key)
        places.set(key, at)
      }
      while (cells.length < at) cells.push('')
      cells[at] = cellOf(value)
    }
    return cells
  }
  for await (const batch of elements) {
    const rows: Row[] = []
    const faults: TableFault[] = []
    for (const { text, line } of batch) {
      const fault = (problem: string) => faults.push({ line, problem, text: text.slice(0, SHOWN) })
      let value: unknown
      try {
        value = JSON.parse(text)
      } catch (thrown) {
        fault(`is no JSON: ${(thrown as Error).message}`)
        continue
      }
      if (typeof value === 'object' && value !== null && !Array.isArray(value))
        rows.push({ line, cells: cellsOf(value) })
      else fault(`is ${kindOf(value)}, not an object such as {"age": 7}`)
    }
    yield { rows, faults }
  }
}

/** The text that a value would have in CSV; lists and objects stay JSON. */
function cellOf(value: unknown): string {
  if (value === null) return ''
  // JSON has no number beyond float64: JSON.parse made it infinite, and JSON.stringify would make it null.
  if (typeof value === 'string' || typeof value === 'number') return `${value}`
  return JSON.stringify(value)
}

const kindOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value}`

/** Lines that hold something. */
export async function* lineElements(
  pieces: AsyncIterable<string>,
  file: string,
): AsyncGenerator<Element[]> {
  let rest = ''
  let line = 1
  const take = (texts: string[]): Element[] =>
    texts.flatMap((each) => {
      const element = { text: each.trim(), line: line++ }
      return element.text === '' ? [] : [element]
    })
  for await (const piece of pieces) {
    const lines = (rest + piece).split('\n')
    rest = lines.pop()!
    checkLength(rest, `${file}, line ${line}`)
    yield take(lines)
  }
  yield take([rest])
}

/** Elements of one list. Throws `data.invalid` when the text is something else, or ends within the list. */
export async function* listElements(
  pieces: AsyncIterable<string>,
  file: string,
): AsyncGenerator<Element[]> {
  const scanner = new ListScanner(file)
  for await (const piece of pieces) yield scanner.scan(piece)
  scanner.finish()
}

const [QUOTE, BACKSLASH, COMMA, NEWLINE] = [34, 92, 44, 10]
const OPENING = new Set([123, 91])
const CLOSING = new Set([125, 93])

/** Cuts a list into the texts of its elements. Whether these are JSON is for JSON.parse to say. */
class ListScanner {
  #rest = ''
  #depth = 0
  #isText = false
  #isEscaped = false
  #line = 1
  /** Line that the present element begins on. */
  #start = 1
  #isOver = false
  readonly #file: string

  /** `file` as messages name it. */
  constructor(file: string) {
    this.#file = file
  }

  scan(piece: string): Element[] {
    const found: Element[] = []
    const text = this.#rest + piece
    let begin = 0
    const end = (at: number): void => {
      const element = text.slice(begin, at).trim()
      if (element !== '') found.push({ text: element, line: this.#start })
      begin = at + 1
      this.#start = this.#line
    }
    for (let at = this.#rest.length; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (code === NEWLINE) {
        this.#line++
        if (text.slice(begin, at).trim() === '') this.#start = this.#line
      }
      if (this.#isText) {
        if (this.#isEscaped) this.#isEscaped = false
        else if (code === BACKSLASH) this.#isEscaped = true
        else if (code === QUOTE) this.#isText = false
      } else if (this.#depth === 0) {
        if (code <= 32) continue
        if (this.#isOver || code !== 91) throw this.#noList(text.slice(at, at + 40))
        this.#depth = 1
        begin = at + 1
        this.#start = this.#line
      } else if (code === QUOTE) this.#isText = true
      else if (OPENING.has(code)) this.#depth++
      else if (CLOSING.has(code)) {
        this.#depth--
        if (this.#depth > 0) continue
        end(at)
        this.#isOver = true
      } else if (code === COMMA && this.#depth === 1) end(at)
    }
    this.#rest = this.#depth === 0 ? '' : text.slice(begin)
    checkLength(this.#rest, `${this.#file}, line ${this.#start}`)
    return found
  }

  finish(): void {
    if (this.#isOver) return
    throw new EngineError({
      code: 'data.invalid',
      message: `the list that ${this.#file} begins with does not end; its last element begins on line ${this.#start}`,
      hint: 'the file is cut off, or a quote or bracket is not closed',
    })
  }

  #noList(text: string): EngineError {
    return new EngineError({
      code: 'data.invalid',
      message: `${this.#file}, line ${this.#line}: a table in JSON is one list of objects, but here is ${text}`,
      hint: 'write [{"age": 7, "name": "Ada"}, …], or one object a line in a file that ends in .jsonl',
    })
  }
}

function checkLength(text: string, place: string): void {
  if (text.length <= MAX_ELEMENT_LENGTH) return
  throw new EngineError({
    code: 'data.invalid',
    message: `${place}: what begins here is longer than ${MAX_ELEMENT_LENGTH} characters, too long for a row`,
    hint: 'a quote or bracket is not closed, or the file is no table',
  })
}
