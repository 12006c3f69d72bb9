// Mean distance between predictions and labels.
import * as tf from '@tensorflow/tfjs'
import { nn, plugin, type TensorMap } from 'plugboard'

/** [sum of distances, number of labels], over what the mask keeps. */
function sumDistances(args: { outputs: TensorMap; batch: TensorMap }): tf.Tensor1D {
  const { predictions, labels, mask } = nn.readNumbers('mae', args)
  const distances = predictions.sub(labels).abs()
  const kept = mask ? distances.mul(mask) : distances
  return tf.stack([kept.sum(), nn.countLabels(args.batch)]) as tf.Tensor1D
}

export default class MeanAbsoluteError extends plugin({
  manifest: {
    name: 'mae',
    version: '1.0.0',
    category: 'metric',
    description: 'Mean distance between predictions and labels',
    tags: ['regression'],
    provides: ['metric/mae'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'metric',
      'mae',
      () => ({
        measure: sumDistances,
        // Of no labels there is no mean: the value is left out.
        summarize: ([sum = 0, count = 0]): Record<string, number> =>
          count > 0 ? { mae: sum / count } : {},
      }),
      { description: 'mean distance between predictions and labels' },
    )
  }
}
