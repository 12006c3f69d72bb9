// One plugin on its way through the lifecycle. Trying again after a failure takes a new unit.
import type { FailureCause, LifecycleStep, PluginState } from '#protocol'
import {
  EngineError,
  errorInfo,
  pluginSpec,
  type PluginInstance,
  type PluginSpec,
  type Services,
  z,
} from '#sdk'
import { type Locate, parseConfig } from '../config/index.ts'
import { type HookMethod, hookMethods } from '../hooks/index.ts'
import { joined } from '../joined.ts'
import { PluginContext } from './context.ts'
import type { Core } from './core.ts'
import type { Definition } from './definition.ts'
import { withLimit } from './limit.ts'
import { targetOf } from './steps.ts'

export interface Failure {
  readonly stage: string
  readonly cause: FailureCause
  readonly error: EngineError
  /** All that was wrong, where it was more than one thing. */
  readonly problems: readonly EngineError[]
}

export interface UnitOptions {
  readonly core: Core
  readonly definition: Definition
  readonly locate: Locate
  readonly seed: number
  readonly timeoutMs: number
  /** Called when it failed outside of a transition. */
  onQuarantine(unit: PluginUnit): void
}

/** Where the plugin's methods and config are before it is loaded. */
interface Loaded {
  readonly instance: PluginInstance
  readonly spec: PluginSpec
  readonly hooks: readonly HookMethod[]
  readonly configSchema: unknown
}

export class PluginUnit {
  readonly definition: Definition
  readonly context: PluginContext
  state: PluginState = 'discovered'
  failure: Failure | undefined
  readonly #options: UnitOptions
  readonly #services: Record<string, unknown> = {}
  #loaded: Loaded | undefined
  #isReleased = false
  #lifecycleMs = 0

  constructor(options: UnitOptions) {
    const { core, definition, seed } = options
    this.#options = options
    this.definition = definition
    const quarantine = (error: EngineError): void => this.#quarantine(error)
    this.context = new PluginContext({ core, definition, seed, quarantine })
  }

  get name(): string {
    return this.definition.name
  }

  /** True while its code is loaded and it has not failed. */
  get isUp(): boolean {
    return ['loaded', 'initialized', 'running', 'stopped'].includes(this.state)
  }

  /** True when nothing of it is left, or was there yet. */
  get isReleased(): boolean {
    return this.#isReleased || this.state === 'discovered' || this.state === 'validated'
  }

  /** Time spent in its code since it was loaded. */
  get totalMs(): number {
    return this.#lifecycleMs + this.context.handlerMs
  }

  /** JSON schema of what authors may write as its config, once it is loaded. */
  get configSchema(): unknown {
    return this.#loaded?.configSchema
  }

  /** Refuses the plugin when `problems` is not empty. */
  validate(problems: readonly { cause: FailureCause; error: EngineError }[]): Promise<void> {
    return this.#step('validate', () => {
      const [first] = problems
      if (first)
        throw new Refusal(
          first.cause,
          problems.map(({ error }) => error),
        )
    })
  }

  load(): Promise<void> {
    return this.#step('load', async () => {
      const { definition, locate } = this.#options
      const plugin = await this.#run('load', () => definition.load())
      const spec = pluginSpec(plugin)!
      const schema = spec.config ?? z.strictObject({})
      if (!(schema instanceof z.ZodType)) throw this.#noSchema()
      const parsed = parseConfig(schema, definition.config, {
        subject: `plugin ${this.name}`,
        path: ['plugins', 'use', this.name, 'config'],
        locate,
        plugin: this.name,
      })
      if (parsed.problems) throw new Refusal('threw', parsed.problems)
      this.context.config = parsed.value
      const services = this.#lazyServices(spec)
      const init = { ctx: this.context, config: parsed.value as never, services: services as never }
      const instance = await this.#run('load', () => new plugin(init))
      const configSchema = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
      this.#loaded = { instance, spec, hooks: hookMethods(instance, spec.hooks), configSchema }
    })
  }

  #noSchema(): EngineError {
    return new EngineError({
      code: 'config.invalid',
      message: `the config of plugin ${this.name} is no zod schema`,
      hint: 'write `config: z.object({ … })`',
    })
  }

  /** Fields of the services it declared; reading one before they are injected throws. */
  #lazyServices({ inject = {} }: PluginSpec): Services<Record<string, never>> {
    const services = {}
    for (const field of Object.keys(inject)) {
      Object.defineProperty(services, field, { enumerable: true, get: () => this.#service(field) })
    }
    return services
  }

  #service(field: string): unknown {
    if (Object.hasOwn(this.#services, field)) return this.#services[field]
    throw new EngineError({
      code: 'service.missing',
      plugin: this.name,
      message: `${this.name} reads services.${field} before it is initialized`,
      hint: 'services are there in validate, initialize and later, not in the constructor',
    })
  }

  initialize(): Promise<void> {
    return this.#step('initialize', async () => {
      const { instance, spec, hooks } = this.#loaded!
      for (const [field, key] of Object.entries(spec.inject ?? {}))
        this.#services[field] = this.context.resolve(key)
      await this.#run('validate', () => instance.validate?.(this.context))
      for (const { name, method, options } of hooks)
        this.context.hook(name, method as never, { label: name, ...options })
      await this.#run('initialize', () => instance.initialize?.(this.context))
    })
  }

  start(): Promise<void> {
    return this.#step('start', async () => {
      this.context.begin()
      await this.#run('start', () => this.#loaded!.instance.start?.(this.context))
      if (this.state !== 'failed') this.context.connect()
    })
  }

  stop(): Promise<void> {
    return this.#step('stop', async () => {
      this.context.disconnect()
      await this.#run('stop', () => this.#loaded!.instance.stop?.(this.context))
      this.#report(await this.context.endPassing(), 'stop')
    })
  }

  cleanup(): Promise<void> {
    return this.#step('cleanup', () => this.release())
  }

  async #step(step: LifecycleStep, work: () => void | Promise<void>): Promise<void> {
    const target = targetOf(step, this.state, this.name)
    if (target === undefined) return
    const startedMs = performance.now()
    try {
      await work()
    } catch (thrown) {
      const problems = thrown instanceof Refusal ? thrown.problems : undefined
      const error = this.#blame(problems ? joined(problems) : thrown, step)
      const cause =
        thrown instanceof Refusal
          ? thrown.cause
          : error.code === 'plugin.timeout'
            ? 'timeout'
            : 'threw'
      this.fail(error.stage ?? step, cause, error, performance.now() - startedMs, problems)
      throw error
    }
    // A quarantine may have come in between.
    if (this.failure && step !== 'cleanup') throw this.failure.error
    this.state = target
    this.announce(performance.now() - startedMs)
  }

  #blame(thrown: unknown, stage: string): EngineError {
    const error = this.#options.core.locate(thrown, {
      code: 'plugin.threw',
      plugin: this.name,
      stage,
    })
    error.source ??= this.definition.source
    return error
  }

  #enter(stage: string): void {
    const { core, definition } = this.#options
    if (definition.origin === 'workspace') core.enter(`${this.name} · ${stage}`)
  }

  /** Runs a method of the plugin within the time limit. */
  async #run<T>(stage: string, work: () => T | Promise<T>): Promise<T> {
    const { timeoutMs } = this.#options
    this.#enter(stage)
    const startedMs = performance.now()
    try {
      return await withLimit(work, timeoutMs, { plugin: this.name, stage })
    } catch (thrown) {
      throw this.#blame(thrown, stage)
    } finally {
      this.#lifecycleMs += performance.now() - startedMs
    }
  }

  /** Puts it out of work; what it registered stays until `release`. */
  fail(
    stage: string,
    cause: FailureCause,
    error: EngineError,
    durationMs?: number,
    problems: readonly EngineError[] = [error],
  ): void {
    this.state = 'failed'
    this.failure = { stage, cause, error, problems }
    this.context.close(error.message)
    this.announce(durationMs)
  }

  #quarantine(error: EngineError): void {
    if (this.state !== 'running') return
    this.fail('run', 'quarantined', error)
    this.#options.onQuarantine(this)
  }

  /** Tells its state, and of a failure why. */
  announce(durationMs?: number): void {
    const { name, state, failure } = this
    const data =
      failure && state === 'failed'
        ? { stage: failure.stage, cause: failure.cause, error: errorInfo(failure.error) }
        : {}
    this.#options.core.bus.emit('plugin.state', { name, state, durationMs, ...data })
  }

  /** Disposes all it owns, last first, then lets it clean up. Once; whatever goes wrong, nothing is left. */
  async release(): Promise<void> {
    if (this.isReleased) return
    this.#isReleased = true
    this.context.close(`${this.name} is cleaned up`)
    const failures = await this.context.end()
    try {
      await this.#run('cleanup', () => this.#loaded?.instance.cleanup?.(this.context))
    } catch (thrown) {
      failures.push(thrown)
    }
    this.#report(failures.slice(1), 'cleanup')
    if (failures.length > 0) throw this.#blame(failures[0], 'cleanup')
  }

  /** Failures that have nobody to be thrown to. */
  #report(failures: readonly unknown[], stage: string): void {
    for (const thrown of failures) {
      this.#options.core.bus.emit(
        'error.uncaught',
        { error: errorInfo(this.#blame(thrown, stage)) },
        this.name,
      )
    }
  }

  // For a reload: the same without leaving the way back.

  /** State for its next version; `undefined` when it has none or could not tell. */
  capture(): unknown {
    try {
      this.#enter('capture')
      return structuredClone(this.#loaded?.instance.capture?.())
    } catch (thrown) {
      this.#report([thrown], 'capture')
      return undefined
    }
  }

  restore(state: unknown): Promise<void> {
    const { instance } = this.#loaded!
    return state === undefined
      ? Promise.resolve()
      : this.#run('restore', () => instance.restore?.(state as never))
  }

  /** Stops it and takes all it registered out of place. A failing stop does not keep it. */
  async suspend(): Promise<void> {
    if (this.state === 'running') {
      this.context.disconnect()
      try {
        await this.#run('stop', () => this.#loaded!.instance.stop?.(this.context))
      } catch (thrown) {
        this.#report([thrown], 'stop')
      }
      this.#report(await this.context.endPassing(), 'stop')
      this.state = 'stopped'
      this.announce()
    }
    this.context.detach()
  }

  /** Puts a suspended one back. */
  reattach(): void {
    this.context.reattach()
  }
}

/** Several problems that refuse a plugin. */
class Refusal {
  readonly cause: FailureCause
  readonly problems: readonly EngineError[]
  constructor(cause: FailureCause, problems: readonly EngineError[]) {
    this.cause = cause
    this.problems = problems
  }
}
