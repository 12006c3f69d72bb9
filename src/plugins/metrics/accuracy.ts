// Share of labels that the largest logit names.
import type * as tf from '@tensorflow/tfjs'
import { plugin, type TensorMap } from 'plugboard'

/** [right, all], counted where the mask keeps a label. */
function countRight({ outputs, batch }: { outputs: TensorMap; batch: TensorMap }): tf.Tensor1D {
  const labels = batch['labels']!.flatten().toInt()
  const logits = outputs['logits']!
  const classes = logits.shape.at(-1)!
  const right = logits.reshape([-1, classes]).argMax(-1).equal(labels).toFloat()
  const mask = batch['attention_mask']
  const kept = mask?.size === labels.size ? mask.flatten().toFloat() : labels.onesLike().toFloat()
  return right
    .mul(kept)
    .sum()
    .reshape([1])
    .concat(kept.sum().reshape([1]))
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
        summarize: ([right = 0, all = 0]) => ({ accuracy: all > 0 ? right / all : 0 }),
      }),
      { description: 'share of labels that the largest logit names' },
    )
  }
}
