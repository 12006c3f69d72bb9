// Language-model head: the next token at each position, from the hidden states of any model.
import type * as tf from '@tensorflow/tfjs'
import {
  EngineError,
  type ForwardContext,
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
  dropout: z.number().min(0).lt(1).default(0).describe('share of values zeroed while training'),
  bias: z.boolean().default(false).describe('a learned offset for each token'),
})

type LanguageModelConfig = z.output<typeof config>

/** `hidden_states` [batch, time, width] to `logits` [batch, time, vocabulary]. */
class LanguageModel extends Module {
  readonly drop: nn.Dropout
  readonly decoder: nn.Linear
  readonly vocabulary: number

  constructor({ dropout, bias }: LanguageModelConfig, { width, columns }: HeadEnv) {
    super()
    const vocabulary = columns['labels']?.limit ?? columns['input_ids']?.limit
    if (vocabulary === undefined) throw unknownSize(Object.keys(columns))
    this.vocabulary = vocabulary
    this.drop = new nn.Dropout(dropout)
    this.decoder = new nn.Linear(width, vocabulary, { bias, weight: init.normal(0.02) })
  }

  forward({ hidden_states: states }: TensorMap, ctx: ForwardContext): TensorMap {
    return { logits: this.decoder.forward(this.drop.forward(states!, ctx)) }
  }

  /** Cross-entropy in nats, over the labels that the mask keeps. */
  computeLoss(args: Predicted): tf.Scalar {
    const { logits, labels, mask } = nn.readClasses('language_model', args)
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

const unknownSize = (columns: readonly string[]): EngineError =>
  new EngineError({
    code: 'contribution.config',
    message: `the head language_model does not know how many tokens there are: neither labels nor input_ids has a limit (columns: ${columns.join(', ')})`,
    hint: 'name a tokenizer and put next_token into `preprocess`',
  })

export default class LanguageModelHead extends plugin({
  manifest: {
    name: 'language_model_head',
    version: '1.0.0',
    category: 'head',
    description: 'The next token at each position, from the hidden states of a model',
    tags: ['language model'],
    provides: ['head/language_model'],
  },
}) {
  initialize() {
    this.ctx.provide('head', 'language_model', (options, env) => new LanguageModel(options, env), {
      config,
      description: 'hidden states to `logits` of the next token at each position',
    })
  }
}
