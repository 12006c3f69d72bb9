// Keeps NaN and Inf out of the weights: decided on the device, read some steps later.
import * as tf from '@tensorflow/tfjs'

/** What the guard found out about one step; all of it on the device. */
export interface Verdict {
  /** The loss, then the sum of each gradient, in order. A sum is finite when all its values are. */
  sums: tf.Tensor1D
  /** 1 while everything so far was finite, else 0. */
  healthy: tf.Scalar
  /** The gradient while healthy, else zeros: 0 times NaN would be NaN. */
  clean(gradient: tf.Tensor): tf.Tensor
}

/**
 * Once a loss or a gradient was not finite, `healthy` stays 0: multiplied into the learning rate it keeps
 * this step and all that were sent ahead from changing a weight.
 */
export class FiniteGuard {
  readonly #isHealthy: tf.Variable

  constructor() {
    this.#isHealthy = tf.tidy(() => tf.variable(tf.scalar(true, 'bool'), false))
  }

  /** Call inside of `tf.tidy`. Costs one sum and one select for each gradient. */
  judge(loss: tf.Scalar, gradients: Iterable<tf.Tensor>): Verdict {
    const sums = sumEach([loss, ...gradients])
    const isHealthy = tf.logicalAnd(this.#isHealthy, tf.all(tf.isFinite(sums))).asScalar()
    this.#isHealthy.assign(isHealthy)
    const healthy = tf.cast(isHealthy, 'float32')
    // One mask and one block of zeros for each distinct shape, not for each gradient.
    const masks = new Map<string, [mask: tf.Tensor, zeros: tf.Tensor]>()
    const clean = (gradient: tf.Tensor): tf.Tensor => {
      const key = gradient.shape.join()
      const known = masks.get(key)
      if (known) return tf.where(known[0], gradient, known[1])
      const zeros = tf.zeros(gradient.shape)
      // A comparison broadcasts in one kernel; broadcastTo would tile, which is slow on WebAssembly.
      const mask = tf.greater(healthy, zeros)
      masks.set(key, [mask, zeros])
      return tf.where(mask, gradient, zeros)
    }
    return { sums, healthy, clean }
  }

  dispose(): void {
    this.#isHealthy.dispose()
  }
}

/** Sum of each tensor, as one vector. */
export const sumEach = (tensors: readonly tf.Tensor[]): tf.Tensor1D =>
  tf.concat1d(tensors.map((tensor) => tf.sum(tensor).as1D()))
