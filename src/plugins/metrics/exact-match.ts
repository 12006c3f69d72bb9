// Share of rows whose labels are all right.
import * as tf from '@tensorflow/tfjs'
import { nn, plugin, type TensorMap } from 'plugboard'

/** [rows all right, rows], of rows that have a label which the mask keeps. */
function countExact(args: { outputs: TensorMap; batch: TensorMap }): tf.Tensor1D {
  const { logits, labels, mask } = nn.readClasses('exact_match', args)
  const [rows] = labels.shape as [number]
  const wrong = logits.argMax(-1).notEqual(labels.toInt()).toFloat()
  const kept = (mask ?? wrong.onesLike()).reshape([rows, -1]).sum(1).greater(0).toFloat()
  const faults = (mask ? wrong.mul(mask) : wrong).reshape([rows, -1]).sum(1)
  const exact = faults.equal(0).toFloat().mul(kept)
  return tf.stack([exact.sum(), kept.sum()]) as tf.Tensor1D
}

export default class ExactMatch extends plugin({
  manifest: {
    name: 'exact_match',
    version: '1.0.0',
    category: 'metric',
    description: 'Share of rows that are right in all places',
    tags: ['classification', 'sequences'],
    provides: ['metric/exact_match'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'metric',
      'exact_match',
      () => ({
        measure: countExact,
        // Of no rows there is no share: the value is left out.
        summarize: ([exact = 0, rows = 0]): Record<string, number> =>
          rows > 0 ? { exact_match: exact / rows } : {},
      }),
      { description: 'share of rows whose labels the largest logits name in every place' },
    )
  }
}
