// A custom metric: numbers that add up over batches, and a value made of their sums at the end.
import * as tf from '@tensorflow/tfjs'
import { type Metric, nn, plugin, type Predicted, z } from 'plugboard'

const config = z.strictObject({
  task: z.string().default('gender').describe('its logits are in the output `<task>_logits`'),
})

/** `<task>_sureness`: the mean share of the class that is guessed. Above the accuracy, the model is too sure. */
class Sureness implements Metric {
  readonly #task: string

  constructor({ task }: z.output<typeof config>) {
    this.#task = task
  }

  /** On the device, and nothing is read from it here: sum of the shares, and number of rows. */
  measure({ outputs }: Predicted): tf.Tensor1D {
    const logits = outputs[`${this.#task}_logits`]
    if (!logits) return tf.zeros([2])
    const share = tf.softmax(logits).max(-1)
    return tf.stack([share.sum(), nn.scalar(share.size)]).as1D()
  }

  summarize([sum = 0, rows = 0]: readonly number[]): Record<string, number> {
    return rows > 0 ? { [`${this.#task}_sureness`]: sum / rows } : {}
  }
}

export default class SurenessPlugin extends plugin({
  manifest: {
    name: 'sureness',
    version: '1.0.0',
    category: 'metric',
    description: 'How sure a model is of its guesses on the mean',
    provides: ['metric/sureness'],
  },
}) {
  initialize() {
    this.ctx.provide('metric', 'sureness', (options) => new Sureness(options), {
      config,
      description: 'mean share of the class that is guessed',
    })
  }
}
