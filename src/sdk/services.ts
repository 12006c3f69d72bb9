// Services: values that plugins share by key, injected by the engine.

const SERVICE = Symbol.for('plugboard.service')

/** Key of a service of type `T`. Two keys of one name are the same service. */
export interface ServiceKey<T> {
  readonly [SERVICE]: true
  readonly name: string
  /** Never there at run time: carries the type. */
  readonly type?: T
}

/** Declares a service under a name, namespaced with dots (`core.clock`). */
export function defineService<T>(name: string): ServiceKey<T> {
  return { [SERVICE]: true, name }
}

export type Injections = Record<string, ServiceKey<unknown>>
/** The services that a plugin declared with `inject`, by field. */
export type Services<I extends Injections> = {
  readonly [K in keyof I]: I[K] extends ServiceKey<infer T> ? T : never
}

/** How long a service lives: as long as its plugin, or one for each run. */
export type ServiceLifetime = 'singleton' | 'run'

export interface ServiceOptions {
  /** `run`: made anew, from a factory or a class, for each run that asks for it; gone when the run ends. */
  lifetime?: ServiceLifetime
}

/** A class that says with a static `inject` what its constructor takes: `constructor({ clock }) { … }`. */
export interface Wirable<T, I extends Injections = Injections> {
  readonly inject: I
  new (services: Services<I>): T
}

/** Such a class, whatever it takes. */
export interface Wired<T> {
  readonly inject: Injections
  new (services: never): T
}
