// Columns of a table while rows are added: typed arrays that grow, classes by number, texts.
import type { Column } from '../data.ts'
import { EngineError } from '../errors.ts'
import { numberProblem, valueIn } from './cells.ts'
import { type ColumnType, MAX_CLASSES } from './form.ts'

/** Takes one column's cells, row by row. */
export interface ColumnWriter {
  /** Why a cell cannot be used; `undefined` when it can. Called before `add`, which then takes it. */
  check(text: string): string | undefined
  /** Adds a cell; `undefined` stands for a missing value. */
  add(text: string | undefined): void
  finish(): Column
}

class NumberWriter implements ColumnWriter {
  #data = new Float32Array(1024)
  #length = 0
  #value = 0
  readonly #type: ColumnType
  readonly #decimal: '.' | ','

  constructor(type: ColumnType, decimal: '.' | ',') {
    this.#type = type
    this.#decimal = decimal
  }

  check(text: string): string | undefined {
    this.#value = valueIn(text, this.#type, this.#decimal)
    return numberProblem(this.#value, this.#type)
  }

  /** A missing number is NaN, for a preprocessor to fill in. */
  add(text: string | undefined): void {
    if (this.#length === this.#data.length) {
      const grown = new Float32Array(2 * this.#length)
      grown.set(this.#data)
      this.#data = grown
    }
    this.#data[this.#length++] = text === undefined ? Number.NaN : this.#value
  }

  finish(): Column {
    const data = this.#data.slice(0, this.#length)
    return { type: 'number', data, shape: [], dtype: 'float32' }
  }
}

/** Class numbers of a label; its rows have a value each. */
class ClassWriter implements ColumnWriter {
  readonly #name: string
  readonly #classes = new Map<string, number>()
  #codes = new Int32Array(1024)
  #length = 0

  constructor(name: string) {
    this.#name = name
  }

  check(): undefined {
    return undefined
  }

  add(text = ''): void {
    let code = this.#classes.get(text)
    if (code === undefined) {
      code = this.#classes.size
      this.#classes.set(text, code)
      if (code === MAX_CLASSES) {
        throw new EngineError({
          code: 'data.invalid',
          message: `column ${this.#name} has more than ${MAX_CLASSES} different values, too many for classes`,
          hint: `under \`columns\`, make ${this.#name} a number, or choose another label`,
        })
      }
    }
    if (this.#length === this.#codes.length) {
      const grown = new Int32Array(2 * this.#length)
      grown.set(this.#codes)
      this.#codes = grown
    }
    this.#codes[this.#length++] = code
  }

  /** Classes are numbered in the order of their names, numbers by size: no row's place has a say in it. */
  finish(): Column {
    const classes = [...this.#classes.keys()].sort()
    if (classes.every((name) => Number.isFinite(Number(name))))
      classes.sort((a, b) => Number(a) - Number(b))
    const place = new Int32Array(classes.length)
    classes.forEach((name, at) => (place[this.#classes.get(name)!] = at))
    const data = this.#codes.slice(0, this.#length).map((code) => place[code]!)
    return { type: 'number', data, shape: [], dtype: 'int32', limit: classes.length, classes }
  }
}

/** Texts as they are; what is missing is empty. Equal texts of a category are kept once. */
class TextWriter implements ColumnWriter {
  readonly #data: string[] = []
  readonly #known: Map<string, string> | undefined

  constructor(isRepeated: boolean) {
    this.#known = isRepeated ? new Map<string, string>() : undefined
  }

  check(): undefined {
    return undefined
  }

  add(text = ''): void {
    const known = this.#known?.get(text) ?? text
    this.#known?.set(known, known)
    this.#data.push(known)
  }

  finish(): Column {
    return { type: 'text', data: this.#data }
  }
}

export function columnWriter(
  name: string,
  type: Exclude<ColumnType, 'ignore'>,
  { isLabel, decimal }: { isLabel: boolean; decimal: '.' | ',' },
): ColumnWriter {
  if (type === 'number' || type === 'date') return new NumberWriter(type, decimal)
  return isLabel && type === 'category'
    ? new ClassWriter(name)
    : new TextWriter(type === 'category')
}
