// Share of labels that are among the classes the model finds most likely.
import * as tf from '@tensorflow/tfjs'
import { nn, plugin, type Predicted, z } from 'plugboard'

const config = z.strictObject({
  among: z.int().min(1).default(3).describe('classes with the largest logits that count'),
})

/** Sums over one batch, on the device: [hits, labels], counted over what the mask keeps. */
function count(among: number, args: Predicted): tf.Tensor1D {
  const { logits, labels, mask } = nn.readClasses('my_metric', args)
  const isRight = tf.oneHot(labels.toInt(), logits.shape.at(-1)!).toFloat()
  const right = logits.mul(isRight).sum(-1, true)
  const above = logits.greater(right).toFloat().sum(-1)
  const hits = above.less(nn.scalar(among)).toFloat()
  const kept = mask ?? hits.onesLike()
  return tf.stack([hits.mul(kept).sum(), kept.sum()]) as tf.Tensor1D
}

export default class MyMetric extends plugin({
  manifest: {
    name: 'my_metric',
    version: '1.0.0',
    category: 'metric',
    description: 'Share of labels among the most likely classes',
    tags: ['classification'],
    provides: ['metric/my_metric'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'metric',
      'my_metric',
      ({ among }) => ({
        measure: (args) => count(among, args),
        // The sums of all batches were added up: the share is exact, however rows fall into batches.
        summarize: ([hits = 0, labels = 0]): Record<string, number> =>
          labels > 0 ? { my_metric: hits / labels } : {},
      }),
      { config, description: 'top-k accuracy' },
    )
  }
}
