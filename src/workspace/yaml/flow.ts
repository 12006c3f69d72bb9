// Values as they are written: on one line, or one below the other where that would be long.
import { stringify } from 'yaml'
import { dataOf, parse, type Path } from './document.ts'

/** `{ a: 1, b: [2, 3] }`, on one line. */
export function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`
  if (typeof value === 'string') return flowText(value)
  if (typeof value !== 'object' || value === null) return stringify(value).trim()
  const entries = Object.entries(value).map(([key, each]) => `${flow(key)}: ${flow(each)}`)
  return entries.length > 0 ? `{ ${entries.join(', ')} }` : '{}'
}

/** A text as it can stand inside of a list, on one line. */
function flowText(text: string): string {
  const written = stringify([text], { collectionStyle: 'flow', lineWidth: 0 }).trim()
  return written.slice(1, -1).trim()
}

/** A line is not made longer than this where it can be several. */
const WIDTH = 100

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null

/** Whether a value stands on one line, which would have `width` characters; a list of plain values always does. */
const isInline = (value: unknown, width: number): boolean =>
  width <= WIDTH || !isContainer(value) || (Array.isArray(value) && !value.some(isContainer))

/** What stands behind a key, its colon included: `line` is what is written up to there, `indent` what it begins with. */
export function behindKey(value: unknown, line: string, indent: string): string {
  const written = flow(value)
  return isInline(value, line.length + written.length + 2)
    ? `: ${written}`
    : `:\n${block(value, `${indent}  `)}`
}

/** A key with its value. */
function entry(key: string | number, value: unknown, indent: string): string {
  const line = indent + flow(key)
  return line + behindKey(value, line, indent)
}

/** An item of a list that stands in lines. */
export function item(value: unknown, indent: string): string {
  const line = `${indent}- ${flow(value)}`
  return isInline(value, line.length)
    ? line
    : `${indent}- ${block(value, `${indent}  `).trimStart()}`
}

const block = (value: unknown, indent: string): string =>
  Array.isArray(value)
    ? value.map((each) => item(each, indent)).join('\n')
    : Object.entries(value as object)
        .map(([key, each]) => entry(key, each, indent))
        .join('\n')

/** Keys of a path one below the other, with the value of the last. */
export function nested([key = '', ...rest]: Path, value: unknown, indent: string): string {
  const [next] = rest
  if (next === undefined || typeof next === 'number') return entry(key, inside(rest, value), indent)
  return `${indent}${flow(key)}:\n${nested(rest, value, `${indent}  `)}`
}

/** `value` in the maps and lists that `path` names. */
export const inside = (path: Path, value: unknown): unknown =>
  path.reduceRight<unknown>(
    (inner, key) => (typeof key === 'number' ? [inner] : { [key]: inner }),
    value,
  )

/** What a line says, read as the file is. Throws an `Error` for one that is no YAML. */
export function fromFlow(line: string): unknown {
  const document = parse(line)
  const [mistake] = document.errors
  if (mistake) throw new Error(mistake.message)
  return dataOf(document)
}
