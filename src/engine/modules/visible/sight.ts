// What rewritten modules call: keeps how to read their state, without keeping what holds it alive.
import { copied, copying, noteRead } from '#sdk'

/** A variable or a #field by name; `undefined` where it has no value yet. */
export type Reader = readonly [name: string, read: (holder: object) => unknown]

/** Variables that a function took from around it. */
export interface Held {
  readonly names: readonly string[]
  /** The one at that place among the names. Throws while it has no value yet. */
  read(at: number): unknown
}

const heldBy = new WeakMap<object, Held[]>()
const fieldsOf = new WeakMap<object, readonly Reader[]>()
const scopes = new Map<string, readonly Reader[]>()
const defaults = new Map<string, unknown>()

function hold(holder: object, names: string, read: Held['read']): void {
  if (names === '') return
  const held = { names: names.split(' '), read }
  const known = heldBy.get(holder)
  if (known) known.push(held)
  else heldBy.set(holder, [held])
}

/** A function that took variables from around it. */
function closure<T extends object>(made: T, names: string, read: Held['read']): T {
  hold(made, names, read)
  return made
}

function holdMembers(
  holder: object,
  keys: readonly PropertyKey[],
  names: string,
  read: Held['read'],
): void {
  for (const key of keys) {
    const { value, get, set } = Object.getOwnPropertyDescriptor(holder, key) ?? {}
    for (const member of [value, get, set] as unknown[])
      if (typeof member === 'function' && member !== holder) hold(member, names, read)
  }
}

/** An object written with methods, called `keys`, that took variables from around it. */
function members<T extends object>(
  made: T,
  names: string,
  read: Held['read'],
  keys: readonly string[],
): T {
  hold(made, names, read)
  holdMembers(made, keys, names, read)
  return made
}

/** A class: its #fields, and the variables that it took from around it. */
function fields(
  made: { prototype: object },
  readers: readonly Reader[],
  names: string,
  read: Held['read'],
): void {
  if (readers.length > 0) {
    fieldsOf.set(made, readers)
    fieldsOf.set(made.prototype, readers)
  }
  if (names === '') return
  hold(made, names, read)
  for (const holder of [made, made.prototype])
    holdMembers(holder, Reflect.ownKeys(holder), names, read)
}

/** The variables of a module. */
const scope = (key: string, readers: readonly Reader[]): void => void scopes.set(key, readers)

/** What a module exports without a name. */
function exported<T>(key: string, value: T): T {
  defaults.set(key, value)
  return value
}

/** A global that may give something else each time. */
function read<T>(what: string, get: () => T): T {
  noteRead(`uses ${what}`)
  return get()
}

/** What is waited for: the code behind it runs when nobody notes what it does. */
function awaited<T>(value: T): T {
  noteRead('waits for a promise')
  return value
}

/** What rewritten modules import. */
export const sight = {
  closure,
  members,
  fields,
  scope,
  exported,
  read,
  awaited,
  copied,
  copying,
} as const

export const heldIn = (holder: object): readonly Held[] => heldBy.get(holder) ?? []
/** #fields that a class gives its instances, by its prototype; its static ones by itself. */
export const fieldsIn = (holder: object): readonly Reader[] => fieldsOf.get(holder) ?? []
export const scopeOf = (key: string): readonly Reader[] => scopes.get(key) ?? []
export const defaultOf = (key: string): unknown => defaults.get(key)
