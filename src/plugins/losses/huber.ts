// Huber's loss: squared where it is near, straight where it is far.
import type * as tf from '@tensorflow/tfjs'
import { nn, plugin, z } from 'plugboard'

const config = z.strictObject({
  delta: z.number().positive().default(1).describe('distance up to which it is squared'),
})

/**
 * e²/2 up to `delta`, delta (|e| - delta/2) beyond (Huber 1964). With the near part n = e clipped to ± delta both
 * are n (e - n/2), whose gradient is n on either side: no choice between branches is needed.
 */
function huber(error: tf.Tensor, delta: number): tf.Tensor {
  const near = error.clipByValue(-delta, delta)
  return near.mul(error.sub(near.mul(nn.scalar(0.5))))
}

export default class Huber extends plugin({
  manifest: {
    name: 'huber',
    version: '1.0.0',
    category: 'loss',
    description: 'Squared error for small differences, absolute error for large ones',
    tags: ['regression'],
    provides: ['loss/huber'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'loss',
      'huber',
      ({ delta }) => ({
        compute(args) {
          const { predictions, labels, mask } = nn.readNumbers('huber', args)
          return nn.maskedMean(huber(predictions.sub(labels), delta), mask)
        },
        weight: ({ batch }) => nn.countLabels(batch),
      }),
      { config, description: 'for numbers: outliers pull no more than `delta`' },
    )
  }
}
