// Coefficient of determination: how much of the labels' variance the predictions explain.
import * as tf from '@tensorflow/tfjs'
import { nn, plugin, type TensorMap } from 'plugboard'

/**
 * [labels, their sum, sum of their squares, sum of squared errors] of each output in turn, over what the mask keeps.
 * Sums over a batch are in float32: bring labels whose mean is far above their spread near 0 first.
 */
function sumSquares(args: { outputs: TensorMap; batch: TensorMap }): tf.Tensor1D {
  const { predictions, labels, mask } = nn.readNumbers('r2', args)
  const [rows] = labels.shape as [number]
  const spread = (tensor: tf.Tensor) => tensor.toFloat().reshape([rows, -1])
  const wanted = spread(labels)
  const kept = mask ? spread(mask) : tf.onesLike(wanted)
  const squares = [
    kept,
    wanted.mul(kept),
    wanted.square().mul(kept),
    spread(predictions).sub(wanted).square().mul(kept),
  ]
  return tf
    .stack(
      squares.map((each) => each.sum(0)),
      1,
    )
    .flatten()
}

/** 1 - squared errors / squares about the mean; undefined where all labels are equal. */
function determination([count, sum, squares, errors]: readonly number[]): number | undefined {
  const total = squares! - (sum! * sum!) / count!
  // What is left of equal labels is rounding.
  return count! > 1 && total > 1e-6 * squares! ? 1 - errors! / total : undefined
}

export default class RSquared extends plugin({
  manifest: {
    name: 'r2',
    version: '1.0.0',
    category: 'metric',
    description: 'Share of the variance of the labels that the predictions explain',
    tags: ['regression'],
    provides: ['metric/r2'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'metric',
      'r2',
      () => ({
        measure: sumSquares,
        /** The mean over the outputs whose labels vary; without any the value is left out. */
        summarize(sums): Record<string, number> {
          const values = Array.from({ length: sums.length / 4 }, (_, i) =>
            determination(sums.slice(4 * i, 4 * i + 4)),
          ).filter((value) => value !== undefined)
          if (values.length === 0) return {}
          return { r2: values.reduce((sum, value) => sum + value, 0) / values.length }
        },
      }),
      { description: 'share of the variance that is explained; 0 is as good as the mean' },
    )
  }
}
