// Services by key: values, or factories that are called once when first asked for.
import { EngineError, type ServiceKey } from '#sdk'
import { nameHint } from '../nearest.ts'
import type { Registration } from './registration.ts'

interface Offer {
  readonly owner: string
  readonly make: () => unknown
  made?: { value: unknown }
}

/** True for what `class` makes: its prototype is read-only, that of a plain function is not. */
function isClass(value: unknown): value is new () => unknown {
  return (
    typeof value === 'function' &&
    Object.getOwnPropertyDescriptor(value, 'prototype')?.writable === false
  )
}

export class ServiceTable {
  readonly #offers = new Map<string, Offer>()
  readonly #resolving: string[] = []

  /** `value` is the service itself, a factory, or a class that needs no arguments. */
  offer(owner: string, key: ServiceKey<unknown>, value: unknown): Registration {
    const make = isClass(value)
      ? () => new value()
      : typeof value === 'function'
        ? () => value()
        : () => value
    const offer: Offer = { owner, make }
    return {
      attach: () => {
        const present = this.#offers.get(key.name)
        if (present) {
          throw new EngineError({
            code: 'service.duplicate',
            plugin: owner,
            message: `${owner} provides the service ${key.name}, which ${present.owner} provides already`,
            hint: 'disable one of the two, or give the service another name',
          })
        }
        this.#offers.set(key.name, offer)
      },
      detach: () => this.#offers.delete(key.name),
    }
  }

  /** The service of a key. Throws `service.missing` naming service and plugin. */
  resolve<T>(key: ServiceKey<T>, plugin: string): T {
    const offer = this.#offers.get(key.name)
    if (!offer) {
      throw new EngineError({
        code: 'service.missing',
        plugin,
        message: `${plugin} asks for the service ${key.name}, which no plugin provides`,
        hint: `${nameHint(key.name, [...this.#offers.keys()])}; a plugin that provides it must be in \`requires\`, so that it comes up first`,
      })
    }
    if (this.#resolving.includes(key.name)) {
      const path = [...this.#resolving.slice(this.#resolving.indexOf(key.name)), key.name]
      throw new EngineError({
        code: 'service.cycle',
        plugin,
        message: `services need each other in a circle: ${path.join(' → ')}`,
        hint: 'let one of them ask for the other when it is used, not when it is made',
      })
    }
    this.#resolving.push(key.name)
    try {
      offer.made ??= { value: offer.make() }
      return offer.made.value as T
    } finally {
      this.#resolving.pop()
    }
  }

  /** Names of the services a plugin provides now. */
  of(owner: string): string[] {
    return [...this.#offers].filter(([, offer]) => offer.owner === owner).map(([name]) => name)
  }
}
