// Mean absolute error, for models that predict numbers.
import { nn, plugin } from 'plugboard'

export default class MeanAbsoluteError extends plugin({
  manifest: {
    name: 'mae_loss',
    version: '1.0.0',
    category: 'loss',
    description: 'Mean distance between predictions and labels that the mask keeps',
    tags: ['regression'],
    provides: ['loss/mae'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'loss',
      'mae',
      () => ({
        compute(args) {
          const { predictions, labels, mask } = nn.readNumbers('mae', args)
          return nn.maskedMean(predictions.sub(labels).abs(), mask)
        },
        weight: ({ batch }) => nn.countLabels(batch),
      }),
      { description: 'for numbers with outliers: every difference pulls the same' },
    )
  }
}
