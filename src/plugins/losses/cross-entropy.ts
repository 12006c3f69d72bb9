// Cross-entropy between predicted classes and labels.
import * as tf from '@tensorflow/tfjs'
import { EngineError, nn, plugin, type TensorMap, z } from 'plugboard'

const config = z.strictObject({
  label_smoothing: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe('share of the target spread evenly over all classes'),
})

/** `attention_mask` says which labels count where it has a value for each of them. */
function maskOf({ labels, attention_mask: mask }: TensorMap): tf.Tensor | undefined {
  return mask && labels && tf.util.arraysEqual(mask.shape, labels.shape) ? mask : undefined
}

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
        compute({ outputs, batch }) {
          const { logits } = outputs
          const { labels } = batch
          if (!logits || !labels) {
            throw new EngineError({
              code: 'loss.shape',
              message: `cross_entropy needs the output 'logits' and the column 'labels'; there are outputs ${Object.keys(outputs).join(', ')} and columns ${Object.keys(batch).join(', ')}`,
              hint: 'choose a model that classifies, or another loss',
            })
          }
          return nn.crossEntropy(logits, labels, { mask: maskOf(batch), smoothing })
        },
        weight: ({ batch }) => maskOf(batch)?.sum() ?? nn.scalar(batch['labels']!.size),
      }),
      { config, default: true, description: 'for classes: labels are class numbers' },
    )
  }
}
