// One user of the device at a time, first come, first served.

export class DeviceLock {
  #last: Promise<unknown> = Promise.resolve()

  /** Runs `work` when all that asked before is done; what it throws goes to the caller only. */
  run<T>(work: () => T | Promise<T>): Promise<T> {
    const result = this.#last.then(work)
    this.#last = result.then(
      () => undefined,
      () => undefined,
    )
    return result
  }
}
