// The context of one plugin: all that it may touch. What it registers is kept, so that it can be undone.
import { MAX_NAME } from '#protocol'
import {
  Artefacts,
  Clock,
  type ComponentRef,
  type Context,
  DeviceInfo,
  type Disposer,
  EngineError,
  type EnvOf,
  EventStream,
  hiddenState,
  type HidesState,
  type HookArgs,
  type HookCall,
  type HookHandler,
  type HookName,
  type HookOptions,
  type HookOutcome,
  type HookSpec,
  type HookWrapper,
  type InstanceOf,
  type KindContract,
  type KindName,
  Logger,
  type Manifest,
  type PanelHandle,
  type PanelSpec,
  MetricsCollector,
  noteRead,
  ProcessGroup,
  Random,
  type RandomPosition,
  type Injections,
  type ServiceKey,
  type ServiceOptions,
  type Undo,
  type Wirable,
} from '#sdk'
import { processGroup } from '../group/index.ts'
import { Handler } from '../hooks/index.ts'
import type { Owner } from '../registry/index.ts'
import { PluginMetrics, PluginRandom, type Resolver } from '../services/index.ts'
import type { Core } from './core.ts'
import type { Definition } from './definition.ts'
import { EmittedEvents } from './emitted-events.ts'
import type { Registrations } from './registrations.ts'
import { connectToEvents, Subscription } from './subscription.ts'

export interface ContextInit {
  core: Core
  definition: Definition
  /** Where it keeps what the plugin registers. */
  registrations: Registrations
  seed: number
  /** Called when one of its handlers failed too often. */
  quarantine(error: EngineError): void
}

/** Folder of the package that a file belongs to. */
const PACKAGE = /^packages\/[^/]+\//

export class PluginContext implements Context, HidesState {
  /** What of it a plugin may read in a step is noted, never changes, or is in `state`. */
  readonly [hiddenState] = null
  readonly manifest: Manifest
  readonly log: Logger
  readonly events: EventStream
  readonly random: Random
  /** Its parsed config, once it has one. */
  config: unknown
  readonly #init: ContextInit
  /** Paths of the files that it asked for. */
  readonly assets = new Set<string>()
  /** Names of the services that it asked for. */
  readonly uses = new Set<string>()
  /** What the plugin counts and times of itself. */
  readonly metrics: PluginMetrics
  readonly #emitted: EmittedEvents
  readonly #ownRandom: PluginRandom
  readonly #owner: Owner
  readonly #resolver: Resolver
  readonly #registrations: Registrations
  /** Its properties as it was made. */
  readonly #own: ReadonlySet<string>

  constructor(init: ContextInit) {
    const { core, definition, registrations, seed } = init
    const { name, manifest } = definition
    this.#init = init
    this.#registrations = registrations
    this.manifest = manifest
    this.#owner = { name, version: manifest.version }
    this.metrics = new PluginMetrics(name)
    this.#emitted = new EmittedEvents(core.bus, name, registrations)
    const random = new PluginRandom(name, seed)
    this.#ownRandom = random
    const log = core.logs.of(name)
    const artefacts = core.artefacts.of(name)
    const group = processGroup(core.group, name)
    const events: EventStream = {
      emit: (type: string, data?: unknown) => this.#emitted.emit(String(type), data),
      on: (pattern, handler) => this.#on(pattern, handler),
      recent: (pattern) => core.bus.recent(pattern),
    }
    this.#resolver = {
      plugin: name,
      core: new Map<string, () => unknown>([
        [EventStream.name, () => events],
        [Logger.name, () => log],
        [MetricsCollector.name, () => this.metrics],
        [Clock.name, () => core.clock],
        [Random.name, () => random],
        [DeviceInfo.name, () => core.device()],
        [Artefacts.name, () => artefacts],
        [ProcessGroup.name, () => group],
      ]),
    }
    this.random = random
    this.log = log
    this.events = events
    this.#own = new Set(Object.keys(this))
  }

  /** What a step may depend on and no note tells of: settings, and what code has added to the context. */
  get state(): readonly unknown[] {
    const added = Object.entries(this).filter(([key]) => !this.#own.has(key))
    return [this.config, this.manifest, ...added.flat()]
  }

  /** Types of the events that it emitted, and how many. */
  get emits(): ReadonlyMap<string, number> {
    return this.#emitted.counts
  }

  /** A run of a seed begins. */
  beginRun(seed: number): void {
    this.#ownRandom.beginRun(seed)
  }

  /** Where its random stream stands. */
  get position(): RandomPosition {
    return this.#ownRandom.position
  }

  set position(position: RandomPosition) {
    this.#ownRandom.position = position
  }

  get device(): DeviceInfo {
    return this.resolve(DeviceInfo)
  }

  get signal(): AbortSignal {
    return this.#registrations.signal
  }

  #on(pattern: string, call: (event: never) => void): Undo {
    const hook = `event ${pattern}`.slice(0, MAX_NAME)
    const handler = this.#handler(hook, call, {})
    return this.#subscribe(handler, () => connectToEvents(this.#init.core, pattern, handler))
  }

  hook<N extends HookName>(name: N, call: HookHandler<N>, options: HookOptions = {}): Undo {
    return this.#addToHook(name, call, options, false)
  }

  around<N extends HookName>(name: N, wrapper: HookWrapper<N>, options: HookOptions = {}): Undo {
    return this.#addToHook(name, wrapper, options, true)
  }

  #addToHook(
    name: string,
    call: (args: never, next: never) => unknown,
    options: HookOptions,
    isWrapper: boolean,
  ): Undo {
    const { hooks } = this.#init.core
    hooks.specs.checkOptions(name, options)
    const handler = this.#handler(name, call, options, isWrapper)
    return this.#subscribe(handler, () => hooks.add(handler))
  }

  defineHook<N extends HookName>(name: N, spec: HookSpec): HookCall<N> {
    const { hooks } = this.#init.core
    const declared = hooks.specs.define(this.#owner.name, name, spec)
    this.#registrations.add(declared, `declare the hook ${name}`)
    const call = (args: HookArgs<N>, work?: () => HookOutcome<N>): unknown => {
      this.#registrations.checkOpen(`call the hook ${name}`)
      noteRead(`calls the hook ${name}`)
      return spec.mode === 'around' ? hooks.around(name, args, work!) : hooks[spec.mode](name, args)
    }
    return call as HookCall<N>
  }

  #handler(
    hook: string,
    call: (args: never, next: never) => unknown,
    options: HookOptions,
    isWrapper = false,
  ): Handler {
    const { definition, quarantine } = this.#init
    if (typeof call !== 'function') {
      throw new EngineError({
        code: 'config.invalid',
        plugin: definition.name,
        hook,
        message: `the handler that ${definition.name} adds for ${hook} is of type ${typeof call}`,
        hint: 'pass a function',
      })
    }
    return new Handler({
      plugin: definition.name,
      hook,
      label: (options.label ?? (call.name.replace(/^bound /, '') || hook)).slice(0, MAX_NAME),
      priority: options.priority ?? definition.priority,
      isWrapper,
      when: options.when,
      call,
      quarantine,
    })
  }

  #subscribe(handler: Handler, connect: () => Undo): Undo {
    const registrations = this.#registrations
    const subscription = new Subscription(handler, () => registrations.isConnected, connect)
    return registrations.add(subscription, 'add a handler')
  }

  provide: Context['provide'] = (kind, name, create, options) =>
    this.#registrations.add(
      this.#init.core.registry.contribution(this.#owner, kind, name, create, options),
      `provide ${kind}/${name}`,
    )

  defineKind(name: KindName, contract: KindContract): Undo {
    return this.#registrations.add(
      this.#init.core.registry.kind(this.#owner, name, contract),
      `define the kind ${name}`,
    )
  }

  provideService(key: ServiceKey<unknown>, value: unknown, options?: ServiceOptions): Undo {
    return this.#registrations.add(
      this.#init.core.services.offer(this.#resolver, key, value, options),
      `provide ${key.name}`,
    )
  }

  panel(spec: PanelSpec): PanelHandle {
    const { registration, handle } = this.#init.core.panels.define(this.#owner.name, spec)
    this.#registrations.add(registration, 'define a panel')
    return handle
  }

  create<K extends KindName>(kind: K, ref: ComponentRef | undefined, env: EnvOf<K>): InstanceOf<K> {
    noteRead(`creates a component of the kind ${kind}`)
    const path = ['plugins', 'use', this.#owner.name, 'config']
    return this.#init.core.creator.create(kind, ref, env, { value: this.config, path })
  }

  validateConfig: Context['validateConfig'] = (kind, name, config) =>
    this.#init.core.creator.validate(kind, name, config)

  list: Context['list'] = (kind) => {
    noteRead(`lists components of the kind ${kind}`)
    return this.#init.core.registry.list(kind)
  }

  resolve<T>(key: ServiceKey<T>): T {
    const service = this.#init.core.services.resolve(key, this.#resolver)
    if (!this.uses.has(key.name)) noteRead(`asks for the service ${key.name}`)
    this.uses.add(key.name)
    return service
  }

  autoWire<T, I extends Injections>(target: Wirable<T, I>): T {
    return this.#init.core.services.autoWire(target, this.#resolver)
  }

  call(plugin: string, method: string, ...args: unknown[]): Promise<unknown> {
    this.#registrations.checkOpen(`call ${plugin}.${method}`)
    noteRead(`calls ${plugin}.${method}`)
    return this.#init.core.call(plugin, method, args, this.#owner.name)
  }

  enable(plugin: string): void {
    this.#ask('enable', plugin)
  }

  disable(plugin = this.#owner.name): void {
    this.#ask('disable', plugin)
  }

  #ask(what: 'enable' | 'disable', plugin: string): void {
    this.#registrations.checkOpen(`${what} ${plugin}`)
    noteRead(`asks to ${what} ${plugin}`)
    this.#init.core.ask(plugin, what === 'enable' ? 'start' : 'stop', this.#owner.name)
  }

  own<T extends Disposer>(resource: T): T {
    const owned: Disposer = resource
    if (typeof owned !== 'function' && typeof Object(owned).dispose !== 'function') {
      const { name } = this.#owner
      throw new EngineError({
        code: 'config.invalid',
        plugin: name,
        message: `${name} owns a value of type ${typeof owned} that has no dispose()`,
        hint: 'pass a function that frees it, or something with a method dispose()',
      })
    }
    this.#registrations.own(() => (typeof owned === 'function' ? owned() : owned.dispose()))
    return resource
  }

  asset(path: string): Promise<ArrayBuffer> {
    const { core, definition } = this.#init
    // What a package ships lies in its folder, where its author had it in the workspace.
    const inPackage = (PACKAGE.exec(definition.file ?? '')?.[0] ?? '') + path
    this.assets.add(path).add(inPackage)
    return core.asset(core.hasAsset(inPackage) ? inPackage : path)
  }
}
