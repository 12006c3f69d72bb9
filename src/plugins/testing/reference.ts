// What the tests share with scripts/reference: inputs by formula, and comparison with stored values.
import * as tf from '@tensorflow/tfjs'

/** The same whole numbers as `integers` in scripts/reference/values.py. */
export const integers = (count: number, seed: number, limit: number): Int32Array =>
  Int32Array.from(
    { length: count },
    (_, i) => ((i * 7919 + seed * 104_729 + 13 * i * i) % 2003) % limit,
  )

/** Values in [-scale / 2, scale / 2), as `fill` in scripts/reference/values.py. */
export function fill(shape: number[], seed: number, scale = 1): tf.Tensor {
  const values = integers(tf.util.sizeFromShape(shape), seed, 2003)
  return tf.tensor(
    Float32Array.from(values, (value) => scale * (value / 2003 - 0.5)),
    shape,
  )
}

/**
 * Largest difference of two lists, as a share of the largest value, or of 0.01 where all are smaller: a
 * gradient that is 0 but for rounding is no measure. Infinite if the lengths differ.
 */
export function difference(found: ArrayLike<number>, wanted: readonly number[]): number {
  if (found.length !== wanted.length) return Infinity
  const size = wanted.reduce((top, value) => Math.max(top, Math.abs(value)), 1e-2)
  return wanted.reduce((worst, value, i) => Math.max(worst, Math.abs(found[i]! - value) / size), 0)
}
