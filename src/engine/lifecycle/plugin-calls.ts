// Calls into a plugin's own code: announced, timed, limited, and blamed on it when they throw.
import { EngineError, errorInfo } from '#sdk'
import { type Locate, settingPath } from '../config/index.ts'
import type { Core } from './core.ts'
import type { Definition } from './definition.ts'
import { withLimit } from './limit.ts'

/** Time spent in one of a plugin's lifecycle methods, or the like. */
export interface StageTime {
  stage: string
  calls: number
  totalMs: number
  maxMs: number
}

export class PluginCalls {
  readonly #stages = new Map<string, StageTime>()
  readonly #core: Core
  readonly #definition: Definition
  readonly #locateSetting: Locate
  readonly #timeoutMs: number

  /** `locateSetting` finds what is in the project file. */
  constructor(core: Core, definition: Definition, locateSetting: Locate, timeoutMs: number) {
    this.#core = core
    this.#definition = definition
    this.#locateSetting = locateSetting
    this.#timeoutMs = timeoutMs
  }

  get stages(): readonly StageTime[] {
    return [...this.#stages.values()]
  }

  /** Time spent in all of them. */
  get totalMs(): number {
    return this.stages.reduce((sum, { totalMs }) => sum + totalMs, 0)
  }

  #note(stage: string, durationMs: number): void {
    const { calls, totalMs, maxMs } = this.#stages.get(stage) ?? { calls: 0, totalMs: 0, maxMs: 0 }
    this.#stages.set(stage, {
      stage,
      calls: calls + 1,
      totalMs: totalMs + durationMs,
      maxMs: Math.max(maxMs, durationMs),
    })
  }

  /** Says whose code runs next. */
  enter(stage: string): void {
    this.#core.enter(this.#definition.name, stage)
  }

  /** Runs a method of the plugin within the time limit. */
  async run<T>(stage: string, work: () => T | Promise<T>): Promise<T> {
    this.enter(stage)
    const startedMs = performance.now()
    try {
      return await withLimit(work, this.#timeoutMs, () => this.#late(stage))
    } catch (thrown) {
      throw this.blame(thrown, stage)
    } finally {
      this.#note(stage, performance.now() - startedMs)
    }
  }

  #late(stage: string): EngineError {
    const { name } = this.#definition
    return new EngineError({
      code: 'plugin.timeout',
      plugin: name,
      stage,
      message: `${stage} of ${name} did not end within ${this.#timeoutMs} ms`,
      hint: 'do long work in hooks of a run, watch ctx.signal, or raise plugins.timeout_ms',
    })
  }

  /** The error for what came of the plugin's code, with a place in its source, or that of a setting it refuses. */
  blame(thrown: unknown, stage: string): EngineError {
    const { name, source } = this.#definition
    const error = this.#core.locate(thrown, { code: 'plugin.threw', plugin: name, stage })
    // Authors' errors may hold anything, whatever the types say.
    error.source = Array.isArray(error.setting)
      ? this.#locateSetting(settingPath(name, error.setting))
      : (error.source ?? source)
    return error
  }

  /** Tells failures that have nobody to be thrown to. */
  report(failures: readonly unknown[], stage: string): void {
    for (const thrown of failures) {
      const error = errorInfo(this.blame(thrown, stage))
      this.#core.bus.emit('error.uncaught', { error }, this.#definition.name)
    }
  }
}
