// Calls of a plugin's methods by others: wrapped, timed, told as events, and waited for before it stops.
import type { PluginState } from '#protocol'
import { EngineError, errorInfo, type LifecycleMethods, type PluginInstance } from '#sdk'
import type { PluginMetrics } from '../services/index.ts'
import type { Core } from './core.ts'
import type { PluginCalls } from './plugin-calls.ts'

/** What is called of a plugin. */
interface Callable {
  readonly name: string
  readonly state: PluginState
  readonly instance: PluginInstance
}

export class MethodCalls {
  readonly #core: Core
  readonly #calls: PluginCalls
  readonly #metrics: PluginMetrics
  /** Those under way. */
  readonly #running = new Set<Promise<unknown>>()

  constructor(core: Core, calls: PluginCalls, metrics: PluginMetrics) {
    this.#core = core
    this.#calls = calls
    this.#metrics = metrics
  }

  /**
   * Runs a method, inside of the wrappers of `onPluginCall`, timed, and told of as an event. Throws `method.unknown`,
   * `lifecycle.transition` unless the plugin is running, and what the method throws, located.
   */
  async run(
    unit: Callable,
    method: string,
    args: readonly unknown[],
    by: string | undefined,
  ): Promise<unknown> {
    const { name } = unit
    const { hooks, bus } = this.#core
    const stage = `call ${method}`
    const found = methodOf(unit, method)
    const { instance } = unit
    const startedMs = performance.now()
    const run = async (): Promise<unknown> => {
      this.#calls.enter(stage)
      try {
        return await found.apply(instance, [...args])
      } catch (thrown) {
        throw this.#calls.blame(thrown, stage)
      }
    }
    const call = hooks.around('onPluginCall', { plugin: name, method, args }, run)
    this.#running.add(call)
    const event = (): { plugin: string; method: string; durationMs: number; by?: string } => {
      this.#running.delete(call)
      const durationMs = performance.now() - startedMs
      this.#metrics.note(stage, durationMs, 'ms')
      return { plugin: name, method, durationMs, ...(by !== undefined && { by }) }
    }
    try {
      const result = await call
      bus.emit('method.called', event(), name)
      return result
    } catch (thrown) {
      const error = this.#calls.blame(thrown, stage)
      bus.emit('method.failed', { ...event(), error: errorInfo(error) }, name)
      throw error
    }
  }

  /** Waits for calls that are under way, `timeoutMs` at most. */
  async settled(timeoutMs: number): Promise<void> {
    if (this.#running.size === 0) return
    await Promise.race([Promise.allSettled(this.#running), this.#core.clock.sleep(timeoutMs)])
  }
}

/** A method that may be called from outside: not one of the lifecycle, which has its own steps. */
function methodOf(unit: Callable, method: string): (...args: unknown[]) => unknown {
  const { name, state } = unit
  if (state !== 'running') {
    throw new EngineError({
      code: 'lifecycle.transition',
      plugin: name,
      message: `${name} is ${state}, so its method ${method} cannot be called`,
      hint: 'start it first',
    })
  }
  const found: unknown = Reflect.get(unit.instance, method)
  if (typeof found === 'function' && !notCallable.has(method) && !(method in Object.prototype))
    return found as (...args: unknown[]) => unknown
  throw new EngineError({
    code: 'method.unknown',
    plugin: name,
    message: `${name} has no method \`${method}\` to call`,
    hint: 'methods of the class are callable by name, but for those of the lifecycle',
  })
}

const notCallable: ReadonlySet<string> = new Set<keyof LifecycleMethods | 'constructor'>([
  'validate',
  'initialize',
  'start',
  'stop',
  'cleanup',
  'capture',
  'restore',
  'constructor',
])
