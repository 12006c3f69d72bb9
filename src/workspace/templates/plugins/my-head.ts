// A head for classes: a hidden layer between the states of any model and the logits.
import type * as tf from '@tensorflow/tfjs'
import {
  EngineError,
  type Head,
  type HeadEnv,
  Module,
  nn,
  plugin,
  type Predicted,
  type TensorMap,
  z,
} from 'plugboard'

const config = z.strictObject({
  hidden: z.int().min(1).default(32).describe('units between states and logits'),
})

/** `hidden_states` [batch, width], or the mean over time of [batch, time, width], to `logits`. */
class ClassHead extends Module implements Head {
  readonly up: nn.Linear
  readonly down: nn.Linear
  readonly classes: number

  constructor(hidden: number, { width, columns }: HeadEnv) {
    super()
    const classes = columns['labels']?.limit
    if (classes === undefined) {
      throw new EngineError({
        code: 'model.forward',
        message: `my_head needs class numbers in 'labels'; batches have ${Object.keys(columns).join(', ')}`,
        hint: 'give the column `labels` a `limit`, the number of classes',
      })
    }
    this.classes = classes
    this.up = new nn.Linear(width, hidden)
    this.down = new nn.Linear(hidden, classes)
  }

  forward({ hidden_states: states, attention_mask: mask }: TensorMap): TensorMap {
    return { logits: this.down.forward(nn.gelu(this.up.forward(nn.pool(states!, 'mean', mask)))) }
  }

  /** Takes the place of the configured loss. */
  computeLoss({ outputs, batch }: Predicted): tf.Scalar {
    return nn.crossEntropy(outputs['logits']!, batch['labels']!)
  }

  outputSize() {
    return { logits: this.classes }
  }
}

export default class MyHead extends plugin({
  manifest: {
    name: 'my_head',
    version: '1.0.0',
    category: 'head',
    description: 'Classes of rows, with a hidden layer on the states of a model',
    tags: ['classification'],
    provides: ['head/my_head'],
  },
}) {
  initialize() {
    this.ctx.provide('head', 'my_head', ({ hidden }, env) => new ClassHead(hidden, env), {
      config,
      description: 'hidden layer, then logits',
    })
  }
}
