// Mean squared error, for models that predict numbers.
import { nn, plugin } from 'plugboard'

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
        compute(args) {
          const { predictions, labels, mask } = nn.readNumbers('mse', args)
          return nn.maskedMean(predictions.sub(labels).square(), mask)
        },
        weight: ({ batch }) => nn.countLabels(batch),
      }),
      { description: 'for numbers: predictions and labels of one shape' },
    )
  }
}
