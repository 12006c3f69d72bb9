// How many bits a language model needs for a character.
import * as tf from '@tensorflow/tfjs'
import { nn, plugin, type TensorMap, z } from 'plugboard'

const config = z.strictObject({
  characters_per_token: z
    .number()
    .positive()
    .default(1)
    .describe('1 for characters and bytes; the mean length where tokens are longer'),
})

/** [sum of losses in nats, number of labels], over what the mask keeps. */
function sumLosses(args: { outputs: TensorMap; batch: TensorMap }): tf.Tensor1D {
  const { logits, labels, mask } = nn.readClasses('bits_per_character', args)
  const count = nn.countLabels(args.batch)
  return tf.stack([nn.crossEntropy(logits, labels, { mask }).mul(count), count]) as tf.Tensor1D
}

export default class BitsPerCharacter extends plugin({
  manifest: {
    name: 'bits_per_character',
    version: '1.0.0',
    category: 'metric',
    description: 'Mean cross-entropy in bits, by characters',
    tags: ['language model'],
    provides: ['metric/bits_per_character'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'metric',
      'bits_per_character',
      ({ characters_per_token: length }) => ({
        measure: sumLosses,
        // Of no labels there is no mean: the value is left out.
        summarize: ([nats = 0, count = 0]): Record<string, number> =>
          count > 0 ? { bits_per_character: nats / (count * length * Math.LN2) } : {},
      }),
      { config, description: 'mean cross-entropy in bits, by characters' },
    )
  }
}
