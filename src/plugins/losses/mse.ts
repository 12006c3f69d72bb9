// Mean squared error, for models that predict numbers.
import * as tf from '@tensorflow/tfjs'
import { EngineError, nn, plugin } from 'plugboard'

export default class MeanSquaredError extends plugin({
  manifest: {
    name: 'mse',
    version: '1.0.0',
    category: 'loss',
    description:
      'Mean of the squared differences between predictions and labels that the mask keeps',
    tags: ['regression'],
    provides: ['loss/mse'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'loss',
      'mse',
      () => ({
        compute({ outputs: { predictions }, batch }) {
          const { labels } = batch
          if (!predictions || !labels || !tf.util.arraysEqual(predictions.shape, labels.shape)) {
            const shape = (tensor?: tf.Tensor) =>
              tensor ? `[${tensor.shape.join(', ')}]` : 'missing'
            throw new EngineError({
              code: 'loss.shape',
              message: `mse needs 'predictions' and 'labels' of one shape; predictions are ${shape(predictions)}, labels ${shape(labels)}`,
              hint: 'choose a model for numbers, or a loss for classes such as cross_entropy',
            })
          }
          const squares = predictions.sub(labels).square()
          const mask = nn.labelMask(batch)
          if (!mask) return squares.mean()
          return squares
            .mul(mask)
            .sum()
            .div(tf.maximum(mask.sum(), nn.scalar(1)))
        },
        weight: ({ batch }) => nn.countLabels(batch),
      }),
      { description: 'for numbers: predictions and labels of one shape' },
    )
  }
}
