// What a step reads that changes from one to the next: noted, as such a step cannot be repeated without its code.

let note: ((what: string) => void) | undefined

/** Does `work`; `onRead` hears of all that it reads, or does, that is not the same in every step. */
export function notingReads<T>(onRead: (what: string) => void, work: () => T): T {
  const outer = note
  note = onRead
  try {
    return work()
  } finally {
    note = outer
  }
}

/** What is read or done, such as `reads ctx.step` or `writes to the log`. Costs nothing while nobody wants to know. */
export const noteRead = (what: string): void => note?.(what)

/** Objects with noted properties. */
const noted = new WeakSet<object>()

/** Stands for a noted property in a copy that is under way. */
class Getter {
  constructor(readonly get: () => unknown) {}
}

/** Properties that may be noted: all that `copied` looks for. */
const KEYS = ['step', 'epoch'] as const
type Key = (typeof KEYS)[number]

/** `values` with properties that are noted when they are read, as `<owner>.<name>`. Changes `values` itself. */
export function withNoted<T extends object, N extends Partial<Record<Key, number>>>(
  values: T,
  owner: string,
  numbers: N,
): T & N {
  for (const [key, value] of Object.entries(numbers)) {
    const get = (): unknown => {
      noteRead(`reads ${owner}.${key}`)
      return value
    }
    Object.defineProperty(values, key, { get, enumerable: true, configurable: true })
  }
  noted.add(values)
  return values as T & N
}

/** What is spread in place of `values`: copying a noted property is not reading it. */
export function copying<T>(values: T): T {
  if (typeof values !== 'object' || values === null || !noted.has(values)) return values
  const copy: Record<string, unknown> = {}
  for (const [key, { get, value }] of Object.entries(Object.getOwnPropertyDescriptors(values)))
    copy[key] = get ? new Getter(get) : value
  return copy as T
}

/** The copy that what `copying` gave was spread into, with the noted properties of the original. */
export function copied<T extends object>(copy: T): T {
  for (const key of KEYS) {
    const value = (copy as Partial<Record<Key, unknown>>)[key]
    if (!(value instanceof Getter)) continue
    const { get } = value
    Object.defineProperty(copy, key, { get, enumerable: true, configurable: true })
    noted.add(copy)
  }
  return copy
}

/** `{ ...values, ...more }`; noted properties stay noted. */
export const extended = <T extends object, M extends object>(values: T, more: M): T & M =>
  copied({ ...copying(values), ...more })
