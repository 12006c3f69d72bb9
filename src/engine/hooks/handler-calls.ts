// One call of a handler: conditions, counters, time, failures.
import { EngineError, noteRead } from '#sdk'
import type { StepRecording } from '../profile/index.ts'
import type { Blame } from '../modules/index.ts'
import { isThenable } from '../thenable.ts'
import type { Handler } from './handler.ts'

/** Failures in a row after which a plugin is quarantined. */
export const FAILURE_LIMIT = 3
/**
 * Most calls of a handler that have not settled. One that waits for the hook that it handles has no depth that
 * could be counted: between two of its calls the stack is empty.
 */
const MAX_UNSETTLED = 10_000
/** Calls that take longer are told. */
const SLOW_MS = 100
/**
 * Reading the clock takes longer than most handlers do. Inside of a step, the first calls of a handler are timed,
 * and then one in so many, which stands for the others.
 */
const SAMPLE = 16

export interface HandlerCallsOptions {
  /** Has the step that is being recorded. */
  readonly profiler: { readonly step: StepRecording | undefined }
  enter(plugin: string, stage: string): void
  locate(thrown: unknown, blame: Blame): EngineError
  /** A handler failed in isolation; after `FAILURE_LIMIT` in a row its plugin is to be quarantined. */
  onFailure(handler: Handler, error: EngineError): void
  /** A call took longer than any that was told before, by far. */
  onSlow(handler: Handler, durationMs: number): void
  /** Longest that a promise of a handler is waited for. */
  limitMs(): number
}

export class HandlerCalls {
  /** Calls of hooks inside of each other now. */
  depth = 0
  readonly #options: HandlerCallsOptions

  constructor(options: HandlerCallsOptions) {
    this.#options = options
  }

  /** Longest that a promise of a handler is waited for. */
  get limitMs(): number {
    return this.#options.limitMs()
  }

  /** Whether the handler is to be called now. Throws what its condition throws. */
  applies({ isActive, when }: Handler, args: unknown): boolean {
    return isActive && (when === undefined || when.holds(args as never))
  }

  /** Calls one handler; a failure is counted and reported, never thrown. */
  isolated(handler: Handler, args: unknown, isSync: boolean): Promise<void> | undefined {
    const startedMs = this.begin(handler, isSync)
    try {
      if (!this.applies(handler, args)) return undefined
      const result = this.call(handler, args, isSync)
      if (isThenable(result)) return this.#settle(handler, result, startedMs)
      this.end(handler, isSync, startedMs)
    } catch (thrown) {
      if (isRunaway(thrown) && (this.depth > 1 || handler.unsettled > 0)) throw thrown
      this.tell(handler, this.failed(handler, thrown, spent(startedMs)))
    }
    return undefined
  }

  /** When a call begins; NaN for one that is not timed. */
  begin({ calls }: Handler, isSync: boolean): number {
    const isTimed = !isSync || calls < SAMPLE || calls % SAMPLE === 0
    return isTimed ? performance.now() : NaN
  }

  /** Counts a call that went well, and tells of it when it was slow. */
  end(handler: Handler, isSync: boolean, startedMs: number): void {
    const durationMs = spent(startedMs)
    const standsFor = isSync && handler.calls > SAMPLE ? SAMPLE : 1
    this.succeeded(handler, durationMs, standsFor)
    if (durationMs < SLOW_MS || durationMs < 2 * handler.slowestMs) return
    handler.slowestMs = durationMs
    this.#options.onSlow(handler, durationMs)
  }

  async #settle(handler: Handler, result: PromiseLike<unknown>, startedMs: number): Promise<void> {
    try {
      await this.settled(handler, new Deadline(handler, this.limitMs).race(result))
      // Most of this time was spent waiting: that is not slow.
      this.succeeded(handler, performance.now() - startedMs)
    } catch (thrown) {
      if (isRunaway(thrown) && handler.unsettled > 0) throw thrown
      this.tell(handler, this.failed(handler, thrown, performance.now() - startedMs))
    }
  }

  /** What `result` resolves to; until then, the call counts as one that has not settled. */
  async settled(handler: Handler, result: Promise<unknown>): Promise<unknown> {
    handler.unsettled++
    try {
      return await result
    } finally {
      handler.unsettled--
    }
  }

  /** Calls it and counts the call; throws what it throws, and `hook.async` for a promise out of place. */
  call(handler: Handler, args: unknown, isSync: boolean, next?: () => unknown): unknown {
    if (handler.unsettled >= MAX_UNSETTLED) throw endless(handler)
    handler.calls++
    this.#options.enter(handler.plugin, handler.hook)
    const result = this.#profiled(handler, args, next)
    if (!isSync || !isThenable(result)) return result
    // The error below stands for it; its own rejection must not be reported a second time.
    result.then(undefined, () => undefined)
    const { plugin, hook } = handler
    throw new EngineError({
      code: 'hook.async',
      message: `${plugin} returned a promise from ${hook}, which must be synchronous`,
      hint: 'do the work without await, or do it in onMetrics or onEpochEnd',
    })
  }

  #profiled(handler: Handler, args: unknown, next: (() => unknown) | undefined): unknown {
    const { step } = this.#options.profiler
    if (step === undefined) return handler.call(args as never, next as never)
    const { plugin, hook } = handler
    const close = step.open({ plugin, kind: 'hook', name: hook })
    let result: unknown
    try {
      result = handler.call(args as never, next as never)
      return result
    } finally {
      if (isThenable(result)) result.then(close, close)
      else close()
    }
  }

  succeeded(handler: Handler, durationMs: number, calls = 1): void {
    handler.failuresInRow = 0
    handler.totalMs += durationMs * calls
    if (durationMs > handler.maxMs) handler.maxMs = durationMs
  }

  /** Counts a failure. Returns the error that stands for it, located. */
  failed(handler: Handler, thrown: unknown, durationMs: number): EngineError {
    noteRead('has a handler that fails')
    handler.failures++
    handler.failuresInRow++
    handler.totalMs += durationMs
    const { plugin, hook } = handler
    return this.#options.locate(thrown, { code: 'hook.threw', plugin, hook })
  }

  tell(handler: Handler, error: EngineError): void {
    this.#options.onFailure(handler, error)
  }
}

/** Time since; 0 for a call that is not timed. */
export const spent = (startedMs: number): number =>
  Number.isNaN(startedMs) ? 0 : performance.now() - startedMs

const endless = ({ plugin, hook }: Handler): EngineError =>
  new EngineError({
    code: 'hook.recursion',
    plugin,
    hook,
    message: `${plugin} has ${MAX_UNSETTLED} calls of ${hook} that wait for something`,
    hint: 'let a handler not wait for the call that it handles, nor call a hook so often at once',
  })

/** Were such an error isolated, each level of the recursion would go on with its next handler. */
export const isRunaway = (thrown: unknown): boolean =>
  thrown instanceof EngineError && thrown.code === 'hook.recursion'

/** The time that a handler's promise may take, not counting what it waits for on behalf of others. */
export class Deadline {
  readonly #handler: Handler
  readonly #limitMs: number
  #timer: ReturnType<typeof setTimeout> | undefined
  #expire: (error: EngineError) => void = () => {}
  #isHeld = false

  constructor(handler: Handler, limitMs: number) {
    this.#handler = handler
    this.#limitMs = limitMs
  }

  /** What `result` resolves to. Rejects with `plugin.timeout` when that takes too long. */
  async race(result: PromiseLike<unknown>): Promise<unknown> {
    const late = new Promise<never>((_, reject) => {
      this.#expire = reject
    })
    if (!this.#isHeld) this.#start()
    try {
      return await Promise.race([result, late])
    } finally {
      this.#expire = () => {}
      clearTimeout(this.#timer)
    }
  }

  hold(): void {
    this.#isHeld = true
    clearTimeout(this.#timer)
  }

  /** The whole time again. */
  go(): void {
    this.#isHeld = false
    this.#start()
  }

  #start(): void {
    const { plugin, hook } = this.#handler
    const message = `${hook} of ${plugin} did not end within ${this.#limitMs} ms`
    const hint = 'let it resolve, and leave long work to go on by itself until ctx.signal aborts'
    this.#timer = setTimeout(() => {
      this.#expire(new EngineError({ code: 'plugin.timeout', plugin, hook, message, hint }))
    }, this.#limitMs)
  }
}
