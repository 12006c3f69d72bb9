// The model that all habits are habits of: two layers, and what each plugin does between them.
import type * as tf from '@tensorflow/tfjs'
import { type ForwardContext, Module, nn, type TensorMap } from 'plugboard'

export class Small extends Module<TensorMap, TensorMap> {
  readonly first = new nn.Linear(6, 4)
  readonly last = new nn.Linear(4, 2)

  forward({ image }: TensorMap, ctx: ForwardContext): TensorMap {
    const x = this.between(this.first.forward(image!), ctx)
    return { predictions: this.last.forward(x) }
  }

  /** Of [4, 4]; gives the same shape. */
  between(x: tf.Tensor, _ctx: ForwardContext): tf.Tensor {
    return x.tanh()
  }
}
