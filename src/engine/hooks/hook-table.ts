// Calls hooks: order, conditions, isolation, quarantine.
import { EngineError, type HookArgs, type HookName, type HookSpec, runHooks, type Undo } from '#sdk'
import type { Blame } from '../modules/index.ts'
import { isThenable } from '../thenable.ts'
import type { Handler } from './handler.ts'

/** Failures in a row after which a plugin is quarantined. */
export const FAILURE_LIMIT = 3

/** How the engine calls hooks. */
export interface HookCaller {
  /**
   * Notifies all handlers, each isolated from the others. A synchronous hook returns `undefined`;
   * another one a promise only if some handler was asynchronous.
   */
  each<N extends HookName>(name: N, args: HookArgs<N>): void | Promise<void>
  /** Hands the hook's value on from handler to handler. Throws what a handler throws, located. */
  pipe<N extends HookName>(name: N, args: HookArgs<N>): unknown
  /** Whether anyone listens now. */
  has(name: HookName): boolean
}

export interface HookTableOptions {
  enter(plugin: string, stage: string): void
  locate(thrown: unknown, blame: Blame): EngineError
  /** A handler failed in isolation; after `FAILURE_LIMIT` in a row its plugin is to be quarantined. */
  onFailure(handler: Handler, error: EngineError): void
}

const tagOf = (value: unknown): string => Object.prototype.toString.call(value).slice(8, -1)

export class HookTable implements HookCaller {
  readonly #options: HookTableOptions
  // Arrays are replaced, never changed: a call goes on over the handlers it began with.
  readonly #handlers = new Map<string, readonly Handler[]>()

  constructor(options: HookTableOptions) {
    this.#options = options
  }

  /** Adds a handler behind those of its priority that are there already. */
  add(handler: Handler): Undo {
    handler.isActive = true
    const present = this.#handlers.get(handler.hook) ?? []
    const at = present.findIndex(({ priority }) => priority < handler.priority)
    this.#handlers.set(handler.hook, present.toSpliced(at < 0 ? present.length : at, 0, handler))
    return () => {
      handler.isActive = false
      const rest = this.#handlers.get(handler.hook)?.filter((other) => other !== handler)
      this.#handlers.set(handler.hook, rest ?? [])
    }
  }

  has(name: HookName): boolean {
    return (this.#handlers.get(name)?.length ?? 0) > 0
  }

  each<N extends HookName>(name: N, args: HookArgs<N>): void | Promise<void> {
    const handlers = this.#handlers.get(name)
    if (handlers === undefined || handlers.length === 0) return
    const { isSync } = runHooks[name]
    for (let i = 0; i < handlers.length; i++) {
      const pending = this.callIsolated(handlers[i]!, args, isSync)
      if (pending) return this.#eachAfter(pending, handlers, i + 1, args)
    }
  }

  async #eachAfter(
    first: Promise<void>,
    handlers: readonly Handler[],
    next: number,
    args: unknown,
  ): Promise<void> {
    await first
    for (let i = next; i < handlers.length; i++) await this.callIsolated(handlers[i]!, args, false)
  }

  pipe<N extends HookName>(name: N, args: HookArgs<N>): unknown {
    const { value: field } = runHooks[name] as HookSpec
    let value = (args as unknown as Record<string, unknown>)[field!]
    for (const handler of this.#handlers.get(name) ?? []) {
      const startedMs = performance.now()
      try {
        const given = { ...args, [field!]: value }
        if (!applies(handler, given)) continue
        const result = this.#call(handler, given, true)
        if (result !== undefined) {
          if (tagOf(result) !== tagOf(value)) throw wrongResult(handler, field!, value, result)
          value = result
        }
        succeed(handler, startedMs)
      } catch (thrown) {
        throw this.#countFailure(handler, thrown, startedMs)
      }
    }
    return value
  }

  /** Calls one handler; a failure is counted and reported, never thrown. */
  callIsolated(handler: Handler, args: unknown, isSync: boolean): Promise<void> | undefined {
    const startedMs = performance.now()
    try {
      if (!applies(handler, args)) return undefined
      const result = this.#call(handler, args, isSync)
      if (isThenable(result)) return this.#settle(handler, result, startedMs)
      succeed(handler, startedMs)
    } catch (thrown) {
      this.#options.onFailure(handler, this.#countFailure(handler, thrown, startedMs))
    }
    return undefined
  }

  async #settle(handler: Handler, result: PromiseLike<unknown>, startedMs: number): Promise<void> {
    try {
      await result
      succeed(handler, startedMs)
    } catch (thrown) {
      this.#options.onFailure(handler, this.#countFailure(handler, thrown, startedMs))
    }
  }

  #call(handler: Handler, args: unknown, isSync: boolean): unknown {
    handler.calls++
    this.#options.enter(handler.plugin, handler.hook)
    const result = handler.call(args as never)
    if (!isSync || !isThenable(result)) return result
    // The error below stands for it; its own rejection must not be reported a second time.
    result.then(undefined, () => undefined)
    throw new EngineError({
      code: 'hook.async',
      message: `${handler.plugin} returned a promise from ${handler.hook}, which runs inside a training step and must be synchronous`,
      hint: 'do the work without await, or do it in onMetrics or onEpochEnd',
    })
  }

  #countFailure(handler: Handler, thrown: unknown, startedMs: number): EngineError {
    handler.failures++
    handler.failuresInRow++
    handler.totalMs += performance.now() - startedMs
    const { plugin, hook } = handler
    return this.#options.locate(thrown, { code: 'hook.threw', plugin, hook })
  }
}

function applies(handler: Handler, args: unknown): boolean {
  return handler.isActive && handler.when?.holds(args as never) !== false
}

function succeed(handler: Handler, startedMs: number): void {
  handler.failuresInRow = 0
  handler.totalMs += performance.now() - startedMs
}

function wrongResult(
  handler: Handler,
  field: string,
  value: unknown,
  result: unknown,
): EngineError {
  return new EngineError({
    code: 'hook.result',
    message: `${handler.plugin} returned a ${tagOf(result)} from ${handler.hook}, but ${field} is a ${tagOf(value)}`,
    hint: `return a ${tagOf(value)}, or nothing to leave ${field} as it is`,
  })
}
