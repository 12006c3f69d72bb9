// A component in use: the instance, whose it is, and calls into it that lead errors to their author.
import {
  builtinKinds,
  type ComponentRef,
  componentOf,
  type CreatePart,
  EngineError,
  type EnvOf,
  type ErrorCode,
  errorInfo,
  type InstanceOf,
  type KindName,
} from '#sdk'
import { MAX_NAME } from '#protocol'
import type { RunEnvironment } from './environment.ts'

export class Part<T> {
  constructor(
    readonly instance: T,
    /** Such as `loss cross_entropy`. */
    readonly label: string,
    readonly plugin: string,
    /** Its own plugin and those of the components it was built from. */
    readonly plugins: ReadonlySet<string>,
    readonly env: Pick<RunEnvironment, 'enter' | 'beat' | 'locate' | 'emit' | 'profiler'>,
  ) {}

  /** Calls into the component; what it throws becomes an error located at its author's line. */
  call<R>(stage: string, work: (instance: T) => R, code: ErrorCode = 'plugin.threw'): R {
    const { plugin, env } = this
    const name = `${stage} of ${this.label}`
    env.enter(plugin, name)
    // One call after another, each within the time limit, may together take longer.
    env.beat()
    const close = env.profiler.step?.open({
      plugin,
      kind: 'component',
      name: name.slice(0, MAX_NAME),
    })
    try {
      return work(this.instance)
    } catch (thrown) {
      throw env.locate(thrown, { code, plugin, stage })
    } finally {
      close?.()
    }
  }

  /** The same for a method that returns a promise. */
  async callAsync<R>(stage: string, work: (instance: T) => Promise<R>): Promise<R> {
    try {
      return await this.call(stage, work)
    } catch (thrown) {
      throw this.env.locate(thrown, { code: 'plugin.threw', plugin: this.plugin, stage })
    }
  }

  /** A last call, when there is nobody left to throw to: what goes wrong is told as an event. */
  finish(stage: string, work: (instance: T) => void): void {
    try {
      this.call(stage, work)
    } catch (thrown) {
      this.env.emit('error.uncaught', { error: errorInfo(thrown) })
    }
  }
}

/** What components need of a run's environment, to be built and called. */
export type PartEnvironment = Pick<
  RunEnvironment,
  'create' | 'ownerOf' | 'hooks' | 'enter' | 'beat' | 'locate' | 'emit' | 'log' | 'profiler'
>

/** A `create` that notes in `plugins` whose components it builds. */
const noting =
  (env: PartEnvironment, plugins: Set<string>): CreatePart =>
  (kind, ref, kindEnv) => {
    plugins.add(env.ownerOf(kind, ref))
    return env.create(kind, ref, { ...kindEnv, create: noting(env, plugins) })
  }

/**
 * Builds a component. `build` gets a `create` that notes the plugins of whatever it makes, for
 * components that build parts of their own.
 */
export function createPart<K extends KindName>(
  env: PartEnvironment,
  kind: K,
  ref: ComponentRef | undefined,
  build: (create: CreatePart) => InstanceOf<K>,
): Part<InstanceOf<K>> {
  const plugin = env.ownerOf(kind, ref)
  const plugins = new Set([plugin])
  const label = ref === undefined ? `the default ${kind}` : `${kind} ${componentOf(ref).name}`
  try {
    return new Part(build(noting(env, plugins)), label, plugin, plugins, env)
  } catch (thrown) {
    throw env.locate(thrown, { code: 'plugin.threw', plugin, stage: 'build' })
  }
}

/** Builds a component that builds no others. */
export function createLeaf<K extends KindName>(
  env: PartEnvironment,
  kind: K,
  ref: ComponentRef | undefined,
  kindEnv: EnvOf<K>,
): Part<InstanceOf<K>> {
  return createPart(env, kind, ref, (create) => create(kind, ref, kindEnv))
}

/** A component that the model chooses or brings; it must have what others of its kind have. */
export function configurePart<K extends 'optimizer' | 'loss'>(
  env: PartEnvironment,
  model: Part<unknown>,
  kind: K,
  configure: (create: CreatePart) => InstanceOf<K>,
): Part<InstanceOf<K>> {
  const plugins = new Set([model.plugin])
  const instance = model.call(`configure ${kind}`, () => configure(noting(env, plugins)))
  const missing = builtinKinds[kind].methods.filter(
    (method) => typeof (Object(instance) as Record<string, unknown>)[method] !== 'function',
  )
  if (missing.length === 0)
    return new Part(instance, `the ${kind} of ${model.label}`, model.plugin, plugins, env)
  throw new EngineError({
    code: 'contribution.contract',
    message: `the ${kind} that ${model.label} configures has no ${missing.map((method) => `${method}()`).join(', ')}`,
    plugin: model.plugin,
    hint: `return what create(…) builds, or a ${kind} of your own`,
  })
}
