// One plugin on its way through the lifecycle. Trying again after a failure takes a new unit.
import { type FailureCause, type LifecycleStep, MAX_NAME, type PluginState } from '#protocol'
import {
  EngineError,
  errorInfo,
  type MetricSummary,
  type PluginInstance,
  type RandomPosition,
} from '#sdk'
import type { Locate } from '../config/index.ts'
import { hookMethods } from '../hooks/index.ts'
import { joined } from '../joined.ts'
import { PluginContext } from './context.ts'
import type { Core } from './core.ts'
import type { Definition } from './definition.ts'
import { type Failure, Refusal } from './failure.ts'
import { type LoadedPlugin, loadPlugin } from './load-plugin.ts'
import { MethodCalls } from './method-calls.ts'
import { PluginCalls, type StageTime } from './plugin-calls.ts'
import { Registrations } from './registrations.ts'
import { targetOf } from './steps.ts'

export interface UnitOptions {
  readonly core: Core
  readonly definition: Definition
  readonly locate: Locate
  readonly seed: number
  readonly timeoutMs: number
  /** Called when it failed outside of a transition. */
  onQuarantine(unit: PluginUnit): void
}

const stepHooks = {
  load: 'onPluginLoad',
  initialize: 'onPluginInitialize',
  start: 'onPluginStart',
  stop: 'onPluginStop',
} as const

export class PluginUnit {
  readonly definition: Definition
  readonly registrations: Registrations
  state: PluginState = 'discovered'
  failure: Failure | undefined
  readonly #options: UnitOptions
  readonly #calls: PluginCalls
  readonly #context: PluginContext
  #loaded: LoadedPlugin | undefined
  readonly #methods: MethodCalls
  #isReleased = false

  constructor(options: UnitOptions) {
    const { core, definition, locate, seed, timeoutMs } = options
    this.#options = options
    this.definition = definition
    this.#calls = new PluginCalls(core, definition, locate, timeoutMs)
    const registrations = new Registrations(definition.name)
    this.registrations = registrations
    const quarantine = (error: EngineError): void => this.#quarantine(error)
    this.#context = new PluginContext({ core, definition, registrations, seed, quarantine })
    this.#methods = new MethodCalls(core, this.#calls, this.#context.metrics)
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
    return this.#calls.totalMs + this.registrations.handlerMs
  }

  /** Time spent in its lifecycle methods and the like. */
  get stages(): readonly StageTime[] {
    return this.#calls.stages
  }

  /** Names of the services that it asked for. */
  get uses(): readonly string[] {
    return [...this.#context.uses]
  }

  /** Types of the events that it emitted, and how many. */
  get emits(): ReadonlyMap<string, number> {
    return this.#context.emits
  }

  /** Its settings with defaults filled in, once it is loaded. */
  get config(): unknown {
    return this.#loaded && this.#context.config
  }

  /** What of its context a training step may depend on. */
  get contextState(): readonly unknown[] {
    return this.#context.state
  }

  /** Paths of the files that it asked for. */
  get assets(): ReadonlySet<string> {
    return this.#context.assets
  }

  /** What it counts and times of itself. */
  get metrics(): readonly MetricSummary[] {
    return this.#context.metrics.summaries()
  }

  /** The plugin itself. Throws unless it is loaded. */
  get instance(): PluginInstance {
    if (this.#loaded && this.state !== 'cleaned') return this.#loaded.instance
    throw new EngineError({
      code: 'lifecycle.transition',
      plugin: this.name,
      message: `${this.name} is ${this.state} and has no object`,
      hint: 'load it first',
    })
  }

  /** A run of a seed begins. */
  beginRun(seed: number): void {
    this.#context.beginRun(seed)
  }

  /** Where its random stream stands. */
  get random(): RandomPosition {
    return this.#context.position
  }

  set random(position: RandomPosition) {
    this.#context.position = position
  }

  /** Puts its handlers behind those of the same priority. */
  queueUp(): void {
    if (this.state !== 'running') return
    this.registrations.disconnect()
    this.registrations.connect()
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
      this.#loaded = await loadPlugin(definition, this.#context, this.#calls, locate)
    })
  }

  initialize(): Promise<void> {
    return this.#step('initialize', async () => {
      const { instance, injection, hooks: options } = this.#loaded!
      const { core, definition } = this.#options
      // Hooks of other plugins are there from here on.
      const methods = hookMethods(core.hooks.specs, instance, options, definition.placeOf)
      injection.fill((key) => this.#context.resolve(key))
      await this.#calls.run('validate', () => instance.validate?.(this.#context))
      for (const { name, method, options } of methods)
        this.#context.hook(name, method as never, { label: name, ...options })
      await this.#calls.run('initialize', () => instance.initialize?.(this.#context))
    })
  }

  start(): Promise<void> {
    return this.#step('start', async () => {
      this.registrations.begin()
      await this.#calls.run('start', () => this.#loaded!.instance.start?.(this.#context))
      if (this.state !== 'failed') this.registrations.connect()
    })
  }

  stop(): Promise<void> {
    return this.#step('stop', async () => {
      await this.#methods.settled(this.#options.timeoutMs)
      this.registrations.disconnect()
      await this.#calls.run('stop', () => this.#loaded!.instance.stop?.(this.#context))
      this.#calls.report(await this.registrations.endPassing(), 'stop')
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
      await this.#inHook(step, work)
    } catch (thrown) {
      const problems = thrown instanceof Refusal ? thrown.problems : undefined
      const error = this.#calls.blame(problems ? joined(problems) : thrown, step)
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

  /** Inside of the wrappers that other plugins put around a step. They cannot keep it from stopping. */
  async #inHook(step: LifecycleStep, work: () => void | Promise<void>): Promise<void> {
    if (step === 'validate' || step === 'cleanup') return await work()
    const { name, definition } = this
    const args = { plugin: name, version: definition.manifest.version }
    const options = { except: name, isIsolated: step === 'stop' }
    await this.#options.core.hooks.around(stepHooks[step], args, async () => await work(), options)
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
    this.registrations.close(error.message)
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
    const failed = state === 'failed' ? failure : undefined
    this.#options.core.bus.emit('plugin.state', {
      name,
      state,
      durationMs,
      stage: failed?.stage.slice(0, MAX_NAME),
      cause: failed?.cause,
      error: failed && errorInfo(failed.error),
    })
  }

  /** Disposes all it owns, last first, then lets it clean up. Once; whatever goes wrong, nothing is left. */
  async release(): Promise<void> {
    if (this.isReleased) return
    this.#isReleased = true
    this.registrations.close(`${this.name} is cleaned up`)
    const failures = await this.registrations.end()
    try {
      await this.#calls.run('cleanup', () => this.#loaded?.instance.cleanup?.(this.#context))
    } catch (thrown) {
      failures.push(thrown)
    }
    this.registrations.finish()
    this.#calls.report(failures.slice(1), 'cleanup')
    if (failures.length > 0) throw this.#calls.blame(failures[0], 'cleanup')
  }

  /** Runs one of its methods; throws as `MethodCalls.run` does. */
  call(method: string, args: readonly unknown[], by?: string): Promise<unknown> {
    return this.#methods.run(this, method, args, by)
  }

  // For a reload or a checkpoint: the same without leaving the way back.

  /** State for its next version, or for a run that goes on; `undefined` when it has none or could not tell. */
  async capture(): Promise<unknown> {
    try {
      const state = await this.#calls.run('capture', () => this.#loaded?.instance.capture?.())
      return structuredClone(state)
    } catch (thrown) {
      this.#calls.report([thrown], 'capture')
      return undefined
    }
  }

  restore(state: unknown): Promise<void> {
    const { instance } = this.#loaded!
    return state === undefined
      ? Promise.resolve()
      : this.#calls.run('restore', () => instance.restore?.(state as never))
  }

  /** Stops it and takes all it registered out of place. A failing stop does not keep it. */
  async suspend(): Promise<void> {
    if (this.state === 'running') {
      await this.#methods.settled(this.#options.timeoutMs)
      await this.#inHook('stop', async () => {
        this.registrations.disconnect()
        try {
          await this.#calls.run('stop', () => this.#loaded!.instance.stop?.(this.#context))
        } catch (thrown) {
          this.#calls.report([thrown], 'stop')
        }
        this.#calls.report(await this.registrations.endPassing(), 'stop')
      })
      this.state = 'stopped'
      this.announce()
    }
    this.registrations.detach()
  }

  /** Puts a suspended one back. */
  reattach(): void {
    this.registrations.reattach()
  }
}
