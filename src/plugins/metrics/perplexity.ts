// How many equally likely choices a language model is torn between.
import * as tf from '@tensorflow/tfjs'
import { nn, plugin, type TensorMap } from 'plugboard'

/** [sum of losses in nats, number of labels], over what the mask keeps. */
function sumLosses(args: { outputs: TensorMap; batch: TensorMap }): tf.Tensor1D {
  const { logits, labels, mask } = nn.readClasses('perplexity', args)
  const count = nn.countLabels(args.batch)
  return tf.stack([nn.crossEntropy(logits, labels, { mask }).mul(count), count]) as tf.Tensor1D
}

export default class Perplexity extends plugin({
  manifest: {
    name: 'perplexity',
    version: '1.0.0',
    category: 'metric',
    description: 'Exponential of the mean cross-entropy',
    tags: ['language model'],
    provides: ['metric/perplexity'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'metric',
      'perplexity',
      () => ({
        measure: sumLosses,
        // Of no labels there is no mean: the value is left out.
        summarize: ([nats = 0, count = 0]): Record<string, number> =>
          count > 0 ? { perplexity: Math.exp(nats / count) } : {},
      }),
      { description: 'exponential of the mean cross-entropy' },
    )
  }
}
