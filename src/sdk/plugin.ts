// plugin() and definePlugin(): the two ways to write a plugin, one class behind both.
import type { z } from 'zod'
import type { Context } from './context.ts'
import type { HookHandler, HookName, HookOptions } from './hooks.ts'
import type { ManifestInput } from './manifest.ts'
import type { Injections, Services } from './services.ts'

const PLUGIN = Symbol.for('plugboard.plugin')

type EmptyConfig = z.ZodObject<Record<never, never>, z.core.$strict>

/** Options of the hooks that are methods of the class. */
export type HookMethodOptions = { [N in HookName]?: HookOptions }

export interface PluginSpec<C extends z.ZodType = z.ZodType, I extends Injections = Injections> {
  /** Left out where a `plugin.yaml` beside the code has it. */
  manifest?: ManifestInput
  /** Schema of the plugin's own config under `plugins.use.<name>.config`. */
  config?: C
  inject?: I
  hooks?: HookMethodOptions
}

/** What the engine hands to the constructor. */
export interface PluginInit<C = unknown, I extends Injections = Injections> {
  ctx: Context
  config: C
  /** Reads throw before the plugin is initialized. */
  services: Services<I>
}

/** Lifecycle methods a plugin may have. All may be async; each has 5 seconds unless the project allows more. */
export interface LifecycleMethods {
  /** Refuse a setting or a missing service by throwing. Runs after dependencies are initialized. */
  validate?(ctx: Context): void | Promise<void>
  /** Register contributions, services and hooks. */
  initialize?(ctx: Context): void | Promise<void>
  start?(ctx: Context): void | Promise<void>
  stop?(ctx: Context): void | Promise<void>
  cleanup?(ctx: Context): void | Promise<void>
  /** State that survives a hot reload: cloneable data, or a promise of it, as of values on the device. */
  capture?(): unknown
  /** Takes over what the version before captured. */
  restore?(state: never): void | Promise<void>
}

/** Methods named after hooks are added to them by themselves. */
export type HookMethods = { [N in HookName]?: HookHandler<N> }

export interface PluginInstance<
  C = unknown,
  I extends Injections = Injections,
> extends LifecycleMethods {
  readonly ctx: Context
  readonly config: C
  readonly services: Services<I>
}

/** A plugin class as the engine sees it. */
export interface PluginClass {
  readonly [PLUGIN]: PluginSpec
  new (init: PluginInit<never, never>): PluginInstance
}

/** The base class that `plugin()` returns. */
export interface PluginBase<C extends z.ZodType, I extends Injections> {
  readonly [PLUGIN]: PluginSpec<C, I>
  new (init: PluginInit<z.output<C>, I>): {
    readonly ctx: Context
    readonly config: z.output<C>
    readonly services: Services<I>
  }
}

/**
 * Base class of a plugin: `export default class EarlyStopping extends plugin({ manifest, config }) { … }`.
 * `this.config`, `this.ctx` are there in field initialisers and the constructor; `this.services` from `validate` on.
 */
export function plugin<
  C extends z.ZodType = EmptyConfig,
  I extends Injections = Record<never, never>,
>(spec: PluginSpec<C, I>): PluginBase<C, I> {
  return class {
    static readonly [PLUGIN] = spec
    readonly ctx: Context
    readonly config: z.output<C>
    readonly services: Services<I>
    constructor({ ctx, config, services }: PluginInit<z.output<C>, I>) {
      this.ctx = ctx
      this.config = config
      this.services = services
    }
  }
}

type Methods = LifecycleMethods & HookMethods

/** Any other methods, as long as they are not named like hooks that there are not. */
type OtherMethods<M> = {
  [K in keyof M]: K extends `on${Capitalize<string>}`
    ? K extends HookName
      ? unknown
      : never
    : unknown
}

/**
 * A plugin from a plain object: the same as a class, with `this` typed.
 * `methods` may hold lifecycle methods, hook methods and any others.
 */
export function definePlugin<
  C extends z.ZodType = EmptyConfig,
  I extends Injections = Record<never, never>,
  M extends Methods = Methods,
>(
  spec: PluginSpec<C, I> & {
    methods: M & OtherMethods<M> & ThisType<M & PluginInstance<z.output<C>, I>>
  },
): PluginBase<C, I> {
  const { methods, ...rest } = spec
  const Defined = class extends plugin<C, I>(rest) {}
  for (const [name, method] of Object.entries<unknown>(methods)) {
    Object.defineProperty(Defined.prototype, name, {
      value: method,
      writable: true,
      configurable: true,
    })
  }
  return Defined
}

/** The spec of a plugin class, or `undefined` for anything else. */
export function pluginSpec(value: unknown): PluginSpec | undefined {
  return typeof value === 'function' && PLUGIN in value
    ? (value as unknown as PluginClass)[PLUGIN]
    : undefined
}
