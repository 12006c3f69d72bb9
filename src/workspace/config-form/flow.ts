// Values as they are written into a line.
import { stringify } from 'yaml'
import { dataOf, parse } from './document.ts'

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

/** Keys of a path one below the other, the value on the line of the last; lists in one line. */
export function nested(
  [key, ...rest]: readonly (string | number)[],
  value: unknown,
  indent: string,
): string {
  const [next] = rest
  if (next === undefined || typeof next === 'number')
    return `${indent}${flow(key)}: ${flow(inside(rest, value))}`
  return `${indent}${flow(key)}:\n${nested(rest, value, `${indent}  `)}`
}

/** `value` in the maps and lists that `path` names. */
export const inside = (path: readonly (string | number)[], value: unknown): unknown =>
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
