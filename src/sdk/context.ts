// The context: all that a plugin may touch. What it registers here goes away with it.
import type { z } from 'zod'
import type { DeviceInfo, EventStream, Logger, Undo } from './core-services.ts'
import type { EngineError } from './errors.ts'
import type { ComponentRef } from './experiment.ts'
import type {
  HookCall,
  HookHandler,
  HookName,
  HookOptions,
  HookSpec,
  HookWrapper,
} from './hooks.ts'
import type {
  ContributionInfo,
  Create,
  EnvOf,
  InstanceOf,
  KindContract,
  KindName,
  ProvideOptions,
} from './kinds.ts'
import type { Manifest } from './manifest.ts'
import type { Random } from './random.ts'
import type { Injections, ServiceKey, ServiceOptions, Wirable, Wired } from './services.ts'
import type { PanelHandle, PanelSpec } from './panels.ts'

/** Anything the context can dispose. */
export type Disposer = (() => void | Promise<void>) | { dispose(): void }

export interface Context {
  readonly manifest: Manifest
  readonly log: Logger
  readonly events: EventStream
  /** Stream keyed by the project's seed and this plugin. */
  readonly random: Random
  readonly device: DeviceInfo
  /** Aborts when a transition takes too long or the plugin goes away. */
  readonly signal: AbortSignal

  /** Adds a handler to a hook, from start to stop. Methods named after a hook are added by themselves. */
  hook<N extends HookName>(name: N, handler: HookHandler<N>, options?: HookOptions): Undo
  /**
   * Wraps the calls of any hook, from start to stop; higher priorities are further outside. A wrapper must call
   * `next` once.
   */
  around<N extends HookName>(name: N, wrapper: HookWrapper<N>, options?: HookOptions): Undo
  /**
   * Declares a hook of one's own, whose entry was merged into `Hooks`. Returns the function that calls it.
   * Plugins that use it must have its plugin in `requires`, so that it is there before they are initialized.
   */
  defineHook<N extends HookName>(name: N, spec: HookSpec): HookCall<N>
  /** Offers a named implementation of a kind. */
  provide<K extends KindName, S extends z.ZodType = z.ZodObject<Record<never, never>>>(
    kind: K,
    name: string,
    create: Create<K, z.output<S>>,
    options?: ProvideOptions<S>,
  ): Undo
  /** Declares a kind of one's own. */
  defineKind(name: KindName, contract: KindContract): Undo
  /**
   * Builds a component by reference; without one, the default of its kind. Throws `contribution.missing`,
   * listing what there is, and `contribution.config` for settings that its schema refuses.
   */
  create<K extends KindName>(kind: K, ref: ComponentRef | undefined, env: EnvOf<K>): InstanceOf<K>
  /** Every problem of a config for a component; none when it could be created so. Throws `contribution.missing`. */
  validateConfig(kind: KindName, name: string, config: Record<string, unknown>): EngineError[]
  /** Contributions of one kind, or all. */
  list(kind?: KindName): ContributionInfo[]
  /**
   * Offers a service: the value itself, a factory, or a class (auto-wired when it has a static `inject`). The
   * latter two are called once, when first asked for, and their `dispose()`, if there is one, when it goes.
   */
  provideService<T>(
    key: ServiceKey<T>,
    value: T | (() => T) | (new () => T) | Wired<T>,
    options?: ServiceOptions,
  ): Undo
  /** The service of `key`. Throws `service.missing` when no plugin that is up offers it. */
  resolve<T>(key: ServiceKey<T>): T
  /**
   * Builds a class with the services that its static `inject` names. Throws `service.missing`, and
   * `service.cycle` with the path when services need each other in a circle.
   */
  autoWire<T, I extends Injections>(target: Wirable<T, I>): T
  /**
   * Runs a method of a plugin that is up, with all hooks, timers and events of a call. Throws `method.unknown`,
   * and what the method throws.
   */
  call(plugin: string, method: string, ...args: unknown[]): Promise<unknown>
  /**
   * Starts a plugin that is initialized or stopped. In a run, before the next step or epoch begins; hooks that
   * it missed are not called again. Throws `plugin.unknown`; should it fail to start, an event tells.
   */
  enable(plugin: string): void
  /** Stops a plugin, and what stands on it: itself, if none is named. Otherwise as `enable`. */
  disable(plugin?: string): void
  /** Disposed when the plugin is cleaned up, last owned first. Returns what it was given. */
  own<T extends Disposer>(resource: T): T
  /** A file shipped with Plugboard (`data/…`) or kept in the workspace. Rejects with `asset.missing`. */
  asset(path: string): Promise<ArrayBuffer>
  /** A view for the page, described as data. A later one of the same id takes its place. */
  panel(spec: PanelSpec): PanelHandle
}
