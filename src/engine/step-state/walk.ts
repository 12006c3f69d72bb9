// Finds all state that can be reached from some values, as comparisons to make later.
import * as tf from '@tensorflow/tfjs'
import { hiddenState, type HidesState, type SourceLocation } from '#sdk'
import { fieldsIn, heldIn } from '../modules/index.ts'
import {
  BareCheck,
  type Check,
  ContentCheck,
  isBare,
  ListCheck,
  nameOf,
  PropertiesCheck,
  TensorCheck,
  valuesAt,
} from './checks.ts'
import { surroundingsNow } from './surroundings.ts'
import {
  isBuffer,
  isDate,
  isLeaf,
  isMap,
  isNative,
  isPlainPrototype,
  isSet,
  whyUnseen,
} from './unseen.ts'

/** Something that keeps a step from being repeated without its code. */
export interface Reason {
  readonly message: string
  readonly location?: SourceLocation | undefined
}

/** Where to start from. */
export interface StateRoot {
  /** For people: `model gpt`, `plugins/mine.ts`. */
  readonly name: string
  /** Names of the values. */
  readonly names?: readonly string[]
  /** The key of the version of a module whose variables they are. */
  readonly module?: string
  /** The same values in the same order, as long as nothing has changed. */
  read(): readonly unknown[]
  /** Where its source writes a variable or a member of that name. */
  placeOf?(name: string): SourceLocation | undefined
}

/** Most values of one list or array that are compared in every step. */
const MAX_VALUES = 4096
/** Most comparisons: more would take longer than a step of a small model. */
const MAX_CHECKS = 20_000

export interface Walked {
  readonly checks: Check[]
  readonly reasons: Reason[]
  /** Where the state that a change is told of is written: `model mine.n was 0, and is 1`. */
  placeOf(change: string): SourceLocation | undefined
}

/** What to look through, and reasons that no look at values can take away. */
export interface StepRoots {
  readonly roots: readonly StateRoot[]
  readonly reasons: readonly Reason[]
  /** The same of a module that others reach by values alone, by the key of its version. */
  linked(module: string): Omit<StepRoots, 'linked'>
}

export function walkState(start: StepRoots): Walked {
  const walk = new Walk(start)
  walk.surroundings()
  walk.all(start)
  return walk
}

class Walk implements Walked {
  readonly checks: Check[] = []
  readonly reasons: Reason[] = []
  readonly #seen = new Set<object>()
  readonly #open: (readonly [name: string, value: unknown])[] = []
  readonly #start: StepRoots
  /** Modules that are looked through, or to be. */
  readonly #modules = new Set<string>()
  readonly #linked: string[] = []
  readonly #roots: StateRoot[] = []
  #root: StateRoot | undefined
  #isFull = false
  #next = 0

  constructor(start: StepRoots) {
    this.#start = start
  }

  surroundings(): void {
    for (const check of surroundingsNow()) this.#add(check)
  }

  all({ roots, reasons }: Omit<StepRoots, 'linked'>): void {
    this.reasons.push(...reasons)
    const fresh = roots.filter(({ module }) => module === undefined || !this.#modules.has(module))
    for (const { module } of fresh) if (module !== undefined) this.#modules.add(module)
    for (const root of fresh) this.#from(root)
    for (let module = this.#linked.shift(); module !== undefined; module = this.#linked.shift()) {
      if (this.#modules.has(module)) continue
      this.all(this.#start.linked(module))
      if (this.#modules.has(module)) continue
      this.#modules.add(module)
      this.#refuse(
        `${module} is a version of a file that was replaced, and some of its code is still used`,
      )
    }
  }

  #from(root: StateRoot): void {
    this.#root = root
    this.#roots.push(root)
    this.#add(new ListCheck(root.name, () => root.read(), root.names ?? ['']))
    // What is nearest first: names are short then.
    while (this.#next < this.#open.length && !this.#isFull) this.#look(...this.#open[this.#next++]!)
  }

  placeOf(change: string): SourceLocation | undefined {
    const path = change.replace(/ (?:was|is|had|has) .*/s, '')
    const root = this.#roots
      .filter(({ name }) => path.startsWith(name))
      .toSorted((a, b) => b.name.length - a.name.length)[0]
    const names = path.slice(root?.name.length ?? 0).split('.')
    for (const name of names.toReversed()) {
      const place = name === '' ? undefined : root?.placeOf?.(name.replace(/^#/, ''))
      if (place) return place
    }
    return undefined
  }

  #add(check: Check): void {
    this.checks.push(check)
    this.#open.push(...check.children)
    if (this.checks.length < MAX_CHECKS || this.#isFull) return
    this.#isFull = true
    this.#refuse(`there are more than ${MAX_CHECKS} objects to compare in every step`)
  }

  #refuse(message: string, key?: string): void {
    const location = key && this.#root?.placeOf?.(key.replace(/^#/, ''))
    this.reasons.push({ message, ...(location && { location }) })
  }

  #look(path: string, value: unknown): void {
    if (typeof value !== 'function' && (typeof value !== 'object' || value === null)) return
    if (this.#seen.has(value)) return
    this.#seen.add(value)
    if (isLeaf(value)) return
    if (value instanceof tf.Tensor) {
      this.#add(new TensorCheck(value, path))
      return
    }
    const why = whyUnseen(value)
    if (why !== undefined) {
      this.#refuse(
        `${path} is ${why}`,
        path.split('.').findLast((part) => !/^\d+$/.test(part)),
      )
      return
    }
    if (isNative(value)) return
    if (this.#isLarge(path, value)) return
    if (isBare(value)) this.#add(new BareCheck(value, path))
    else if (!ArrayBuffer.isView(value)) this.#add(new PropertiesCheck(value, path))
    this.#content(path, value)
    this.#hidden(path, value)
  }

  #isLarge(path: string, value: object): boolean {
    const size = sizeOf(value)
    if (size <= MAX_VALUES) return false
    this.#refuse(
      `${path} has ${size} values, and ${MAX_VALUES} are compared in every step at most; keep it as a tensor`,
      path.split('.').at(-1),
    )
    return true
  }

  /** What is neither a property nor written in a class: entries, bytes, the time of a date. */
  #content(path: string, value: object): void {
    if (isMap(value)) {
      const names = [...value.keys()].map((key, i) =>
        typeof key === 'string' ? JSON.stringify(key) : String(i),
      )
      this.#add(new ListCheck(path, () => [...value.values()], names))
      this.#add(new ListCheck(nameOf(path, 'keys'), () => [...value.keys()]))
    } else if (isSet(value)) this.#add(new ListCheck(path, () => [...value]))
    else if (isDate(value)) this.#add(new ListCheck(path, () => [value.getTime()]))
    else if (ArrayBuffer.isView(value)) this.#bytes(path, value)
    else if (isBuffer(value)) this.checks.push(new ContentCheck(path, new Uint8Array(value)))
    else if (typeof value === 'function') {
      const { prototype } = value as { prototype?: unknown }
      this.#open.push([nameOf(path, 'prototype'), prototype])
    }
  }

  #bytes(path: string, value: ArrayBufferView): void {
    const numbers =
      value instanceof DataView
        ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
        : (value as unknown as ArrayLike<unknown>)
    this.checks.push(new ContentCheck(path, numbers))
  }

  #hidden(path: string, value: object): void {
    for (const { names, read, module } of heldIn(value)) {
      if (names.length > 0) this.#add(new ListCheck(path, valuesAt(names.length, read), names))
      if (module !== undefined && !this.#modules.has(module)) this.#linked.push(module)
    }
    const { [hiddenState]: show } = value as Partial<HidesState>
    // A prototype has the method, and none of the fields.
    if (typeof show === 'function' && !Object.hasOwn(value, 'constructor'))
      this.#add(new ListCheck(path, () => show.call(value as HidesState)))
    this.#fields(path, value, value)
    let at = Object.getPrototypeOf(value) as object | null
    while (!isPlainPrototype(at)) {
      this.#open.push([nameOf(path, 'prototype'), at])
      this.#fields(path, value, at!)
      at = Object.getPrototypeOf(at) as object | null
    }
  }

  /** The #fields that a class, or a class by its prototype, gives to `value`. */
  #fields(path: string, value: object, by: object): void {
    const readers = fieldsIn(by)
    if (readers.length === 0) return
    const names = readers.map(([name]) => name)
    this.#add(
      new ListCheck(
        path,
        valuesAt(names.length, (at) => readers[at]![1](value)),
        names,
      ),
    )
  }
}

function sizeOf(value: object): number {
  if (isMap(value) || isSet(value)) return value.size
  if (isBuffer(value) || value instanceof DataView) return value.byteLength
  return Array.isArray(value) || ArrayBuffer.isView(value)
    ? (value as unknown as { length: number }).length
    : 0
}
