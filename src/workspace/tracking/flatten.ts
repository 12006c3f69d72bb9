// A config as a flat table: `training.optimizer.config.learning_rate` and its value.

/** Levels that are taken apart; what lies deeper is one value. */
const MAX_DEPTH = 12
const MAX_KEYS = 2000

/** A value of a flat table: lists of plain values and what lies too deep are written as JSON. */
export type FlatValue = string | number | boolean | null

type Write = (key: string, value: FlatValue) => void

/**
 * Keys with dots and values of nested data, in order. Lists are taken apart where they hold objects. A component
 * without settings, `adamw`, reads the same as one with them, `{ name: adamw, config: … }`: as `optimizer`.
 */
export function flatten(data: unknown): Map<string, FlatValue> {
  const flat = new Map<string, FlatValue>()
  take(data, '', 0, (key, value) => {
    if (flat.size < MAX_KEYS) flat.set(key, value)
  })
  return flat
}

function take(data: unknown, path: string, depth: number, write: Write): void {
  if (typeof data !== 'object' || data === null) {
    if (data !== undefined) write(path, data === null ? null : plain(data))
    return
  }
  const isDeep = depth >= MAX_DEPTH
  if (Array.isArray(data)) {
    if (isDeep || data.every((item) => typeof item !== 'object' || item === null)) {
      write(path, JSON.stringify(data))
      return
    }
    data.forEach((item, index) => take(item, `${path}[${index}]`, depth + 1, write))
    return
  }
  if (isDeep) {
    write(path, JSON.stringify(data))
    return
  }
  const parts = Object.entries(data)
  const component = path === '' ? undefined : componentIn(data)
  if (component) {
    write(path, component.name)
    take(component.config, path, depth + 1, write)
    return
  }
  for (const [key, value] of parts)
    take(value, path === '' ? key : `${path}.${key}`, depth + 1, write)
}

const plain = (value: {}): FlatValue =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? value
    : JSON.stringify(value)

/** `{ name, config }` as the experiment's schema leaves it. */
function componentIn(data: object): { name: string; config: unknown } | undefined {
  if (!('name' in data) || !('config' in data) || Object.keys(data).length > 2) return undefined
  return typeof data.name === 'string' ? { name: data.name, config: data.config } : undefined
}

/** What differs between flat tables: each key whose values are not all the same, in order of first sight. */
export function differingKeys(tables: readonly ReadonlyMap<string, FlatValue>[]): string[] {
  const keys = new Set(tables.flatMap((table) => [...table.keys()]))
  const [first, ...others] = tables
  return [...keys].filter((key) => others.some((table) => !isSame(table.get(key), first?.get(key))))
}

/** Without a value there and with one here is a difference. */
const isSame = (a: FlatValue | undefined, b: FlatValue | undefined): boolean => Object.is(a, b)
