// Share of labels that the largest logit names.
import * as tf from '@tensorflow/tfjs'
import { nn, plugin, type TensorMap } from 'plugboard'

/** [right, all], counted over the labels that the mask keeps. */
function countRight(args: { outputs: TensorMap; batch: TensorMap }): tf.Tensor1D {
  const { logits, labels, mask } = nn.readClasses('accuracy', args)
  const right = logits.argMax(-1).equal(labels.toInt()).toFloat()
  const kept = mask ?? right.onesLike()
  return tf.stack([right.mul(kept).sum(), kept.sum()]) as tf.Tensor1D
}

export default class Accuracy extends plugin({
  manifest: {
    name: 'accuracy',
    version: '1.0.0',
    category: 'metric',
    description: 'Share of predictions that are right',
    tags: ['classification'],
    provides: ['metric/accuracy'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'metric',
      'accuracy',
      () => ({
        measure: countRight,
        // Of no labels there is no share: the value is left out.
        summarize: ([right = 0, all = 0]): Record<string, number> =>
          all > 0 ? { accuracy: right / all } : {},
      }),
      { description: 'share of labels that the largest logit names' },
    )
  }
}
