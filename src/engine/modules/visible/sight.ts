// What rewritten modules call: keeps how to read their state, without keeping what holds it alive.
import { copied, copying, noteRead } from '#sdk'

/** A variable or a #field by name; `undefined` where it has no value yet. */
export type Reader = readonly [name: string, read: (holder: object) => unknown]

/** What a function took from around it. */
export interface Held {
  /** Names of variables of enclosing functions. */
  readonly names: readonly string[]
  /** The one at that place among the names. Throws while it has no value yet. */
  read(at: number): unknown
  /** The version of the module that wrote it; `undefined` for what is of no workspace. */
  readonly module: string | undefined
}

/** Names in one text: they are told apart when somebody asks. */
type Holding = Omit<Held, 'names'> & { readonly names: string }

const heldBy = new WeakMap<object, Holding[]>()
const fieldsOf = new WeakMap<object, readonly Reader[]>()
const scopes = new Map<string, readonly Reader[]>()
const defaults = new Map<string, unknown>()

function hold(holder: object, holding: Holding): void {
  const known = heldBy.get(holder)
  if (known) known.push(holding)
  else heldBy.set(holder, [holding])
}

/** A function that took variables from around it. */
function closure<T extends object>(made: T, module: string, names: string, read: Held['read']): T {
  hold(made, { module, names, read })
  return made
}

/** A function that a library made of `args`. */
export function made<T extends object>(result: T, args: readonly unknown[]): T {
  const names = args.map((_, i) => String(i)).join(' ')
  hold(result, { module: undefined, names, read: (at) => args[at] })
  return result
}

/** Functions that are declared at the top of a module. */
function declared(module: string, all: readonly object[]): void {
  for (const each of all) hold(each, { module, names: '', read: () => undefined })
}

function holdMembers(holder: object, keys: readonly PropertyKey[], holding: Holding): void {
  for (const key of keys) {
    const { value, get, set } = Object.getOwnPropertyDescriptor(holder, key) ?? {}
    for (const member of [value, get, set] as unknown[])
      if (typeof member === 'function' && member !== holder && !heldBy.has(member))
        hold(member, holding)
  }
}

/** An object written with methods, called `keys` if all their names are known, that took variables from around it. */
function members<T extends object>(
  made: T,
  module: string,
  names: string,
  read: Held['read'],
  keys: readonly PropertyKey[] = Reflect.ownKeys(made),
): T {
  const holding = { module, names, read }
  hold(made, holding)
  holdMembers(made, keys, holding)
  return made
}

/** A class: its #fields, and the variables that it took from around it. */
function fields(
  made: { prototype: object },
  module: string,
  readers: readonly Reader[],
  names: string,
  read: Held['read'],
): void {
  if (readers.length > 0) {
    fieldsOf.set(made, readers)
    fieldsOf.set(made.prototype, readers)
  }
  const holding = { module, names, read }
  hold(made, holding)
  for (const holder of [made, made.prototype]) holdMembers(holder, Reflect.ownKeys(holder), holding)
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
  declared,
  members,
  fields,
  scope,
  exported,
  read,
  awaited,
  copied,
  copying,
} as const

export const heldIn = (holder: object): readonly Held[] =>
  (heldBy.get(holder) ?? []).map(({ names, ...rest }) => ({
    ...rest,
    names: names === '' ? [] : names.split(' '),
  }))
/** #fields that a class gives its instances, by its prototype; its static ones by itself. */
export const fieldsIn = (holder: object): readonly Reader[] => fieldsOf.get(holder) ?? []
export const scopeOf = (key: string): readonly Reader[] => scopes.get(key) ?? []
export const defaultOf = (key: string): unknown => defaults.get(key)
