// Arguments of a command as people write them: key=value, values in YAML, typed by the command's own schema.
import { parse, stringify } from 'yaml'
import { type Field, fieldsOf } from './fields.ts'

/** What `text` says as an argument of this kind. Throws what YAML has to say where it is none. */
export function valueOf(text: string, field: Field | undefined): unknown {
  if (!field || !isText(field)) return parse(text, { prettyErrors: false })
  // `name=7` means a text where a text is wanted; quotes say it too.
  const value: unknown = /^\s*["']/.test(text) ? parse(text, { prettyErrors: false }) : text
  return typeof value === 'string' ? value : text
}

const isText = ({ type, choices }: Field): boolean =>
  type === 'text' || (type === 'choice' && choices.every((value) => typeof value === 'string'))

/**
 * Arguments from parts such as `times=3`. `schema` is the JSON schema of the command's arguments. Throws an
 * `Error` for a part that is no argument, for a value that is no YAML and for an argument that is given twice.
 */
export function parseArguments(parts: readonly string[], schema: unknown): Record<string, unknown> {
  const fields = new Map(fieldsOf(schema).map((field) => [field.name, field]))
  const args = new Map<string, unknown>()
  for (const part of parts) {
    const split = part.indexOf('=')
    if (split < 1) {
      throw new Error(`An argument is written key=value, such as times=3; '${part}' is not.`)
    }
    const key = part.slice(0, split)
    if (args.has(key)) throw new Error(`The argument '${key}' is given twice.`)
    try {
      args.set(key, valueOf(part.slice(split + 1), fields.get(key)))
    } catch (thrown) {
      throw new Error(`The argument '${key}': ${(thrown as Error).message}`, { cause: thrown })
    }
  }
  return Object.fromEntries(args)
}

/** The value as it is written after `key=`, in one line, so that it is read back as it was. */
export function formatValue(value: unknown, field: Field | undefined): string {
  const isBare = typeof value === 'string' && /^[\p{L}\p{N}][\p{L}\p{N}_./:+-]*$/u.test(value)
  if (isBare && valueOf(value, field) === value) return value
  return JSON.stringify(value) ?? 'null'
}

/** The value as a form shows it: one line of YAML, or the text itself. */
export function shownValue(value: unknown, { type }: Field): string {
  if (value === undefined) return ''
  if (type === 'text' && typeof value === 'string') return value
  return stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trim()
}
