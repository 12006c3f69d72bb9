// A network with one hidden layer of gated units, for classes.
import * as tf from '@tensorflow/tfjs'
import { EngineError, type ModelEnv, Module, nn, plugin, type TensorMap, z } from 'plugboard'

const config = z.strictObject({
  hidden: z.int().min(1).default(64).describe('units of the hidden layer'),
})

const INPUT = 'image'

/** The column `image`, laid out flat, to `logits` [batch, classes]. */
class GatedNet extends Module {
  // Parameters are found in public fields, and named by them: `up.weight`, `down.bias`.
  readonly up: nn.Linear
  readonly down: nn.Linear

  constructor(hidden: number, { columns }: ModelEnv) {
    super()
    const [input, labels] = [columns[INPUT], columns['labels']]
    if (!input || labels?.limit === undefined) {
      throw new EngineError({
        code: 'model.forward',
        message: `my_model reads '${INPUT}' and class numbers from 'labels'; batches have ${Object.keys(columns).join(', ')}`,
        hint: 'let it read a column that the dataset has',
      })
    }
    const inputs = input.shape.reduce((size, axis) => size * axis, 1)
    this.up = new nn.Linear(inputs, hidden)
    this.down = new nn.Linear(hidden, labels.limit)
  }

  // Named tensors in and out; whether it trains, and random numbers, come in a second argument.
  forward({ [INPUT]: input }: TensorMap): TensorMap {
    const hidden = this.up.forward(input!.reshape([input!.shape[0], -1]))
    return { logits: this.down.forward(hidden.mul(tf.sigmoid(hidden))) }
  }
}

export default class MyModel extends plugin({
  manifest: {
    name: 'my_model',
    version: '1.0.0',
    category: 'model',
    description: 'Network with one hidden layer of gated units',
    tags: ['classification'],
    provides: ['model/my_model'],
  },
}) {
  initialize() {
    this.ctx.provide('model', 'my_model', ({ hidden }, env) => new GatedNet(hidden, env), {
      config,
      description: 'one hidden layer, for classes',
    })
  }
}
