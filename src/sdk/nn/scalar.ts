// Numbers kept on the device: a number operand (`x.mul(0.5)`) would be uploaded at every call.
import * as tf from '@tensorflow/tfjs'

// By backend, because a new device knows nothing of the tensors of the one before.
const kept = new WeakMap<object, Map<number, tf.Scalar>>()

/**
 * `value` as a float tensor that lives as long as the device. Shared: never dispose it. For numbers that are
 * the same in every step; one that changes (a rate, a loss) would leave a tensor behind each time.
 */
export function scalar(value: number): tf.Scalar {
  const backend = tf.backend()
  let scalars = kept.get(backend)
  if (!scalars) kept.set(backend, (scalars = new Map<number, tf.Scalar>()))
  const known = scalars.get(value)
  if (known && !known.isDisposed) return known
  const made = tf.keep(tf.scalar(value))
  scalars.set(value, made)
  return made
}
