// Single comparisons of state with what it was: each tells whether it still holds.
import type * as tf from '@tensorflow/tfjs'

/** In place of variables that have no value yet. */
const UNSET = Symbol('unset')

const ACCESSOR = Symbol('accessor')

/** Keys of functions that the language gives them. */
const OF_FUNCTIONS: ReadonlySet<PropertyKey> = new Set([
  'length',
  'name',
  'prototype',
  'arguments',
  'caller',
])

/** Keys of tensors and variables that tfjs gives them. */
const OF_TENSORS: ReadonlySet<PropertyKey> = new Set(
  `kept isDisposedInternal shape dtype size strides dataId id rankType scopeId trainable name constraint
  kernelSpec`.split(/\s+/),
)

export interface Check {
  /** `undefined` while it holds; else what has changed, for people. */
  changed(): string | undefined
  /** What is compared by identity here, to be looked into: with its name. */
  readonly children: readonly (readonly [name: string, value: unknown])[]
}

export const nameOf = (path: string, key: PropertyKey): string => {
  const name = typeof key === 'symbol' ? `[${String(key)}]` : String(key)
  return path === '' || name === '' ? path + name : `${path}.${name}`
}

/** A value in a message; long ones cut. */
function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 40))
  if (typeof value === 'function') return `function ${value.name}`.trim()
  if (typeof value === 'object' && value !== null) return 'another object'
  return value === UNSET ? 'nothing' : String(value)
}

const told = (name: string, before: unknown, now: unknown): string =>
  typeof now === 'object' && now !== null
    ? `${name} is another object`
    : `${name} was ${typeof before === 'object' && before !== null ? 'an object' : shown(before)}, and is ${shown(now)}`

/** Own properties of an object, symbols and hidden ones included, and its prototype. */
export class PropertiesCheck implements Check {
  readonly #object: object
  readonly #path: string
  readonly #prototype: unknown
  readonly #keys: readonly PropertyKey[]
  /** A getter or setter is a pair of functions. */
  readonly #values: unknown[]
  /** The values of its named properties can be had all at once. */
  readonly #isPlain: boolean
  readonly #accessors: [key: PropertyKey, PropertyDescriptor][] = []

  constructor(object: object, path: string) {
    this.#object = object
    this.#path = path
    this.#prototype = Object.getPrototypeOf(object)
    this.#keys = Reflect.ownKeys(object)
    this.#isPlain = this.#keys.every((key) => {
      const { enumerable, get, set } = Object.getOwnPropertyDescriptor(object, key)!
      return typeof key === 'symbol' || (enumerable && !get && !set)
    })
    this.#values = this.#keys.map((key) => {
      if (typeof object === 'function' && OF_FUNCTIONS.has(key)) return ACCESSOR
      const descriptor = Object.getOwnPropertyDescriptor(object, key)!
      if ('value' in descriptor) return descriptor.value as unknown
      this.#accessors.push([key, descriptor])
      return ACCESSOR
    })
  }

  get children(): (readonly [string, unknown])[] {
    const found: (readonly [string, unknown])[] = []
    this.#keys.forEach((key, i) => {
      const value = this.#values[i]
      if (value !== ACCESSOR) found.push([nameOf(this.#path, key), value])
    })
    for (const [key, { get, set }] of this.#accessors) {
      const name = nameOf(this.#path, key)
      found.push([name, get], [name, set])
    }
    return found
  }

  changed(): string | undefined {
    const holder = this.#object as Record<PropertyKey, unknown>
    if (!this.#hasSameKeys()) return this.#keysChanged(Reflect.ownKeys(holder))
    const known = this.#values
    const plain = this.#isPlain ? Object.values(holder) : undefined
    for (let i = 0; i < known.length; i++) {
      const value = known[i]
      if (value === ACCESSOR) continue
      const now = plain && i < plain.length ? plain[i] : holder[this.#keys[i]!]
      if (!Object.is(now, value)) return told(nameOf(this.#path, this.#keys[i]!), value, now)
    }
    for (const [key, { get, set }] of this.#accessors) {
      const now = Object.getOwnPropertyDescriptor(holder, key)
      if (now?.get !== get || now?.set !== set) return `${nameOf(this.#path, key)} was replaced`
    }
    if (Object.getPrototypeOf(holder) !== this.#prototype)
      return `${this.#path} has another prototype`
    return undefined
  }

  /** Names and symbols apart: `Reflect.ownKeys` takes five times as long. */
  #hasSameKeys(): boolean {
    const names = Object.getOwnPropertyNames(this.#object)
    const symbols = Object.getOwnPropertySymbols(this.#object)
    const known = this.#keys
    if (names.length + symbols.length !== known.length) return false
    for (let i = 0; i < names.length; i++) if (names[i] !== known[i]) return false
    for (let i = 0; i < symbols.length; i++)
      if (symbols[i] !== known[names.length + i]) return false
    return true
  }

  #keysChanged(keys: readonly PropertyKey[]): string {
    const fresh = keys.find((key) => !this.#keys.includes(key))
    if (fresh !== undefined) return `${nameOf(this.#path, fresh)} is new`
    const gone = this.#keys.find((key) => !keys.includes(key))
    if (gone !== undefined) return `${nameOf(this.#path, gone)} is gone`
    return `the properties of ${this.#path} are in another order`
  }
}

/** Whether a function has no properties but those that the language gives it. */
export const isBare = (value: object): boolean =>
  typeof value === 'function' && Reflect.ownKeys(value).every((key) => OF_FUNCTIONS.has(key))

/** That a function has no properties still; most have none, and to list those that are not enumerable is slow. */
export class BareCheck implements Check {
  readonly children = []
  readonly #value: { readonly prototype?: unknown }
  readonly #path: string
  readonly #parent: unknown
  readonly #prototype: unknown

  constructor(value: object, path: string) {
    this.#value = value
    this.#path = path
    this.#parent = Object.getPrototypeOf(value)
    this.#prototype = this.#value.prototype
  }

  changed(): string | undefined {
    const value = this.#value
    const fresh = Object.keys(value)[0] ?? Object.getOwnPropertySymbols(value)[0]
    if (fresh !== undefined) return `${nameOf(this.#path, fresh)} is new`
    if (value.prototype !== this.#prototype) return `${this.#path}.prototype is another object`
    return Object.getPrototypeOf(value) === this.#parent
      ? undefined
      : `${this.#path} has another prototype`
  }
}

/**
 * What code may ask of a tensor but its values: those of a constant stay, and a program takes those of a variable anew.
 * There are hundreds, so what tfjs gives all of them is only counted.
 */
export class TensorCheck implements Check {
  readonly children: Check['children']
  readonly #tensor: tf.Tensor & { readonly trainable?: boolean }
  readonly #path: string
  readonly #isDisposed: boolean
  readonly #isTrainable: boolean | undefined
  readonly #count: number
  /** Properties that tfjs did not give it. */
  readonly #own: readonly (readonly [key: PropertyKey, value: unknown])[]

  constructor(tensor: tf.Tensor, path: string) {
    this.#tensor = tensor
    this.#path = path
    this.#isDisposed = tensor.isDisposed
    this.#isTrainable = this.#tensor.trainable
    this.#count = Object.keys(tensor).length
    this.#own = Reflect.ownKeys(tensor).flatMap((key) =>
      OF_TENSORS.has(key) ? [] : [[key, Reflect.get(tensor, key) as unknown] as const],
    )
    this.children = this.#own.map(([key, value]) => [nameOf(path, key), value])
  }

  changed(): string | undefined {
    const tensor = this.#tensor
    if (tensor.isDisposed !== this.#isDisposed) return `${this.#path} is disposed`
    if (tensor.trainable !== this.#isTrainable)
      return told(`${this.#path}.trainable`, this.#isTrainable, tensor.trainable)
    for (const [key, value] of this.#own) {
      const now = Reflect.get(tensor, key) as unknown
      if (!Object.is(now, value)) return told(nameOf(this.#path, key), value, now)
    }
    return Object.keys(tensor).length === this.#count
      ? undefined
      : `${this.#path} has other properties`
  }
}

/** Values by their places: variables, #fields. Each is read by itself, as it may have no value yet. */
export const valuesAt =
  (count: number, read: (at: number) => unknown) => (): readonly unknown[] => {
    const values: unknown[] = []
    for (let i = 0; i < count; i++) {
      try {
        values.push(read(i))
      } catch {
        values.push(UNSET)
      }
    }
    return values
  }

/** What a function gives: variables, #fields, hidden state, entries of a map. */
export class ListCheck implements Check {
  readonly #path: string
  readonly #read: () => readonly unknown[]
  readonly #names: readonly string[]
  readonly #values: readonly unknown[]

  /** `names` are those of the values, in order; without them they are numbered. */
  constructor(path: string, read: () => readonly unknown[], names: readonly string[] = []) {
    this.#path = path
    this.#read = read
    this.#names = names
    this.#values = read()
  }

  #name(i: number): string {
    return nameOf(this.#path, this.#names[i] ?? String(i))
  }

  get children(): (readonly [string, unknown])[] {
    return this.#values.map((value, i) => [this.#name(i), value] as const)
  }

  changed(): string | undefined {
    const now = this.#read()
    const before = this.#values
    for (let i = 0; i < before.length && i < now.length; i++)
      if (!Object.is(now[i], before[i])) return told(this.#name(i), before[i], now[i])
    return now.length === before.length
      ? undefined
      : `${this.#path} had ${before.length} entries, and has ${now.length}`
  }
}

/** Bytes or numbers, one after another. */
export class ContentCheck implements Check {
  readonly children = []
  readonly #path: string
  readonly #values: ArrayLike<unknown>
  readonly #before: ArrayLike<unknown>

  constructor(path: string, values: ArrayLike<unknown>) {
    this.#path = path
    this.#values = values
    this.#before = Array.from(values)
  }

  changed(): string | undefined {
    const [now, before] = [this.#values, this.#before]
    if (now.length !== before.length) return `${this.#path} is of another length`
    for (let i = 0; i < before.length; i++)
      if (!Object.is(now[i], before[i])) return told(nameOf(this.#path, i), before[i], now[i])
    return undefined
  }
}
