// Gated functions with gradients of their own.
import * as tf from '@tensorflow/tfjs'

type Save = tf.GradSaveFunc

/** silu(gate) × x, where silu(g) = g sigmoid(g), for two tensors of one shape (Shazeer 2020, eq. 6, without its weights). */
export function swiglu<T extends tf.Tensor>(gate: T, x: T): T {
  const withGradient = tf.customGrad((...args) => {
    const [g, value, save] = args as unknown as [tf.Tensor, tf.Tensor, Save]
    const open = g.sigmoid()
    const silu = g.mul(open)
    save([value, open, silu])
    return {
      value: silu.mul(value),
      // d silu / d g = s + g s (1 - s) = s + silu - silu s
      gradFunc: (dy: tf.Tensor, [v, s, passed]: tf.Tensor[]) => [
        dy.mul(v!).mul(s!.add(passed!).sub(passed!.mul(s!))),
        dy.mul(passed!),
      ],
    }
  })
  return withGradient(gate, x) as T
}
