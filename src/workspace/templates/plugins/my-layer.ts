// A highway layer: a gate decides for each unit how much of it is made anew. And a model to try it in.
import * as tf from '@tensorflow/tfjs'
import {
  EngineError,
  type ForwardContext,
  type InstanceOf,
  type ModelEnv,
  Module,
  nn,
  plugin,
  type TensorMap,
  z,
} from 'plugboard'

const config = z.strictObject({
  carry: z.number().default(1).describe('how far gates are closed at first'),
})

/** g tanh(W x) + (1 - g) x with g = sigmoid(V x - carry), over the last axis (Srivastava et al. 2015). */
class Highway extends Module<tf.Tensor, tf.Tensor> {
  readonly gate: nn.Linear
  readonly change: nn.Linear
  readonly carry: number

  constructor(carry: number, width: number) {
    super()
    this.gate = new nn.Linear(width, width)
    this.change = new nn.Linear(width, width)
    this.carry = carry
  }

  forward(x: tf.Tensor): tf.Tensor {
    const gate = tf.sigmoid(this.gate.forward(x).sub(nn.scalar(this.carry)))
    return x.add(gate.mul(this.change.forward(x).tanh().sub(x)))
  }
}

const modelConfig = z.strictObject({
  layers: z.int().min(1).default(2).describe('layers on each other'),
  width: z.int().min(1).default(32).describe('units of each'),
})

/** The column `image`, laid out flat, to `logits` through some of the layers. */
class LayerNet extends Module {
  readonly first: nn.Linear
  readonly layers: InstanceOf<'layer'>[]
  readonly last: nn.Linear

  constructor({ layers, width }: z.output<typeof modelConfig>, { columns, create }: ModelEnv) {
    super()
    const [image, labels] = [columns['image'], columns['labels']]
    if (!image || labels?.limit === undefined) {
      throw new EngineError({
        code: 'model.forward',
        message: `my_layer reads 'image' and class numbers from 'labels'; batches have ${Object.keys(columns).join(', ')}`,
        hint: 'use a dataset of images, or the layer in a model of your own',
      })
    }
    this.first = new nn.Linear(
      image.shape.reduce((size, axis) => size * axis, 1),
      width,
    )
    // Made by name, a layer may come from any plugin, with settings of its own.
    this.layers = Array.from({ length: layers }, () =>
      create('layer', 'my_layer', { shape: [width] }),
    )
    this.last = new nn.Linear(width, labels.limit)
  }

  forward({ image }: TensorMap, ctx: ForwardContext): TensorMap {
    let x = this.first.forward(image!.reshape([image!.shape[0], -1]))
    for (const layer of this.layers) x = layer.forward(x, ctx)
    return { logits: this.last.forward(x) }
  }
}

export default class MyLayer extends plugin({
  manifest: {
    name: 'my_layer',
    version: '1.0.0',
    category: 'layer',
    description: 'Highway layer, and a model made of some',
    provides: ['layer/my_layer', 'model/my_layer'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'layer',
      'my_layer',
      ({ carry }, { shape }) => new Highway(carry, shape.at(-1)!),
      { config, description: 'of any shape; the last axis is mixed' },
    )
    this.ctx.provide('model', 'my_layer', (options, env) => new LayerNet(options, env), {
      config: modelConfig,
      description: 'layers on each other, for classes of images',
    })
  }
}
