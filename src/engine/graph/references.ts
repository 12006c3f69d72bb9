// Places in a graph that stand for something else: `$width` for a setting, `$columns.labels.limit` for data.
import type { ColumnSpec } from '#sdk'

/** `$$` writes a text that begins with `$`. */
const REFERENCE = /^\$([A-Za-z][\w.]*)$/
const COLUMNS = 'columns.'

/** A reference in a value, with the path that leads to it. */
export interface Reference {
  readonly name: string
  readonly path: readonly PropertyKey[]
}

/** All references in a value, in order. */
export function* referencesIn(
  value: unknown,
  path: readonly PropertyKey[] = [],
): Generator<Reference> {
  const name = typeof value === 'string' ? REFERENCE.exec(value)?.[1] : undefined
  if (name !== undefined) yield { name, path }
  if (typeof value !== 'object' || value === null) return
  const isList = Array.isArray(value)
  for (const [key, child] of Object.entries(value))
    yield* referencesIn(child, [...path, isList ? Number(key) : key])
}

export const isOfColumns = (name: string): boolean => name.startsWith(COLUMNS)

/** A copy of `value` in which references have what `find` gives; those for which it gives nothing stay. */
export function filled<T>(value: T, find: (name: string) => unknown): T
export function filled(value: unknown, find: (name: string) => unknown): unknown {
  if (typeof value === 'string') {
    const name = REFERENCE.exec(value)?.[1]
    return (name === undefined ? undefined : find(name)) ?? value
  }
  if (Array.isArray(value)) return value.map((each) => filled(each, find))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, filled(child, find)]))
}

/** A copy of `value` in which texts that begin with `$$` begin with `$`. */
export function unescaped<T>(value: T): T
export function unescaped(value: unknown): unknown {
  if (typeof value === 'string') return value.startsWith('$$') ? value.slice(1) : value
  if (Array.isArray(value)) return value.map((each) => unescaped(each))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, unescaped(child)]))
}

/** What a batch says of `columns.labels.limit`, `columns.image.shape.0`. */
export function ofColumns(name: string, columns: Readonly<Record<string, ColumnSpec>>): unknown {
  if (!isOfColumns(name)) return undefined
  return name
    .slice(COLUMNS.length)
    .split('.')
    .reduce<unknown>(
      (at, key) =>
        typeof at === 'object' && at !== null && Object.hasOwn(at, key)
          ? (at as Record<string, unknown>)[key]
          : undefined,
      columns,
    )
}
