// All that one plugin registered, in order, so that it can be taken out of place, put back and ended.
import { EngineError, type Undo } from '#sdk'
import type { Handler } from '../hooks/index.ts'
import type { Registration } from '../registry/index.ts'
import { Subscription } from './subscription.ts'

export class Registrations {
  readonly #plugin: string
  readonly #abort = new AbortController()
  /** Registered before start: there until cleanup. */
  #lasting: Registration[] = []
  /** Registered since start: there until stop. */
  #passing: Registration[] = []
  #phase: 'set up' | 'started' | 'closed' | 'over' = 'set up'
  #isConnected = false
  #pastMs = 0

  constructor(plugin: string) {
    this.#plugin = plugin
  }

  /** Aborts when they are closed. */
  get signal(): AbortSignal {
    return this.#abort.signal
  }

  /** Whether handlers fire now. */
  get isConnected(): boolean {
    return this.#isConnected
  }

  /** Refuses what a plugin wants after they were closed. `what` says it: `provide model/gpt`. */
  checkOpen(what: string): void {
    if (this.#phase === 'closed' || this.#phase === 'over') throw this.#late(what)
  }

  /** Refuses what leaves nothing behind, such as events, only when its cleanup is over. */
  checkAlive(what: string): void {
    if (this.#phase === 'over') throw this.#late(what)
  }

  #late(what: string): EngineError {
    return new EngineError({
      code: 'lifecycle.transition',
      plugin: this.#plugin,
      message: `${this.#plugin} wants to ${what}, but it was cleaned up`,
      hint: 'end timers and pending work in stop() or when ctx.signal aborts',
    })
  }

  /** Puts it in place, until stop or cleanup or its undo. */
  add(registration: Registration, what: string): Undo {
    this.checkOpen(what)
    registration.attach()
    ;(this.#phase === 'started' ? this.#passing : this.#lasting).push(registration)
    return () => {
      if (!this.#all().includes(registration)) return
      this.#lasting = this.#lasting.filter((other) => other !== registration)
      this.#passing = this.#passing.filter((other) => other !== registration)
      void this.#end(registration)
    }
  }

  /** Has it disposed at cleanup, whenever it was made. */
  own(dispose: () => void | Promise<void>): void {
    this.checkOpen('own a resource')
    this.#lasting.push({ attach: () => undefined, detach: () => undefined, dispose })
  }

  async #end(registration: Registration): Promise<void> {
    if (registration instanceof Subscription) this.#pastMs += registration.handler.totalMs
    registration.detach()
    await registration.dispose?.()
  }

  /** From here on, what is added lasts until stop. */
  begin(): void {
    this.#phase = 'started'
  }

  /** Handlers fire from here on. */
  connect(): void {
    this.#isConnected = true
    for (const subscription of this.#subscriptions()) subscription.connect()
  }

  /** Handlers fire no longer: at once, also in the middle of a round of calls. */
  disconnect(): void {
    this.#isConnected = false
    for (const subscription of this.#subscriptions()) subscription.disconnect()
  }

  /** Undoes what was registered since start, last first. Returns what went wrong. */
  async endPassing(): Promise<unknown[]> {
    const ended = this.#passing.toReversed()
    this.#passing = []
    if (this.#phase === 'started') this.#phase = 'set up'
    return await this.#endAll(ended)
  }

  /** Takes everything out of place, to be put back by `reattach`. */
  detach(): void {
    for (const registration of this.#lasting.toReversed()) registration.detach()
  }

  reattach(): void {
    for (const registration of this.#lasting) registration.attach()
  }

  /** Ends work that watches the signal, and refuses further registrations. */
  close(reason: string): void {
    this.disconnect()
    this.#phase = 'closed'
    if (!this.signal.aborted) this.#abort.abort(reason)
  }

  /** From here on nothing of it is heard. */
  finish(): void {
    this.#phase = 'over'
  }

  /** Undoes everything, last first. Returns what went wrong; nothing stops it. */
  async end(): Promise<unknown[]> {
    const ended = this.#all().toReversed()
    this.#lasting = []
    this.#passing = []
    return await this.#endAll(ended)
  }

  async #endAll(registrations: readonly Registration[]): Promise<unknown[]> {
    const failures: unknown[] = []
    for (const registration of registrations) {
      try {
        await this.#end(registration)
      } catch (thrown) {
        failures.push(thrown)
      }
    }
    return failures
  }

  #all(): Registration[] {
    return [...this.#lasting, ...this.#passing]
  }

  #subscriptions(): Subscription[] {
    return this.#all().filter((each) => each instanceof Subscription)
  }

  /** Handlers there are now. */
  get handlers(): Handler[] {
    return this.#subscriptions().map(({ handler }) => handler)
  }

  /** Time spent in handlers, those that are gone included. */
  get handlerMs(): number {
    return this.handlers.reduce((sum, { totalMs }) => sum + totalMs, this.#pastMs)
  }
}
