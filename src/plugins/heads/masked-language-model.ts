// Masked-language-model head: which token is hidden at a position, from the hidden states of an encoder.
import type * as tf from '@tensorflow/tfjs'
import {
  EngineError,
  type HeadEnv,
  init,
  Module,
  nn,
  plugin,
  type Predicted,
  type TensorMap,
  z,
} from 'plugboard'

const config = z.strictObject({
  hidden: z
    .int()
    .min(1)
    .optional()
    .describe('width of the layer before the tokens; that of the model, if left out'),
})

type MaskedConfig = z.output<typeof config>

/**
 * `hidden_states` [batch, time, width] to `logits` [batch, time, vocabulary]: linear, GELU, layer norm, linear, as
 * in BERT (Devlin et al. 2019, section 3.1).
 */
class MaskedLanguageModel extends Module {
  readonly dense: nn.Linear
  readonly norm: nn.LayerNorm
  readonly decoder: nn.Linear
  readonly vocabulary: number

  constructor({ hidden }: MaskedConfig, { width, columns }: HeadEnv) {
    super()
    const { labels, labels_mask: mask } = columns
    if (labels?.limit === undefined || labels.shape.length !== 1 || !mask)
      throw withoutMasks(Object.keys(columns))
    const weight = init.normal(0.02)
    const between = hidden ?? width
    this.vocabulary = labels.limit
    this.dense = new nn.Linear(width, between, { weight })
    this.norm = new nn.LayerNorm(between)
    this.decoder = new nn.Linear(between, this.vocabulary, { weight })
  }

  forward({ hidden_states: states }: TensorMap): TensorMap {
    const seen = this.norm.forward(nn.gelu(this.dense.forward(states!)))
    return { logits: this.decoder.forward(seen) }
  }

  /** Cross-entropy in nats, over the hidden tokens. */
  computeLoss(args: Predicted): tf.Scalar {
    const { logits, labels, mask } = nn.readClasses('masked_language_model', args)
    return nn.crossEntropy(logits, labels, { mask })
  }

  weight({ batch }: Predicted): tf.Scalar {
    return nn.countLabels(batch)
  }

  ranges({ outputs: { logits } }: Predicted) {
    return { labels: { min: 0, max: logits!.shape.at(-1)! - 1, isWhole: true } }
  }

  outputSize() {
    return { logits: this.vocabulary }
  }
}

const withoutMasks = (columns: readonly string[]): EngineError =>
  new EngineError({
    code: 'contribution.config',
    message: `the head masked_language_model needs rows of hidden tokens, in 'labels' and 'labels_mask'; there are ${columns.join(', ')}`,
    hint: 'put `{ name: encode_text, config: { masked: 0.15 } }` into `preprocess`',
  })

export default class MaskedLanguageModelHead extends plugin({
  manifest: {
    name: 'masked_language_model_head',
    version: '1.0.0',
    category: 'head',
    description: 'Which token is hidden at a position, from the hidden states of an encoder',
    tags: ['language model', 'pretraining'],
    provides: ['head/masked_language_model'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'head',
      'masked_language_model',
      (options, env) => new MaskedLanguageModel(options, env),
      { config, description: 'hidden states to `logits` of the token at each position' },
    )
  }
}
