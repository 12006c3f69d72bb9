// GPT: a small decoder-only transformer language model.
import * as tf from '@tensorflow/tfjs'
import {
  componentSchema,
  EngineError,
  extended,
  type ForwardContext,
  type InstanceOf,
  init,
  type ModelEnv,
  Module,
  nn,
  plugin,
  type TensorMap,
  z,
} from 'plugboard'

const config = z.strictObject({
  layers: z.int().min(1).max(48).default(2).describe('transformer blocks'),
  heads: z.int().min(1).default(4).describe('attention heads, a divisor of the width'),
  width: z.int().min(1).default(64).describe('size of the vector at each position'),
  dropout: z.number().min(0).lt(1).default(0).describe('share of values zeroed while training'),
  positions: z
    .enum(['learned', 'rotary'])
    .default('learned')
    .describe('a vector for each position, or queries and keys rotated by it'),
  attention: componentSchema
    .optional()
    .describe('how positions see each other; without it, the default one'),
  ffn: componentSchema
    .optional()
    .describe('what happens at each position; without it, the default one'),
  tie_weights: z
    .boolean()
    .default(true)
    .describe('use the token embedding for the output as well, as GPT-2 does'),
})

type GptConfig = z.output<typeof config>

/** Deviation of initial weights in GPT-2. */
const DEVIATION = 0.02

/** x + attention(norm(x)), then x + ffn(norm(x)): the pre-norm block of GPT-2. */
class Block extends Module<tf.Tensor3D, tf.Tensor3D> {
  readonly norm1: nn.LayerNorm
  readonly attn: InstanceOf<'attention'>
  readonly norm2: nn.LayerNorm
  readonly ffn: InstanceOf<'ffn'>

  constructor(
    { width, heads, dropout, positions, attention, ffn }: GptConfig,
    context: number,
    env: ModelEnv,
  ) {
    super()
    const rotary = positions === 'rotary'
    const shape = { width, heads, context, dropout, causal: true, rotary }
    this.norm1 = new nn.LayerNorm(width)
    this.attn = env.create('attention', attention, shape)
    this.norm2 = new nn.LayerNorm(width)
    this.ffn = env.create('ffn', ffn, shape)
  }

  forward(x: tf.Tensor3D, ctx: ForwardContext): tf.Tensor3D {
    // Rows are filled up at their end, where no position looks: only a router has to know of it.
    const unmasked = extended(ctx, { mask: undefined })
    const seen = x.add<tf.Tensor3D>(this.attn.forward(this.norm1.forward(x), unmasked))
    return seen.add(this.ffn.forward(this.norm2.forward(seen) as tf.Tensor3D, ctx))
  }
}

/**
 * `input_ids` [batch, time] to `logits` [batch, time, vocabulary]; position t predicts token t + 1.
 * For a head: to `hidden_states` [batch, time, width].
 * Radford et al. 2019, "Language Models are Unsupervised Multitask Learners", section 2.3.
 */
class Gpt extends Module<TensorMap, TensorMap> {
  readonly token_embedding: nn.Embedding
  readonly position_embedding: nn.Embedding | undefined
  readonly drop: nn.Dropout
  readonly layers: Block[]
  readonly norm: nn.LayerNorm
  /** Absent when the token embedding serves for the output, and for a head of the experiment. */
  readonly head: nn.Linear | undefined
  readonly context: number
  readonly width: number
  readonly hasHead: boolean

  constructor(config: GptConfig, env: ModelEnv) {
    super()
    const ids = env.columns['input_ids']
    if (ids?.limit === undefined || ids.shape.length !== 1) {
      throw new EngineError({
        code: 'model.forward',
        message: `gpt needs a column 'input_ids' of token ids; batches have ${Object.keys(env.columns).join(', ')}`,
        hint: 'name a tokenizer and put next_token into `preprocess`',
      })
    }
    const vocabulary = ids.limit
    const weight = init.normal(DEVIATION)
    this.context = ids.shape[0]!
    this.token_embedding = new nn.Embedding(vocabulary, config.width, weight)
    if (config.positions === 'learned')
      this.position_embedding = new nn.Embedding(this.context, config.width, weight)
    this.drop = new nn.Dropout(config.dropout)
    this.layers = Array.from({ length: config.layers }, () => new Block(config, this.context, env))
    this.norm = new nn.LayerNorm(config.width)
    this.width = config.width
    this.hasHead = env.hasHead
    if (!config.tie_weights && !env.hasHead) {
      this.head = new nn.Linear(config.width, vocabulary, { bias: false, weight })
    }
  }

  forward({ input_ids: ids, attention_mask: mask }: TensorMap, ctx: ForwardContext): TensorMap {
    const time = ids!.shape[1]!
    if (time > this.context) {
      throw new EngineError({
        code: 'model.forward',
        message: `gpt was built for ${this.context} ids in a row, but was given ${time}`,
        hint: 'pass the last ids only, or set a longer context in next_token',
      })
    }
    const positions = this.position_embedding?.weight
    const tokens = this.token_embedding.forward(ids!)
    const placed = positions
      ? tokens.add(time === this.context ? positions : positions.slice(0, time))
      : tokens
    let x = this.drop.forward(placed, ctx) as tf.Tensor3D
    const within = extended(ctx, { mask })
    for (const layer of this.layers) x = layer.forward(x, within)
    const states = this.norm.forward(x)
    return this.hasHead ? { hidden_states: states } : { logits: this.#unembed(states) }
  }

  #unembed(x: tf.Tensor): tf.Tensor {
    if (this.head) return this.head.forward(x)
    const [vocabulary, width] = this.token_embedding.weight.shape as [number, number]
    const table = this.token_embedding.weight.transpose<tf.Tensor2D>()
    const logits = tf.matMul(x.reshape<tf.Tensor2D>([-1, width]), table)
    return logits.reshape([...x.shape.slice(0, -1), vocabulary])
  }
}

export default class GptPlugin extends plugin({
  manifest: {
    name: 'gpt',
    version: '1.0.0',
    category: 'model',
    description: 'Decoder-only transformer that predicts the next token, as GPT-2',
    tags: ['transformer', 'language model'],
    provides: ['model/gpt'],
    requires: { 'kind:attention': '*', 'kind:ffn': '*' },
  },
}) {
  initialize() {
    this.ctx.provide('model', 'gpt', (options, env) => new Gpt(options, env), {
      config,
      description: 'language model; positions are learned, or rotated in',
    })
  }
}
