// Cross-entropy between predicted classes and labels.
import * as tf from '@tensorflow/tfjs'
import { EngineError, type Loss, nn, plugin, z } from 'plugboard'

const config = z.strictObject({
  label_smoothing: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe('share of the target spread evenly over all classes'),
  class_weights: z
    .array(z.number().min(0))
    .min(2)
    .refine((weights) => weights.some((weight) => weight > 0), 'one of them must be above 0')
    .optional()
    .describe('how much each class counts, in order; for classes of unequal size'),
})

type CrossEntropyConfig = z.output<typeof config>

/** As PyTorch's: with `class_weights` the mean is weighted by the classes of the labels. */
function createLoss({ label_smoothing: smoothing, class_weights }: CrossEntropyConfig): Loss {
  const weightsFor = (logits: tf.Tensor): tf.Tensor1D | undefined => {
    if (!class_weights) return undefined
    const classes = logits.shape.at(-1)!
    if (class_weights.length === classes) return tf.tensor1d(class_weights)
    throw new EngineError({
      code: 'contribution.config',
      message: `class_weights of cross_entropy are ${class_weights.length}, but the model tells ${classes} classes apart`,
      hint: 'give one weight for each class, in the order of their numbers',
    })
  }
  return {
    compute(args) {
      const { logits, labels, mask } = nn.readClasses('cross_entropy', args)
      return nn.crossEntropy(logits, labels, { mask, smoothing, classWeights: weightsFor(logits) })
    },
    weight(args) {
      const { logits } = nn.readClasses('cross_entropy', args)
      return nn.countLabels(args.batch, weightsFor(logits))
    },
    ranges(args) {
      const { logits } = nn.readClasses('cross_entropy', args)
      return { labels: { min: 0, max: logits.shape.at(-1)! - 1, isWhole: true } }
    },
  }
}

export default class CrossEntropy extends plugin({
  manifest: {
    name: 'cross_entropy',
    version: '1.1.0',
    category: 'loss',
    description: 'Mean negative log-probability of the right class, in nats',
    tags: ['classification', 'language model'],
    provides: ['loss', 'loss/cross_entropy'],
  },
}) {
  initialize() {
    this.ctx.provide('loss', 'cross_entropy', createLoss, {
      config,
      default: true,
      description: 'for classes: labels are class numbers',
    })
  }
}
