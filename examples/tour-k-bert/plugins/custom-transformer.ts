// A complete model plugin: a transformer of one's own, from its settings to what heads get.
import type * as tf from '@tensorflow/tfjs'
import {
  EngineError,
  type ForwardContext,
  init,
  type ModelEnv,
  Module,
  nn,
  plugin,
  type TensorMap,
  z,
} from 'plugboard'

/** The default config; what an experiment sets is laid over it. Sizes of a BERT are 768, 12 and 12. */
export const config = z.strictObject({
  hidden_size: z.int().min(1).default(32).describe('numbers that stand for a token'),
  num_layers: z.int().min(1).max(24).default(2).describe('encoder layers'),
  num_heads: z.int().min(1).default(4).describe('attention heads, a divisor of hidden_size'),
  dropout: z.number().min(0).lt(1).default(0.1).describe('share of values zeroed in training'),
})

type TransformerConfig = z.output<typeof config>

/** Attention in both directions, then a network at each position; each adds to what it was given. */
class EncoderLayer extends Module<tf.Tensor, tf.Tensor> {
  readonly norm1: nn.LayerNorm
  readonly attention: nn.SelfAttention
  readonly norm2: nn.LayerNorm
  readonly network: nn.FeedForward

  constructor(
    { hidden_size: width, num_heads: heads, dropout }: TransformerConfig,
    context: number,
  ) {
    super()
    this.norm1 = new nn.LayerNorm(width)
    this.attention = new nn.SelfAttention({ width, heads, context, dropout, causal: false })
    this.norm2 = new nn.LayerNorm(width)
    this.network = new nn.FeedForward({ width, dropout })
  }

  forward(x: tf.Tensor, ctx: ForwardContext): tf.Tensor {
    const seen = x.add(this.attention.forward(this.norm1.forward(x) as tf.Tensor3D, ctx))
    return seen.add(this.network.forward(this.norm2.forward(seen) as tf.Tensor3D, ctx))
  }
}

/**
 * `input_ids` [batch, time] to `hidden_states` [batch, time, hidden_size], and `pooled_output` [batch, hidden_size]:
 * the state of the first token, [CLS].
 */
export class CustomTransformer extends Module {
  readonly tokens: nn.Embedding
  readonly places: nn.Embedding
  readonly layers: EncoderLayer[]
  readonly norm: nn.LayerNorm
  readonly width: number

  constructor(options: TransformerConfig, { columns }: ModelEnv) {
    super()
    const ids = columns['input_ids']
    if (ids?.limit === undefined) {
      throw new EngineError({
        code: 'model.forward',
        message: `custom_transformer reads ids in the column input_ids; there are ${Object.keys(columns).join(', ')}`,
        hint: 'add `preprocess: [encode_text]` to the experiment: it puts [CLS] first',
      })
    }
    const [context] = ids.shape as [number]
    this.width = options.hidden_size
    this.tokens = new nn.Embedding(ids.limit, this.width, init.normal(0.1))
    this.places = new nn.Embedding(context, this.width, init.normal(0.1))
    this.layers = Array.from(
      { length: options.num_layers },
      () => new EncoderLayer(options, context),
    )
    this.norm = new nn.LayerNorm(this.width)
  }

  forward({ input_ids: ids, attention_mask: mask }: TensorMap, ctx: ForwardContext): TensorMap {
    // Attention finds in the context which positions are only filled up.
    const within = { ...ctx, mask }
    let x = this.tokens.forward(ids!).add(this.places.weight)
    for (const layer of this.layers) x = layer.forward(x, within)
    const states = this.norm.forward(x)
    return { hidden_states: states, pooled_output: nn.pool(states, 'first') }
  }
}

/** `model: custom_transformer`, or with settings: `{ name: custom_transformer, config: { num_layers: 4 } }`. */
export default class CustomTransformerPlugin extends plugin({
  manifest: {
    name: 'custom_transformer',
    version: '1.0.0',
    category: 'model',
    description: 'Custom transformer architecture',
    tags: ['text', 'transformer'],
    provides: ['model/custom_transformer', 'custom_transformer_v1'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'model',
      'custom_transformer',
      (options, env) => new CustomTransformer(options, env),
      { config, description: 'ids to `hidden_states` and `pooled_output`' },
    )
  }
}
