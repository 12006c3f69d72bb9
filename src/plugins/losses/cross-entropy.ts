// Cross-entropy between predicted classes and labels.
import { nn, plugin, z } from 'plugboard'

const config = z.strictObject({
  label_smoothing: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe('share of the target spread evenly over all classes'),
})

export default class CrossEntropy extends plugin({
  manifest: {
    name: 'cross_entropy',
    version: '1.0.0',
    category: 'loss',
    description: 'Mean negative log-probability of the right class, in nats',
    tags: ['classification', 'language model'],
    provides: ['loss', 'loss/cross_entropy'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'loss',
      'cross_entropy',
      ({ label_smoothing: smoothing }) => ({
        compute(args) {
          const { logits, labels, mask } = nn.readClasses('cross_entropy', args)
          return nn.crossEntropy(logits, labels, { mask, smoothing })
        },
        weight: ({ batch }) => nn.countLabels(batch),
      }),
      { config, default: true, description: 'for classes: labels are class numbers' },
    )
  }
}
