// Plain settings: what stands at a path, and a copy with something else there.
import type { Path } from './document.ts'

type Container = Record<string | number, unknown>

const isContainer = (value: unknown): value is Container =>
  typeof value === 'object' && value !== null

/** What stands at a path; `undefined` for nothing, also where the text has a key without a value. */
export function valueAt(root: unknown, path: Path): unknown {
  let value = root
  for (const key of path) {
    if (!isContainer(value) || !Object.hasOwn(value, key)) return undefined
    value = value[key]
  }
  return value ?? undefined
}

/** Whether a key or item is written there, with a value or without. */
export function isSetAt(root: unknown, path: Path): boolean {
  const parent = path.length === 0 ? undefined : valueAt(root, path.slice(0, -1))
  return isContainer(parent) && Object.hasOwn(parent, path.at(-1)!)
}

/** A setting of its own, also under the name `__proto__`. */
const put = (container: Container, key: string | number, value: unknown): void =>
  void Object.defineProperty(container, key, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  })

/** What a key is put into where nothing is: an index into a list. */
export const emptyFor = (key: string | number): object => (typeof key === 'number' ? [] : {})

/** A copy of `root` with `value` at `path`; what is missing on the way is made. */
export function withValue(root: unknown, [key, ...rest]: Path, value: unknown): unknown {
  if (key === undefined) return value
  const copy = (
    Array.isArray(root) ? [...(root as unknown[])] : isContainer(root) ? { ...root } : emptyFor(key)
  ) as Container
  put(copy, key, withValue(copy[key], rest, value))
  return copy
}

/** A copy of `root` without the key or item at `path`. */
export function withoutValue(root: unknown, [key, ...rest]: Path): unknown {
  if (key === undefined || !isContainer(root) || !Object.hasOwn(root, key)) return root
  if (rest.length > 0) return withValue(root, [key], withoutValue(root[key], rest))
  if (Array.isArray(root)) return (root as unknown[]).toSpliced(Number(key), 1)
  return Object.fromEntries(Object.entries(root).filter(([name]) => name !== String(key)))
}

/** A copy of `root` in which the item at `path` and the next one have changed places. */
export function withSwapped(root: unknown, path: Path): unknown {
  const list = valueAt(root, path.slice(0, -1))
  const index = Number(path.at(-1))
  if (!Array.isArray(list)) return root
  const copy = [...(list as unknown[])]
  ;[copy[index], copy[index + 1]] = [copy[index + 1], copy[index]]
  return withValue(root, path.slice(0, -1), copy)
}
