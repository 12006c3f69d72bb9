// How many equally likely choices a language model is torn between.
import type * as tf from '@tensorflow/tfjs'
import { nn, plugin, type TensorMap } from 'plugboard'

/** [sum of losses in nats, number of labels], over what the mask keeps. */
function sumLosses({ outputs, batch }: { outputs: TensorMap; batch: TensorMap }): tf.Tensor1D {
  const labels = batch['labels']!
  const given = batch['attention_mask']
  const mask = given?.size === labels.size ? given.toFloat() : labels.onesLike().toFloat()
  const count = mask.sum()
  const mean = nn.crossEntropy(outputs['logits']!, labels, { mask })
  return mean
    .mul(count)
    .reshape([1])
    .concat(count.reshape([1]))
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
        summarize: ([nats = 0, count = 0]) => ({
          perplexity: count > 0 ? Math.exp(nats / count) : 1,
        }),
      }),
      { description: 'exponential of the mean cross-entropy' },
    )
  }
}
