// The context: all that a plugin may touch. What it registers here goes away with it.
import type { z } from 'zod'
import type { ComponentRef } from './experiment.ts'
import type { HookHandler, HookName, HookOptions } from './hooks.ts'
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
import type { ServiceKey } from './services.ts'
import type { PanelHandle, PanelSpec } from './panels.ts'

/** Ends what it was given for; calling it again does nothing. */
export type Undo = () => void

/** Anything the context can dispose. */
export type Disposer = (() => void | Promise<void>) | { dispose(): void }

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** Log lines carry the plugin's name; `fields` must be plain data. */
export interface Logger {
  debug(message: string, fields?: Record<string, unknown>): void
  info(message: string, fields?: Record<string, unknown>): void
  warn(message: string, fields?: Record<string, unknown>): void
  error(message: string, fields?: Record<string, unknown>): void
}

/** A record of something that happened. `seq` counts without gaps; `time` is in ms since the epoch. */
export interface EventRecord {
  seq: number
  time: number
  type: string
  plugin?: string | undefined
  data: unknown
}

/** The one stream of events. Patterns are exact types or end in `*` (`plugin.*`, `*`). */
export interface EventStream {
  /** Emits an event under the plugin's name; `data` must be plain, cloneable data. */
  emit(type: string, data?: unknown): void
  on(pattern: string, handler: (event: EventRecord) => void): Undo
}

/** The device that training runs on. */
export interface DeviceInfo {
  backend: 'webgpu' | 'webgl' | 'wasm' | 'cpu'
  /** Name for people, for example the adapter's description. */
  label: string
  /** Why this backend was chosen. */
  reason: string
  isSoftware: boolean
  features: readonly string[]
}

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
  /** Contributions of one kind, or all. */
  list(kind?: KindName): ContributionInfo[]
  /** Offers a service: the value itself, a factory, or a class; the latter two are called once, when first asked for. */
  provideService<T>(key: ServiceKey<T>, value: T | (() => T) | (new () => T)): Undo
  /** The service of `key`. Throws `service.missing` when no plugin that is up offers it. */
  resolve<T>(key: ServiceKey<T>): T
  /** Disposed when the plugin is cleaned up, last owned first. Returns what it was given. */
  own<T extends Disposer>(resource: T): T
  /** A file shipped with Plugboard (`data/…`) or kept in the workspace. Rejects with `asset.missing`. */
  asset(path: string): Promise<ArrayBuffer>
  /** A view for the page, described as data. A later one of the same id takes its place. */
  panel(spec: PanelSpec): PanelHandle
}
