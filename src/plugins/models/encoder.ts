// Encoder: a transformer that reads a text in both directions, as BERT.
import * as tf from '@tensorflow/tfjs'
import {
  componentSchema,
  EngineError,
  extended,
  type ForwardContext,
  type InstanceOf,
  init,
  type LayerEnv,
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
  dropout: z.number().min(0).lt(1).default(0.1).describe('share of values zeroed while training'),
  norm: z
    .enum(['pre', 'post'])
    .default('pre')
    .describe('norms before each half of a block, or after it as in BERT, which wants a warm-up'),
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
})

type EncoderConfig = z.output<typeof config>

/** Deviation of initial weights in BERT. */
const DEVIATION = 0.02

/** Attention, then a network at each position; what came in is added to what each of them gives. */
class Block extends Module<tf.Tensor, tf.Tensor> {
  readonly norm1: nn.LayerNorm
  readonly attn: InstanceOf<'attention'>
  readonly norm2: nn.LayerNorm
  readonly ffn: InstanceOf<'ffn'>
  readonly isPreNorm: boolean

  constructor({ norm, attention, ffn }: EncoderConfig, shape: LayerEnv, env: ModelEnv) {
    super()
    this.norm1 = new nn.LayerNorm(shape.width)
    this.attn = env.create('attention', attention, shape)
    this.norm2 = new nn.LayerNorm(shape.width)
    this.ffn = env.create('ffn', ffn, shape)
    this.isPreNorm = norm === 'pre'
  }

  forward(x: tf.Tensor, ctx: ForwardContext): tf.Tensor {
    if (this.isPreNorm) {
      const seen = x.add(this.attn.forward(this.norm1.forward(x), ctx))
      return seen.add(this.ffn.forward(this.norm2.forward(seen), ctx))
    }
    const seen = this.norm1.forward(x.add(this.attn.forward(x, ctx)))
    return this.norm2.forward(seen.add(this.ffn.forward(seen, ctx)))
  }
}

/**
 * `input_ids` [batch, time] to `hidden_states` [batch, time, width], for a head. Each position sees all that
 * `attention_mask` keeps. A column `token_type_ids` tells the parts of a row apart.
 * Devlin et al. 2019, "BERT", section 3; with `norm: pre` as in Xiong et al. 2020.
 */
class Encoder extends Module<TensorMap, TensorMap> {
  readonly token_embedding: nn.Embedding
  readonly position_embedding: nn.Embedding | undefined
  readonly segment_embedding: nn.Embedding | undefined
  /** Of the embeddings, with norms after each half. */
  readonly embedding_norm: nn.LayerNorm | undefined
  readonly drop: nn.Dropout
  readonly layers: Block[]
  /** Of the last states, with norms before each half. */
  readonly norm: nn.LayerNorm | undefined
  readonly context: number
  readonly width: number

  constructor(options: EncoderConfig, env: ModelEnv) {
    super()
    const ids = env.columns['input_ids']
    if (ids?.limit === undefined || ids.shape.length !== 1) throw withoutIds(env)
    if (!env.hasHead) throw withoutHead()
    const { layers, heads, width, dropout, norm, positions } = options
    const weight = init.normal(DEVIATION)
    const context = ids.shape[0]!
    const segments = env.columns['token_type_ids']?.limit
    this.context = context
    this.width = width
    this.token_embedding = new nn.Embedding(ids.limit, width, weight)
    if (positions === 'learned') this.position_embedding = new nn.Embedding(context, width, weight)
    if (segments !== undefined) this.segment_embedding = new nn.Embedding(segments, width, weight)
    if (norm === 'post') this.embedding_norm = new nn.LayerNorm(width)
    this.drop = new nn.Dropout(dropout)
    const rotary = positions === 'rotary'
    const shape = { width, heads, context, dropout, causal: false, rotary }
    this.layers = Array.from({ length: layers }, () => new Block(options, shape, env))
    if (norm === 'pre') this.norm = new nn.LayerNorm(width)
  }

  forward(inputs: TensorMap, ctx: ForwardContext): TensorMap {
    const mask = inputs['attention_mask']
    const within = mask ? extended(ctx, { mask }) : ctx
    let x = this.drop.forward(this.#embed(inputs), ctx)
    for (const layer of this.layers) x = layer.forward(x, within)
    return { hidden_states: this.norm?.forward(x) ?? x }
  }

  #embed({ input_ids: ids, token_type_ids: types }: TensorMap): tf.Tensor {
    const time = ids!.shape[1]!
    if (time > this.context) throw tooLong(this.context, time)
    const positions = this.position_embedding?.weight
    const segments = this.segment_embedding
    let x = this.token_embedding.forward(ids!)
    if (positions) x = x.add(time === this.context ? positions : positions.slice(0, time))
    // Rows without parts, as somebody may try the model on, are all of the first part.
    if (segments) x = x.add(segments.forward(types ?? tf.zerosLike(ids!)))
    return this.embedding_norm?.forward(x) ?? x
  }
}

const withoutIds = ({ columns }: ModelEnv): EngineError =>
  new EngineError({
    code: 'model.forward',
    message: `encoder needs a column 'input_ids' of token ids; batches have ${Object.keys(columns).join(', ')}`,
    hint: 'name a tokenizer and put encode_text into `preprocess`',
  })

const withoutHead = (): EngineError =>
  new EngineError({
    code: 'model.forward',
    message:
      'encoder gives hidden states, and the experiment names no head to make anything of them',
    hint: 'add `head: classification`, or `head: masked_language_model` to train it on text alone',
  })

const tooLong = (context: number, time: number): EngineError =>
  new EngineError({
    code: 'model.forward',
    message: `encoder was built for ${context} ids in a row, but was given ${time}`,
    hint: 'cut the rows, or set a longer context in encode_text',
  })

export default class EncoderPlugin extends plugin({
  manifest: {
    name: 'encoder',
    version: '1.0.0',
    category: 'model',
    description: 'Transformer that reads a text in both directions, as BERT',
    tags: ['transformer', 'text', 'classification'],
    provides: ['model/encoder'],
    requires: { 'kind:attention': '*', 'kind:ffn': '*' },
  },
}) {
  initialize() {
    this.ctx.provide('model', 'encoder', (options, env) => new Encoder(options, env), {
      config,
      description: 'ids to `hidden_states` that know all of the text around them',
    })
  }
}
