// Values whose state nothing shows, and those that have none.
import { hiddenState } from '#sdk'

const IteratorPrototype = Object.getPrototypeOf(
  Object.getPrototypeOf([][Symbol.iterator]()),
) as object
const AsyncIteratorPrototype = Object.getPrototypeOf(
  Object.getPrototypeOf(Object.getPrototypeOf((async function* () {})())),
) as object

const inherits = (value: object, prototype: object): boolean =>
  Object.prototype.isPrototypeOf.call(prototype, value)

const textOf = (it: object): string => Function.prototype.toString.call(it)

const isNative = (it: unknown): boolean =>
  typeof it === 'function' && /\{\s*\[native code\]\s*\}$/.test(textOf(it))

/** What strict functions have as `arguments.callee`. */
const thrower: unknown = Object.getOwnPropertyDescriptor(
  (function (): IArguments {
    return arguments
  })(),
  'callee',
)!.get

/** Native functions without a name of their own: bound ones, and proxies, whatever their `name` says. */
const isNameless = (it: object): boolean =>
  it !== thrower && /^function\s*\(\)\s*\{\s*\[native code\]\s*\}$/.test(textOf(it))

/** Classes of the surroundings, which in Node may be written in JavaScript. */
const surroundings = new Set<unknown>(
  Object.getOwnPropertyNames(globalThis).flatMap((name) => {
    const found: unknown = Object.getOwnPropertyDescriptor(globalThis, name)!.value
    return typeof found === 'function' ? [found] : []
  }),
)

/** What gives something else each time, or tells somebody, with its name. */
const impure = new Map<unknown, string>([
  [globalThis, 'globalThis'],
  [Math, 'Math'],
  [Math.random, 'Math.random'],
  [Date, 'Date'],
  [Date.now, 'Date.now'],
])
for (const name of ['performance', 'crypto', 'console', 'navigator']) {
  const found = (globalThis as unknown as Record<string, object | undefined>)[name]
  if (found) impure.set(found, name)
  for (let at = found; at && at !== Object.prototype; at = Object.getPrototypeOf(at) as object)
    for (const [key, { value }] of Object.entries(Object.getOwnPropertyDescriptors(at)))
      if (typeof value === 'function' && key !== 'constructor') impure.set(value, `${name}.${key}`)
}

/** Prototypes of the language whose objects show all they are. */
const plain = new Set<unknown>([
  null,
  Object.prototype,
  Array.prototype,
  Function.prototype,
  RegExp.prototype,
  Promise.prototype,
  Map.prototype,
  Set.prototype,
  Date.prototype,
  ArrayBuffer.prototype,
  DataView.prototype,
  Object.getPrototypeOf(Uint8Array.prototype),
  Boolean.prototype,
  Number.prototype,
  String.prototype,
  ...[
    Error,
    EvalError,
    RangeError,
    ReferenceError,
    SyntaxError,
    TypeError,
    URIError,
    AggregateError,
  ].map(({ prototype }) => prototype as object),
])
// Of functions that are generators or async.
for (const each of [function* () {}, async function () {}, async function* () {}])
  plain.add(Object.getPrototypeOf(each))
for (const each of [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array])
  plain.add(each.prototype)
for (const each of [Uint32Array, Float32Array, Float64Array, BigInt64Array, BigUint64Array])
  plain.add(each.prototype)

/** Whether a prototype is the language's own, with nothing to look into. */
export const isPlainPrototype = (prototype: object | null): boolean => plain.has(prototype)

/** Whether there is no state to look into: schemas never change. */
export const isLeaf = (value: object): boolean =>
  (value as { [hiddenState]?: unknown })[hiddenState] === null ||
  Object.hasOwn(value, '_zod') ||
  value === JSON ||
  value === Reflect ||
  value === Intl

/** Why the state of `value` cannot be seen, if so; as in "model.cache is <this>". */
export function whyUnseen(value: object): string | undefined {
  const name = impure.get(value)
  if (name !== undefined) return `${name}, which may give something else each time`
  if (typeof value === 'function') {
    return isNameless(value)
      ? 'a bound function, which hides what it holds; write an arrow function'
      : undefined
  }
  if (value instanceof WeakMap || value instanceof WeakSet)
    return 'a weak collection, whose entries cannot be listed; use a Map or a Set'
  if (value instanceof WeakRef) return 'a weak reference, which may lose what it refers to'
  if (inherits(value, IteratorPrototype) || inherits(value, AsyncIteratorPrototype))
    return 'an iterator, whose place cannot be seen'
  let at = Object.getPrototypeOf(value) as object | null
  while (at && !plain.has(at)) {
    const { constructor } = Object.getOwnPropertyDescriptors(at) as {
      constructor?: PropertyDescriptor
    }
    if (isNative(constructor?.value) || surroundings.has(constructor?.value))
      return `of the built-in class ${(constructor!.value as { name: string }).name}, which hides its state`
    at = Object.getPrototypeOf(at) as object | null
  }
  return undefined
}

/** Whether a method of the language takes `value` for one of its own; prototypes are not, and instanceof says they are. */
function isKind(method: (this: never, ...args: never[]) => unknown, value: object): boolean {
  try {
    method.call(value as never)
    return true
  } catch {
    return false
  }
}

export const isMap = (value: object): value is Map<unknown, unknown> =>
  isKind(Map.prototype.keys, value)
export const isSet = (value: object): value is Set<unknown> => isKind(Set.prototype.keys, value)
export const isDate = (value: object): value is Date => isKind(Date.prototype.getTime, value)
export const isBuffer = (value: object): value is ArrayBuffer =>
  isKind(Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, 'byteLength')!.get!, value)

export { isNative }
