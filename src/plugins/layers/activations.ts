// Functions between layers, as layers: value by value, and softmax over the last axis.
import * as tf from '@tensorflow/tfjs'
import { Module, nn, plugin } from 'plugboard'

class Activation extends Module<tf.Tensor, tf.Tensor> {
  readonly apply: (x: tf.Tensor) => tf.Tensor

  constructor(apply: (x: tf.Tensor) => tf.Tensor) {
    super()
    this.apply = apply
  }

  forward(x: tf.Tensor): tf.Tensor {
    return this.apply(x)
  }
}

const activations: Record<string, [apply: (x: tf.Tensor) => tf.Tensor, description: string]> = {
  relu: [(x) => x.relu(), 'max(0, x)'],
  gelu: [(x) => nn.gelu(x), 'GELU in the tanh form of GPT-2'],
  silu: [(x) => x.mul(x.sigmoid()), 'x sigmoid(x), also called swish'],
  sigmoid: [(x) => x.sigmoid(), '1 / (1 + exp(-x))'],
  tanh: [(x) => x.tanh(), 'hyperbolic tangent'],
  softmax: [
    (x) => tf.softmax(x),
    'shares of the last axis; losses over classes take logits, not these',
  ],
}

export default class ActivationLayers extends plugin({
  manifest: {
    name: 'activation_layers',
    version: '1.0.0',
    category: 'layer',
    description: 'Activation functions: ReLU, GELU, SiLU, sigmoid, tanh, softmax',
    tags: ['graph', 'activation'],
    provides: [
      'layer/relu',
      'layer/gelu',
      'layer/silu',
      'layer/sigmoid',
      'layer/tanh',
      'layer/softmax',
    ],
  },
}) {
  initialize() {
    for (const [name, [apply, description]] of Object.entries(activations))
      this.ctx.provide('layer', name, () => new Activation(apply), { description })
  }
}
