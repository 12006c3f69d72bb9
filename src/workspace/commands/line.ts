// A command with its arguments in one line: `greet name="Ada Lovelace" times=3`.
import { formatValue } from './arguments.ts'
import { fieldsOf } from './fields.ts'

/** A word of a line. */
export interface Word {
  readonly text: string
  /** Where it begins in the line. */
  readonly start: number
}

const CLOSING: Readonly<Record<string, string>> = { '"': '"', "'": "'", '[': ']', '{': '}' }

/** The words of a line: blanks part them, except between quotes and brackets. */
export function wordsOf(line: string): readonly Word[] {
  const words: Word[] = []
  /** What has to close, innermost last. */
  const open: string[] = []
  let start: number | undefined
  const end = (at: number): void => {
    if (start !== undefined) words.push({ text: line.slice(start, at), start })
    start = undefined
  }
  for (let at = 0; at < line.length; at++) {
    const character = line[at]!
    const last = open.at(-1)
    if (last === undefined && /\s/.test(character)) {
      end(at)
      continue
    }
    // A quote opens one where a value may begin: not in the middle of a word, as in `it's`.
    const opens = /["']/.test(character) ? /[=[{,:\s]/.test(line[at - 1] ?? '=') : true
    // Quotes inside of quotes: `''` and `\\"`.
    if (last === "'" && line.startsWith("''", at)) at++
    else if (last === '"' && character === '\\') at++
    else if (character === last) open.pop()
    else if (last !== '"' && last !== "'" && opens && CLOSING[character])
      open.push(CLOSING[character])
    start ??= at
  }
  end(line.length)
  return words
}

/** The line that runs a command with these arguments. `schema` is the JSON schema of what it takes. */
export function lineOf(name: string, args: Record<string, unknown>, schema: unknown): string {
  const fields = new Map(fieldsOf(schema).map((field) => [field.name, field]))
  const parts = Object.entries(args).map(([key, value]) => {
    return `${key}=${formatValue(value, fields.get(key))}`
  })
  return [name, ...parts].join(' ')
}
