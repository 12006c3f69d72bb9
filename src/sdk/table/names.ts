// Names of columns: each there once, and fit to be a key.
import { EngineError } from '../errors.ts'
import { MAX_COLUMNS } from './form.ts'

/** Keys that mean something else on a plain object. */
const RESERVED = new Set(['__proto__', 'constructor', 'prototype'])
const MAX_NAME = 100

/** Columns by the names that the file gives them, in order. */
export class ColumnNames {
  readonly list: string[] = []
  /** What was changed, in words. */
  readonly notes: string[] = []
  readonly #taken = new Set<string>()
  readonly #file: string

  /** `file` as messages name it. */
  constructor(file: string) {
    this.#file = file
  }

  /** Adds a column; its name is changed where it is empty, taken or reserved. Throws beyond `MAX_COLUMNS`. */
  add(given: string): void {
    const position = this.list.length + 1
    if (position > MAX_COLUMNS) {
      throw new EngineError({
        code: 'data.invalid',
        message: `${this.#file} has more than ${MAX_COLUMNS} columns`,
        hint: 'is the delimiter right? Else leave columns out, or give one row as one list of numbers',
      })
    }
    const whole = given.trim()
    const trimmed = whole.slice(0, MAX_NAME)
    const isFit = trimmed !== '' && !RESERVED.has(trimmed)
    const base = isFit ? trimmed : `column_${position}`
    let name = base
    for (let n = 2; this.#taken.has(name); n++) name = `${base}_${n}`
    if (name !== whole && this.notes.length < 20) {
      const why =
        whole === ''
          ? 'has no name'
          : !isFit
            ? 'has a reserved name'
            : whole === trimmed
              ? 'has a name that is taken'
              : `has a name of more than ${MAX_NAME} characters`
      this.notes.push(`column ${position} ${why}${trimmed && `, ${trimmed}`}: it is called ${name}`)
    }
    this.#taken.add(name)
    this.list.push(name)
  }
}
