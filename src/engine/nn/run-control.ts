// What users and plugins asked of a run: pause, go on, one step, stop; and why it ends.
import type { EndReason, EngineError } from '#sdk'

export interface Ending {
  reason: EndReason
  message?: string
  error?: EngineError
}

/** Rejection of a wait that was cut short because the run is to end; no error of its own. */
export const INTERRUPTED = Symbol('interrupted')

export class RunControl {
  readonly #abort = new AbortController()
  #isPaused = false
  #stepsGranted = 0
  #ending: Ending | undefined
  #wake: (() => void) | undefined
  #waiting: { interrupt: () => void; untilStop: boolean } | undefined

  /** Aborts as soon as the run is to end. */
  get signal(): AbortSignal {
    return this.#abort.signal
  }

  get ending(): Ending | undefined {
    return this.#ending
  }

  get isPaused(): boolean {
    return this.#isPaused
  }

  pause(): void {
    this.#isPaused = true
    this.#stepsGranted = 0
  }

  resume(): void {
    this.#isPaused = false
    this.#wake?.()
  }

  /** One more step, then pause. */
  step(): void {
    this.#isPaused = true
    this.#stepsGranted += 1
    this.#wake?.()
  }

  /** Ends the run at the next boundary. The first reason counts, but a failure counts more. */
  end(ending: Ending): void {
    if (this.#ending === undefined || (ending.error && !this.#ending.error)) this.#ending = ending
    this.#abort.abort()
    this.#wake?.()
    if (this.#ending.error || this.#waiting?.untilStop) this.#waiting?.interrupt()
  }

  /** Lets a paused run look around. */
  wake(): void {
    this.#wake?.()
  }

  /** True when the next step may begin; takes one of the steps granted while paused. */
  takeStep(): boolean {
    if (!this.#isPaused) return true
    if (this.#stepsGranted === 0) return false
    this.#stepsGranted -= 1
    return true
  }

  /** Resolves when a paused run is to go on or to end: at once when that was asked for meanwhile. */
  changed(): Promise<void> {
    const isDue = this.#ending !== undefined || !this.#isPaused || this.#stepsGranted > 0
    if (isDue) return Promise.resolve()
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }

  /**
   * Waits for `work`; rejects with `INTERRUPTED` as soon as the run fails (with `untilStop`: ends).
   * One wait at a time. No `Promise.race` with a long-lived promise, which would keep every loser alive.
   */
  until<T>(work: Promise<T>, untilStop = false): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting = { interrupt: () => reject(INTERRUPTED), untilStop }
      if (this.#ending?.error || (untilStop && this.#ending)) reject(INTERRUPTED)
      work.then(resolve, reject)
    }).finally(() => {
      this.#waiting = undefined
    })
  }
}
