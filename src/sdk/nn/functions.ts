// Functions that models and losses share. Those with gradients of their own launch far fewer kernels.
import * as tf from '@tensorflow/tfjs'
import { EngineError } from '../errors.ts'
import { scalar } from './scalar.ts'
import { uniform } from './uniform.ts'

// A gradient is taken after the forward pass has freed its tensors: it may use what was saved, nothing else.
type Save = tf.GradSaveFunc

/**
 * GELU in the tanh form of GPT-2 (Hendrycks & Gimpel 2016), for any shape.
 * Uses 0.5 (1 + tanh u) = sigmoid(2u), so gelu(x) = x sigmoid(x (a + b x²)).
 */
export function gelu<T extends tf.Tensor>(x: T): T {
  const a = 2 * Math.sqrt(2 / Math.PI)
  const b = a * 0.044715
  const withGradient = tf.customGrad((...args) => {
    const [input, save] = args as unknown as [tf.Tensor, Save]
    const gate = input.square().mul(scalar(b)).add(scalar(a)).mul(input).sigmoid()
    save([input, gate])
    return {
      value: input.mul(gate),
      gradFunc: (dy: tf.Tensor, [saved, s]: tf.Tensor[]) => {
        // d/dx x s(u(x)) = s + x s (1 - s) u', with x u' = x (a + 3 b x²)
        const slope = saved!
          .square()
          .mul(scalar(3 * b))
          .add(scalar(a))
          .mul(saved!)
        return dy.mul(s!.add(s!.sub(s!.square()).mul(slope)))
      },
    }
  })
  return withGradient(x) as T
}

/**
 * Normalises the last axis to mean 0 and variance 1, then scales and shifts it
 * (Ba, Kiros & Hinton 2016). `x` is [..., width]; `weight` and `bias` are [width].
 */
export function layerNorm<T extends tf.Tensor>(
  x: T,
  weight: tf.Tensor,
  bias: tf.Tensor,
  epsilon = 1e-5,
): T {
  const withGradient = tf.customGrad((...args) => {
    const [input, w, b, save] = args as unknown as [tf.Tensor, tf.Tensor, tf.Tensor, Save]
    const centered = input.sub(input.mean(-1, true))
    const inverse = centered.square().mean(-1, true).add(scalar(epsilon)).rsqrt()
    const normal = centered.mul(inverse)
    save([normal, inverse, w])
    return {
      value: normal.mul(w).add(b),
      gradFunc: (dy: tf.Tensor, [n, inv, scale]: tf.Tensor[]) => {
        const leading = dy.shape.slice(0, -1).map((_, axis) => axis)
        const dn = dy.mul(scale!)
        const dyn = dy.mul(n!)
        const along = n!.mul(dn.mul(n!).mean(-1, true))
        const dx = dn.sub(dn.mean(-1, true)).sub(along).mul(inv!)
        return [dx, dyn.sum(leading), dy.sum(leading)]
      },
    }
  })
  return withGradient(x, weight, bias) as T
}

/** Largest table whose gradient goes through a one-hot product. */
const ONE_HOT_LIMIT = 1024

/**
 * Rows of `table` [vocabulary, width] by `ids` (int32 below `vocabulary`, any shape): [...ids.shape, width].
 * Ids are not checked: that would wait for the device. For small
 * vocabularies the gradient is a product with one-hot rows: the same sum in the same order on every
 * run, where scattered additions on a GPU are not.
 */
export function embedding(table: tf.Tensor2D, ids: tf.Tensor): tf.Tensor {
  const [vocabulary, width] = table.shape
  const flat = ids.flatten().toInt()
  const withGradient = tf.customGrad((...args) => {
    const [rows, save] = args as unknown as [tf.Tensor2D, Save]
    save([flat])
    return {
      value: tf.gather(rows, flat),
      gradFunc: (dy: tf.Tensor, [at]: tf.Tensor[]) =>
        vocabulary <= ONE_HOT_LIMIT
          ? tf.matMul(tf.oneHot(at!, vocabulary).toFloat().transpose(), dy)
          : tf.unsortedSegmentSum(dy, at as tf.Tensor1D, vocabulary),
    }
  })
  return withGradient(table).reshape([...ids.shape, width])
}

/** Refuses a share of values that would leave nothing, or less than nothing. */
export function requireShare(name: string, value: number): void {
  if (value >= 0 && value < 1) return
  throw new EngineError({
    code: 'model.parameter',
    message: `${name} of ${value} is not from 0 to below 1`,
    hint: '0 switches it off; 0.1 is one value in ten',
  })
}

/**
 * Zeroes each value with probability `rate` and scales the rest by 1 / (1 - rate) (Srivastava et al.
 * 2014), for any shape and a rate in [0, 1). One number of `random` counts for every value, so the same stream gives
 * the same result on each device.
 */
export function dropout<T extends tf.Tensor>(x: T, rate: number, random: { next(): number }): T {
  requireShare('dropout', rate)
  const isKept = uniform(random, x.shape).greaterEqual(scalar(rate))
  return x.mul(isKept.toFloat().mul(scalar(1 / (1 - rate))))
}
