// Services by key: values, or factories and classes that are called once when first asked for.
import { MAX_NAME } from '#protocol'
import {
  EngineError,
  type Injections,
  type ServiceKey,
  type ServiceLifetime,
  type ServiceOptions,
  type Services,
  type Wirable,
} from '#sdk'
import type { EventBus } from '../events/event-bus.ts'
import { nameHint } from '../nearest.ts'
import type { Registration } from '../registry/index.ts'

/** Services that stand in for whatever is offered under their keys: for tests, and for hosts. */
export type ServiceReplacements = readonly (readonly [key: ServiceKey<unknown>, value: unknown])[]

/** Who asks: its name, and the core services as it has them. */
export interface Resolver {
  readonly plugin: string
  readonly core: ReadonlyMap<string, () => unknown>
}

interface Offer {
  readonly owner: Resolver
  readonly name: string
  readonly lifetime: ServiceLifetime
  readonly make: () => unknown
  /** Values that are made here are disposed here. */
  readonly isMade: boolean
  made?: { value: unknown } | undefined
}

/** True for what `class` makes: its prototype is read-only, that of a plain function is not. */
function isClass(value: unknown): value is new (services: unknown) => unknown {
  return (
    typeof value === 'function' &&
    Object.getOwnPropertyDescriptor(value, 'prototype')?.writable === false
  )
}

const lifetimes: readonly ServiceLifetime[] = ['singleton', 'run']

const injectOf = (target: object): Injections =>
  (target as { readonly inject?: Injections }).inject ?? {}

export class ServiceTable {
  readonly #bus: EventBus
  readonly #offers = new Map<string, Offer>()
  readonly #replacements: ReadonlyMap<string, unknown>
  readonly #resolving: string[] = []
  #isRunning = false

  constructor(bus: EventBus, replacements: ServiceReplacements) {
    this.#bus = bus
    this.#replacements = new Map(replacements.map(([{ name }, value]) => [name, value]))
  }

  /** `value` is the service itself, a factory, or a class. */
  offer(
    owner: Resolver,
    key: ServiceKey<unknown>,
    value: unknown,
    { lifetime = 'singleton' }: ServiceOptions = {},
  ): Registration {
    const name = nameOf(key, owner.plugin)
    if (!lifetimes.includes(lifetime)) {
      throw new EngineError({
        code: 'config.invalid',
        plugin: owner.plugin,
        message: `${owner.plugin} provides ${name} with the lifetime ${String(lifetime)}, which is none`,
        hint: `write one of ${lifetimes.join(', ')}`,
      })
    }
    const isMade = typeof value === 'function'
    const make = isClass(value)
      ? () => this.#construct(value, owner)
      : isMade
        ? () => (value as () => unknown)()
        : () => value
    if (lifetime === 'run' && !isMade) {
      throw new EngineError({
        code: 'config.invalid',
        plugin: owner.plugin,
        message: `${owner.plugin} provides ${name} for each run, but as one value`,
        hint: 'pass a factory or a class, which makes one for each run',
      })
    }
    const offer: Offer = { owner, name, lifetime, make, isMade }
    return {
      attach: () => {
        const present = owner.core.has(name) ? 'the engine' : this.#offers.get(name)?.owner.plugin
        if (present !== undefined) throw duplicate(owner.plugin, name, present)
        this.#offers.set(name, offer)
        this.#bus.emit('service.provided', { name, lifetime }, owner.plugin)
      },
      detach: () => {
        if (this.#offers.get(name) !== offer) return
        this.#offers.delete(name)
        this.#bus.emit('service.removed', { name }, owner.plugin)
      },
      dispose: () => takeMade(offer)(),
    }
  }

  /** The service of a key. Throws `service.missing` naming service and plugin. */
  resolve<T>(key: ServiceKey<T>, by: Resolver): T {
    const name = nameOf(key, by.plugin)
    if (this.#replacements.has(name)) return this.#replacements.get(name) as T
    const core = by.core.get(name)
    if (core) return core() as T
    const offer = this.#offers.get(name)
    if (!offer) throw missing(by.plugin, name, [...this.#offers.keys(), ...by.core.keys()])
    if (offer.lifetime === 'run' && !this.#isRunning) throw outsideRun(by.plugin, offer)
    if (this.#resolving.includes(name)) {
      throw cycle(by.plugin, [...this.#resolving.slice(this.#resolving.indexOf(name)), name])
    }
    this.#resolving.push(name)
    try {
      offer.made ??= { value: offer.make() }
      return offer.made.value as T
    } finally {
      this.#resolving.pop()
    }
  }

  /** Builds a class with the services that its static `inject` names. */
  autoWire<T, I extends Injections>(target: Wirable<T, I>, by: Resolver): T {
    return this.#construct(target, by) as T
  }

  #construct(target: new (services: never) => unknown, by: Resolver): unknown {
    const services = Object.entries(injectOf(target)).map(([field, key]) => [
      field,
      this.resolve(key, by),
    ])
    return new target(Object.fromEntries(services) as Services<Injections> as never)
  }

  /** From here on there are services of the lifetime of a run. */
  beginRun(): void {
    this.#isRunning = true
  }

  /** Disposes what was made for the run. Returns what went wrong, with whose it was. */
  async endRun(): Promise<{ plugin: string; thrown: unknown }[]> {
    this.#isRunning = false
    const failures: { plugin: string; thrown: unknown }[] = []
    const ended = [...this.#offers.values()].filter(({ lifetime }) => lifetime === 'run')
    // All are taken before any is waited for: the next run may begin meanwhile, with services of its own.
    const disposers = ended.toReversed().map((offer) => ({ offer, dispose: takeMade(offer) }))
    for (const { offer, dispose } of disposers) {
      try {
        await dispose()
      } catch (thrown) {
        failures.push({ plugin: offer.owner.plugin, thrown })
      }
    }
    return failures
  }

  /** The plugin that provides a service now. */
  providerOf(service: string): string | undefined {
    return this.#offers.get(service)?.owner.plugin
  }

  /** A service that a plugin provides; `undefined` before it is made. */
  valueOf(service: string): unknown {
    if (this.#replacements.has(service)) return this.#replacements.get(service)
    const offer = this.#offers.get(service)
    return offer?.isMade === false ? offer.make() : offer?.made?.value
  }

  /** Names of the services a plugin provides now. */
  of(plugin: string): string[] {
    return [...this.#offers.values()]
      .filter(({ owner }) => owner.plugin === plugin)
      .map(({ name }) => name)
  }
}

/** Takes what was made out of its place. Returns what disposes it. */
function takeMade(offer: Offer): () => Promise<void> {
  const { made, isMade } = offer
  offer.made = undefined
  return async () => {
    if (!made || !isMade) return
    const value = Object(made.value) as { dispose?: () => void | Promise<void> }
    if (typeof value.dispose === 'function') await value.dispose()
  }
}

/** The name of a key. Throws for what is no key. */
function nameOf(key: ServiceKey<unknown>, plugin: string): string {
  const name: unknown = Object(key).name
  const isKey = typeof key === 'object' && typeof name === 'string'
  if (isKey && name.length > 0 && name.length <= MAX_NAME) return name
  throw new EngineError({
    code: 'config.invalid',
    plugin,
    message: `${plugin} names a service by ${isKey ? `a key of ${name.length} characters, where 1 to ${MAX_NAME} are allowed` : `a value of type ${typeof key}`}`,
    hint: "name it by a key: const Clock = defineService('acme.clock')",
  })
}

const duplicate = (plugin: string, name: string, present: string): EngineError =>
  new EngineError({
    code: 'service.duplicate',
    plugin,
    message: `${plugin} provides the service ${name}, which ${present} provides already`,
    hint: 'disable one of the two, or give the service another name',
  })

const missing = (plugin: string, name: string, known: readonly string[]): EngineError =>
  new EngineError({
    code: 'service.missing',
    plugin,
    message: `${plugin} asks for the service ${name}, which no plugin provides`,
    hint: `${nameHint(name, known)}; a plugin that provides it must be in \`requires\`, so that it comes up first`,
  })

const outsideRun = (plugin: string, { name, owner }: Offer): EngineError =>
  new EngineError({
    code: 'service.missing',
    plugin,
    message: `${plugin} asks for the service ${name}, which ${owner.plugin} provides for each run, but there is no run`,
    hint: 'resolve it in a hook of the run, such as onTrainBegin',
  })

const cycle = (plugin: string, path: readonly string[]): EngineError =>
  new EngineError({
    code: 'service.cycle',
    plugin,
    message: `services need each other in a circle: ${path.join(' → ')}`,
    hint: 'let one of them ask for the other when it is used, not when it is made',
  })
