// Rotary positions: each pair of values is turned by an angle that grows with the position.
import * as tf from '@tensorflow/tfjs'
import { EngineError } from '../errors.ts'
import { constant, Module } from '../module.ts'

/**
 * Rotary position embedding (Su et al. 2021, "RoFormer", section 3.2.2): [..., time, size] in and out. The products of
 * turned queries and keys depend on their distance alone. Value i is paired with value i + size / 2, as in Llama;
 * position p turns the pair by p base^(-2 i / size). `size` is even; throws `model.parameter` otherwise.
 */
export class Rotary extends Module<tf.Tensor, tf.Tensor> {
  /** [context, size]. */
  readonly cos: tf.Tensor
  readonly sin: tf.Tensor
  /** Times it, the pair (a, b) becomes (-b, a): [size, size]. One product, where slices would be five kernels. */
  readonly quarter: tf.Tensor

  constructor(size: number, context: number, base = 10_000) {
    super()
    if (size % 2 !== 0) {
      throw new EngineError({
        code: 'model.parameter',
        message: `rotary positions turn pairs of values, but there are ${size} values`,
        hint: 'choose a width that is an even multiple of the number of heads',
      })
    }
    const half = size / 2
    const table = (of: (angle: number) => number): Float32Array =>
      Float32Array.from({ length: context * size }, (_, i) => {
        const position = Math.floor(i / size)
        return of(position * base ** (-(i % half) / half))
      })
    this.cos = constant([context, size], table(Math.cos))
    this.sin = constant([context, size], table(Math.sin))
    const turn = Float32Array.from({ length: size * size }, (_, i) => {
      const [from, to] = [Math.floor(i / size), i % size]
      return to === from + half ? 1 : to === from - half ? -1 : 0
    })
    this.quarter = constant([size, size], turn)
  }

  forward<T extends tf.Tensor>(x: T): T {
    const [context, size] = this.cos.shape as [number, number]
    const time = x.shape.at(-2)!
    if (x.shape.at(-1) !== size || time > context) {
      throw new EngineError({
        code: 'model.forward',
        message: `rotary positions were built for [..., ${context}, ${size}], but were given [${x.shape.join(', ')}]`,
        hint: 'cut the sequence, or build the layer for a longer one',
      })
    }
    const cut = (table: tf.Tensor) => (time < context ? table.slice([0, 0], [time, size]) : table)
    const turned = tf.matMul(x.reshape([-1, size]), this.quarter)
    return x.mul<T>(cut(this.cos)).add(turned.reshape(x.shape).mul(cut(this.sin)))
  }
}
