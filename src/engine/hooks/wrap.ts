// Wrappers around a call, the first outermost: each calls `next` once and may change the outcome.
import { EngineError } from '#sdk'
import { isThenable } from '../thenable.ts'
import { Deadline, type HandlerCalls, isRunaway } from './handler-calls.ts'
import type { Handler } from './handler.ts'

export interface Wrapping {
  readonly wrappers: readonly Handler[]
  readonly args: unknown
  readonly isSync: boolean
  /** A wrapper that fails is told and left out, instead of failing the call. */
  readonly isIsolated: boolean
  /** What takes the place of the outcome when a wrapper returns `result`, which is that if left out. */
  accept?: ((wrapper: Handler, outcome: unknown, result: unknown) => unknown) | undefined
}

/** The outcome of `inner` inside of the wrappers. */
export function wrap(wrapping: Wrapping, calls: HandlerCalls, inner: () => unknown): unknown {
  const from = (i: number): unknown => {
    const wrapper = wrapping.wrappers[i]
    if (wrapper === undefined) return inner()
    return new WrappedCall(wrapper, wrapping, calls, () => from(i + 1)).run()
  }
  return from(0)
}

/** One wrapper's part in a call. */
class WrappedCall {
  readonly #wrapper: Handler
  readonly #wrapping: Wrapping
  readonly #calls: HandlerCalls
  readonly #inner: () => unknown
  readonly #deadline: Deadline
  readonly #startedMs = performance.now()
  #innerMs = 0
  #isCalled = false
  #outcome: unknown
  /** What was thrown inside of it. */
  #thrown: { readonly value: unknown } | undefined

  constructor(wrapper: Handler, wrapping: Wrapping, calls: HandlerCalls, inner: () => unknown) {
    this.#wrapper = wrapper
    this.#wrapping = wrapping
    this.#calls = calls
    this.#inner = inner
    this.#deadline = new Deadline(wrapper, calls.limitMs)
  }

  run(): unknown {
    const { args, isSync } = this.#wrapping
    try {
      if (!this.#calls.applies(this.#wrapper, args)) return this.#inner()
      const result = this.#calls.call(this.#wrapper, args, isSync, () => this.#next())
      if (!isSync && isThenable(result)) return this.#settle(result)
      return this.#finish(result)
    } catch (thrown) {
      return this.#fail(thrown)
    }
  }

  #next(): unknown {
    if (this.#isCalled) throw nextError(this.#wrapper, 'called next() twice')
    this.#isCalled = true
    const enteredMs = performance.now()
    const leave = (): void => void (this.#innerMs += performance.now() - enteredMs)
    const failed = (value: unknown): void => void (this.#thrown = { value })
    try {
      this.#outcome = this.#inner()
    } catch (thrown) {
      failed(thrown)
      throw thrown
    } finally {
      leave()
    }
    if (isThenable(this.#outcome)) {
      this.#deadline.hold()
      this.#outcome.then(undefined, failed).then(() => {
        leave()
        this.#deadline.go()
      }, failed)
    }
    return this.#outcome
  }

  async #settle(result: PromiseLike<unknown>): Promise<unknown> {
    try {
      return this.#finish(await this.#calls.settled(this.#wrapper, this.#deadline.race(result)))
    } catch (thrown) {
      return await this.#fail(thrown)
    }
  }

  #finish(result: unknown): unknown {
    if (!this.#isCalled) throw nextError(this.#wrapper, 'did not call next()')
    const { accept, isIsolated } = this.#wrapping
    const isLeft = result === undefined || isIsolated
    const outcome = isLeft
      ? this.#outcome
      : accept
        ? accept(this.#wrapper, this.#outcome, result)
        : result
    this.#calls.succeeded(this.#wrapper, this.#ownMs)
    return outcome
  }

  #fail(thrown: unknown): unknown {
    // What came from inside is not its failure.
    if (this.#thrown && this.#thrown.value === thrown) throw thrown
    if (isRunaway(thrown) && this.#wrapper.unsettled > 0) throw thrown
    const error = this.#calls.failed(this.#wrapper, thrown, this.#ownMs)
    if (!this.#wrapping.isIsolated) throw error
    this.#calls.tell(this.#wrapper, error)
    return this.#isCalled ? this.#outcome : this.#inner()
  }

  get #ownMs(): number {
    return performance.now() - this.#startedMs - this.#innerMs
  }
}

const nextError = ({ plugin, hook }: Handler, problem: string): EngineError =>
  new EngineError({
    code: 'hook.next',
    message: `${plugin} wraps ${hook}, but ${problem}`,
    hint: 'call next() once and return what it gives; throw to refuse the work',
  })
