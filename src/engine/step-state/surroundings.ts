// What code may leave in objects that all code shares: those of the language and of tfjs.
import * as tf from '@tensorflow/tfjs'
import { type Check, nameOf } from './checks.ts'

const shared: readonly (readonly [name: string, object: object])[] = [
  ['Math', Math],
  ['JSON', JSON],
  ['Object', Object],
  ['Object.prototype', Object.prototype],
  ['Function.prototype', Function.prototype],
  ['Array', Array],
  ['Array.prototype', Array.prototype],
  ['Number', Number],
  ['Number.prototype', Number.prototype],
  ['String.prototype', String.prototype],
  ['Map.prototype', Map.prototype],
  ['Set.prototype', Set.prototype],
  ['Promise.prototype', Promise.prototype],
  ['tf.Tensor.prototype', tf.Tensor.prototype],
  ['tf.Variable.prototype', tf.Variable.prototype],
]

/** Own methods as they were before any plugin ran. */
const original = new Map(
  shared.map(([, object]) => [object, Object.getOwnPropertyDescriptors(object)] as const),
)

/**
 * That such an object has the same enumerable properties, which is what assigning to one makes, and the same values of
 * those that code has added or replaced. To compare what the language gives as well takes as long as all other checks.
 */
class SharedCheck implements Check {
  readonly children: Check['children']
  readonly #name: string
  readonly #object: object
  readonly #keys: readonly string[]
  readonly #added: readonly (readonly [key: PropertyKey, value: unknown])[]

  constructor(name: string, object: object) {
    this.#name = name
    this.#object = object
    this.#keys = Object.keys(object)
    const before = original.get(object) as Record<PropertyKey, PropertyDescriptor>
    this.#added = Object.entries(Object.getOwnPropertyDescriptors(object)).flatMap(
      ([key, { value, get }]: [string, PropertyDescriptor]) => {
        const own: unknown = get ?? value
        const known = before[key]
        return known && (known.get ?? known.value) === own ? [] : [[key, own] as const]
      },
    )
    this.children = this.#added.map(([key, value]) => [nameOf(name, key), value])
  }

  changed(): string | undefined {
    const keys = Object.keys(this.#object)
    if (keys.length !== this.#keys.length) {
      const fresh = keys.find((key) => !this.#keys.includes(key))
      return `${this.#name} has ${fresh === undefined ? 'fewer properties' : `a new property, ${fresh}`}`
    }
    for (const [key, value] of this.#added) {
      const found = Object.getOwnPropertyDescriptor(this.#object, key)
      if (!found || !Object.is(found.get ?? found.value, value))
        return `${nameOf(this.#name, key)} was replaced`
    }
    return undefined
  }
}

/** Flags of tfjs, of which plugins may have some of their own. One has no value before it is asked for. */
class FlagsCheck implements Check {
  readonly children = []
  readonly #flags = (tf.env() as unknown as { flags: Readonly<Record<string, unknown>> }).flags
  readonly #values = new Map(Object.entries(this.#flags))

  changed(): string | undefined {
    const values = this.#values
    for (const name in this.#flags) {
      if (!values.has(name)) values.set(name, this.#flags[name])
      if (!Object.is(this.#flags[name], values.get(name)))
        return `the flag ${name} of tf.env() was set`
    }
    return undefined
  }
}

/** What all code shares, as it is now. */
export const surroundingsNow = (): Check[] => [
  ...shared.map(([name, object]) => new SharedCheck(name, object)),
  new FlagsCheck(),
]
