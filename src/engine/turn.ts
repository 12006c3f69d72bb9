// One thing at a time, first come, first served: lifecycle operations, users of the device.

export class Turn {
  #last: Promise<unknown> = Promise.resolve()

  /** Runs `work` when all that was asked for before has ended, well or not; what it throws goes to the caller only. */
  run<T>(work: () => T | Promise<T>): Promise<T> {
    const result = this.#last.then(work)
    this.#last = result.then(
      () => undefined,
      () => undefined,
    )
    return result
  }
}
