// One thing at a time: lifecycle operations wait for each other.

export class Turn {
  #last: Promise<unknown> = Promise.resolve()

  /** Runs `work` when all that was asked for before has ended, well or not. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work)
    this.#last = result.catch(() => undefined)
    return result
  }
}
