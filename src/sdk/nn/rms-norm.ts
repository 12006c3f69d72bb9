// Normalisation by size alone.
import * as tf from '@tensorflow/tfjs'
import { init, Module, parameter } from '../module.ts'
import { requireWidth } from './layers.ts'
import { scalar } from './scalar.ts'

type Save = tf.GradSaveFunc

/**
 * Divides the last axis by the root of its mean square, then scales it (Zhang & Sennrich 2019, eq. 4). `x` is
 * [..., width]; `weight` is [width].
 */
export function rmsNorm<T extends tf.Tensor>(x: T, weight: tf.Tensor, epsilon = 1e-6): T {
  const withGradient = tf.customGrad((...args) => {
    const [input, w, save] = args as unknown as [tf.Tensor, tf.Tensor, Save]
    const inverse = input.square().mean(-1, true).add(scalar(epsilon)).rsqrt()
    const normal = input.mul(inverse)
    save([normal, inverse, w])
    return {
      value: normal.mul(w),
      gradFunc: (dy: tf.Tensor, [n, inv, scale]: tf.Tensor[]) => {
        const leading = dy.shape.slice(0, -1).map((_, axis) => axis)
        const dn = dy.mul(scale!)
        const along = n!.mul(dn.mul(n!).mean(-1, true))
        return [dn.sub(along).mul(inv!), dy.mul(n!).sum(leading)]
      },
    }
  })
  return withGradient(x, weight) as T
}

/** Normalises the last axis of [..., width] by its root mean square, with a learned scale. */
export class RMSNorm extends Module<tf.Tensor, tf.Tensor> {
  readonly weight: tf.Variable
  readonly epsilon: number

  constructor(width: number, epsilon = 1e-6) {
    super()
    this.weight = parameter([width], init.ones())
    this.epsilon = epsilon
  }

  forward(x: tf.Tensor): tf.Tensor {
    requireWidth('RMS norm', x, this.weight.size)
    return rmsNorm(x, this.weight, this.epsilon)
  }
}
