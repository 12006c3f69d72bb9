// Reads small tensors back some steps late, in order, so that the device never waits for JavaScript.
import type * as tf from '@tensorflow/tfjs'

interface LateRead {
  values: Promise<Float32Array>
  deliver: (values: Float32Array) => void | Promise<void>
}

/** A queue of tensors on their way back from the device. */
export class LateReads {
  readonly #queue: LateRead[] = []
  readonly #until: <T>(work: Promise<T>) => Promise<T>

  /** `until` waits for a read, or rejects when the device is gone. */
  constructor(until: <T>(work: Promise<T>) => Promise<T>) {
    this.#until = until
  }

  /** Starts reading `tensor` and takes it over: it is disposed once read. */
  push(tensor: tf.Tensor1D, deliver: LateRead['deliver']): void {
    const values = tensor.data<'float32'>().finally(() => tensor.dispose())
    // A failure is met where the values are awaited.
    values.catch(() => undefined)
    this.#queue.push({ values, deliver })
  }

  /** Delivers, oldest first, until at most `left` are on their way. Throws what a delivery throws. */
  async settle(left = 0): Promise<void> {
    while (this.#queue.length > left) {
      const { values, deliver } = this.#queue.shift()!
      await deliver(await this.#until(values))
    }
  }

  /** Forgets what is on its way; resolves when the device is done with it. */
  async drop(): Promise<void> {
    await Promise.allSettled(this.#queue.splice(0).map(({ values }) => values))
  }
}
