// The context of one plugin: everything registered through it is kept, in order, so that it can be undone.
import { eventSchemas } from '#protocol'
import {
  type ComponentRef,
  type Context,
  createRandom,
  type DeviceInfo,
  type Disposer,
  EngineError,
  type EnvOf,
  type EventStream,
  type HookHandler,
  type HookName,
  type HookOptions,
  type InstanceOf,
  type KindContract,
  type KindName,
  type Logger,
  type LogLevel,
  type Manifest,
  type PanelHandle,
  type PanelSpec,
  type Random,
  type ServiceKey,
  type Undo,
} from '#sdk'
import { checkHookOptions, Handler } from '../hooks/index.ts'
import type { Owner, Registration } from '../registry/index.ts'
import type { Core } from './core.ts'
import type { Definition } from './definition.ts'
import { plainFields } from './plain.ts'
import { connectToEvents, Subscription } from './subscription.ts'

const MAX_MESSAGE = 20_000

export interface ContextInit {
  core: Core
  definition: Definition
  seed: number
  /** Called when one of its handlers failed too often. */
  quarantine(error: EngineError): void
}

export class PluginContext implements Context {
  readonly manifest: Manifest
  readonly log: Logger
  readonly events: EventStream
  readonly random: Random
  /** Its parsed config, once it has one. */
  config: unknown
  readonly #init: ContextInit
  readonly #owner: Owner
  readonly #abort = new AbortController()
  /** Registered before start: there until cleanup. */
  #lasting: Registration[] = []
  /** Registered since start: there until stop. */
  #passing: Registration[] = []
  #phase: 'set up' | 'started' | 'closed' = 'set up'
  #isConnected = false
  #pastMs = 0

  constructor(init: ContextInit) {
    const { core, definition, seed } = init
    const { name, manifest, origin } = definition
    this.#init = init
    this.manifest = manifest
    this.#owner = { name, version: manifest.version, isWorkspace: origin === 'workspace' }
    this.random = createRandom(seed).fork(name)
    const log = (level: LogLevel) => (message: string, fields?: Record<string, unknown>) =>
      core.bus.emit(
        'log',
        {
          level,
          message: String(message).slice(0, MAX_MESSAGE),
          fields: fields && plainFields(fields),
        },
        name,
      )
    this.log = { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') }
    this.events = {
      emit: (type, data) => this.#emit(type, data),
      on: (pattern, handler) => this.#on(pattern, handler),
    }
  }

  get device(): DeviceInfo {
    return this.#init.core.device()
  }

  get signal(): AbortSignal {
    return this.#abort.signal
  }

  #emit(type: string, data: unknown): void {
    this.#checkOpen('emit an event')
    const { name } = this.#owner
    if (Object.hasOwn(eventSchemas, type)) {
      throw new EngineError({
        code: 'plugin.threw',
        plugin: name,
        message: `${name} emits \`${type}\`, but only the engine emits events of this type`,
        hint: `choose a type of your own, such as \`${name}.${type.split('.').at(-1)}\``,
      })
    }
    this.#init.core.bus.publish(String(type).slice(0, 300), this.#cloned(type, data), name)
  }

  /** A copy: what is emitted is a record, and cannot be changed afterwards. */
  #cloned(type: string, data: unknown): unknown {
    try {
      return structuredClone(data)
    } catch (thrown) {
      const { name } = this.#owner
      throw new EngineError({
        code: 'plugin.threw',
        plugin: name,
        message: `${name} emits \`${type}\` with data that cannot be copied: ${String(thrown)}`,
        hint: 'emit plain data: numbers, text, lists, objects and typed arrays',
        cause: thrown,
      })
    }
  }

  #on(pattern: string, call: (event: never) => void): Undo {
    const hook = `event ${pattern}`
    const handler = this.#handler(hook, call, {})
    return this.#subscribe(handler, () => connectToEvents(this.#init.core, pattern, handler))
  }

  hook<N extends HookName>(name: N, call: HookHandler<N>, options: HookOptions = {}): Undo {
    checkHookOptions(name, options)
    const handler = this.#handler(name, call, options)
    return this.#subscribe(handler, () => this.#init.core.hooks.add(handler))
  }

  #handler(hook: string, call: (args: never) => unknown, options: HookOptions): Handler {
    const { definition, quarantine } = this.#init
    return new Handler({
      plugin: definition.name,
      hook,
      label: options.label ?? (call.name.replace(/^bound /, '') || hook),
      priority: options.priority ?? definition.priority,
      when: options.when,
      isWorkspace: this.#owner.isWorkspace,
      call,
      quarantine,
    })
  }

  #subscribe(handler: Handler, connect: () => Undo): Undo {
    return this.#add(new Subscription(handler, () => this.#isConnected, connect), 'add a handler')
  }

  provide: Context['provide'] = (kind, name, create, options) =>
    this.#add(
      this.#init.core.registry.contribution(this.#owner, kind, name, create, options),
      `provide ${kind}/${name}`,
    )

  defineKind(name: KindName, contract: KindContract): Undo {
    return this.#add(
      this.#init.core.registry.kind(this.#owner, name, contract),
      `define the kind ${name}`,
    )
  }

  provideService<T>(key: ServiceKey<T>, value: T | (() => T) | (new () => T)): Undo {
    return this.#add(
      this.#init.core.services.offer(this.#owner.name, key, value),
      `provide ${key.name}`,
    )
  }

  panel(spec: PanelSpec): PanelHandle {
    const { registration, handle } = this.#init.core.panels.define(this.#owner.name, spec)
    this.#add(registration, 'define a panel')
    return handle
  }

  create<K extends KindName>(kind: K, ref: ComponentRef | undefined, env: EnvOf<K>): InstanceOf<K> {
    const path = ['plugins', 'use', this.#owner.name, 'config']
    return this.#init.core.creator.create(kind, ref, env, { value: this.config, path })
  }

  list: Context['list'] = (kind) => this.#init.core.registry.list(kind)

  resolve<T>(key: ServiceKey<T>): T {
    return this.#init.core.services.resolve(key, this.#owner.name)
  }

  own<T extends Disposer>(resource: T): T {
    this.#checkOpen('own a resource')
    const owned: Disposer = resource
    const dispose = () => (typeof owned === 'function' ? owned() : owned.dispose())
    this.#lasting.push({ attach: () => undefined, detach: () => undefined, dispose })
    return resource
  }

  asset(path: string): Promise<ArrayBuffer> {
    return this.#init.core.asset(path)
  }

  #checkOpen(what: string): void {
    if (this.#phase !== 'closed') return
    throw new EngineError({
      code: 'lifecycle.transition',
      plugin: this.#owner.name,
      message: `${this.#owner.name} wants to ${what}, but it was cleaned up`,
      hint: 'end timers and pending work in stop() or when ctx.signal aborts',
    })
  }

  #add(registration: Registration, what: string): Undo {
    this.#checkOpen(what)
    registration.attach()
    ;(this.#phase === 'started' ? this.#passing : this.#lasting).push(registration)
    return () => {
      if (![...this.#lasting, ...this.#passing].includes(registration)) return
      this.#lasting = this.#lasting.filter((other) => other !== registration)
      this.#passing = this.#passing.filter((other) => other !== registration)
      void this.#end(registration)
    }
  }

  async #end(registration: Registration): Promise<void> {
    if (registration instanceof Subscription) this.#pastMs += registration.handler.totalMs
    registration.detach()
    await registration.dispose?.()
  }

  /** From here on, registrations last until stop. */
  begin(): void {
    this.#phase = 'started'
  }

  /** Handlers fire from here on. */
  connect(): void {
    this.#isConnected = true
    for (const subscription of this.#subscriptions()) subscription.connect()
  }

  /** Handlers fire no longer: at once, also in the middle of a round of calls. */
  disconnect(): void {
    this.#isConnected = false
    for (const subscription of this.#subscriptions()) subscription.disconnect()
  }

  /** Undoes what was registered since start, last first. Returns what went wrong. */
  async endPassing(): Promise<unknown[]> {
    const ended = this.#passing.toReversed()
    this.#passing = []
    if (this.#phase === 'started') this.#phase = 'set up'
    return await this.#endAll(ended)
  }

  /** Takes everything out of place, to be put back by `reattach`. */
  detach(): void {
    for (const registration of this.#lasting.toReversed()) registration.detach()
  }

  reattach(): void {
    for (const registration of this.#lasting) registration.attach()
  }

  /** Ends work that watches the signal, and refuses further registrations. */
  close(reason: string): void {
    this.disconnect()
    this.#phase = 'closed'
    if (!this.signal.aborted) this.#abort.abort(reason)
  }

  /** Undoes everything, last first. Returns what went wrong; nothing stops it. */
  async end(): Promise<unknown[]> {
    const ended = [...this.#lasting, ...this.#passing].toReversed()
    this.#lasting = []
    this.#passing = []
    return await this.#endAll(ended)
  }

  async #endAll(registrations: readonly Registration[]): Promise<unknown[]> {
    const failures: unknown[] = []
    for (const registration of registrations) {
      try {
        await this.#end(registration)
      } catch (thrown) {
        failures.push(thrown)
      }
    }
    return failures
  }

  #subscriptions(): Subscription[] {
    return [...this.#lasting, ...this.#passing].filter((each) => each instanceof Subscription)
  }

  /** Handlers it has now. */
  get handlers(): Handler[] {
    return this.#subscriptions().map(({ handler }) => handler)
  }

  /** Time spent in its handlers. */
  get handlerMs(): number {
    return this.handlers.reduce((sum, { totalMs }) => sum + totalMs, this.#pastMs)
  }
}
