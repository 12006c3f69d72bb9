// The two halves of a transformer block: attention along time and a network at each position.
import * as tf from '@tensorflow/tfjs'
import { EngineError } from '../errors.ts'
import { constant, type ForwardContext, type Initializer, Module } from '../module.ts'
import { gelu } from './functions.ts'
import { Dropout, Linear } from './layers.ts'
import { scalar } from './scalar.ts'

export interface SelfAttentionOptions {
  width: number
  heads: number
  /** Longest sequence that the causal mask is made for. */
  context: number
  dropout?: number
  /** Each position sees only itself and those before; true unless set. */
  causal?: boolean
  /** Start of the four weights. */
  weight?: Initializer
}

/** What a hidden position gets instead of its score; finite, so that no product with it is NaN. */
const HIDDEN = -1e9

function causalMask(length: number): Float32Array {
  return Float32Array.from({ length: length * length }, (_, i) =>
    i % length > Math.floor(i / length) ? HIDDEN : 0,
  )
}

function maskFor(mask: tf.Tensor, time: number): tf.Tensor {
  const [context = 0] = mask.shape
  if (time === context) return mask
  if (time < context) return mask.slice([0, 0], [time, time])
  throw new EngineError({
    code: 'model.forward',
    message: `attention was built for ${context} positions, but was given ${time}`,
    hint: 'cut the sequence, or build the layer with a longer context',
  })
}

/**
 * Multi-head self-attention (Vaswani et al. 2017, section 3.2): [batch, time, width] in and out. It knows of
 * no padding: with `causal`, rows that are filled up at their end need no more, as no position looks ahead.
 * Extend it and override `score` for other weights (a bias for distance), or `attend` for another way to mix;
 * projections and heads stay as they are.
 */
export class SelfAttention extends Module<tf.Tensor3D, tf.Tensor3D> {
  readonly query: Linear
  readonly key: Linear
  readonly value: Linear
  readonly out: Linear
  readonly drop: Dropout
  /** Added to the scores, [context, context]. */
  readonly mask: tf.Tensor | undefined
  readonly heads: number
  readonly size: number

  constructor(options: SelfAttentionOptions) {
    super()
    const { width, heads, context, dropout = 0, causal = true, weight } = options
    if (!Number.isInteger(heads) || heads < 1 || width % heads !== 0) {
      throw new EngineError({
        code: 'model.parameter',
        message: `attention of width ${width} cannot be split into ${heads} heads of equal size`,
        hint: 'choose a width that is a multiple of the number of heads',
      })
    }
    const projection = () => new Linear(width, width, weight ? { weight } : {})
    this.query = projection()
    this.key = projection()
    this.value = projection()
    this.out = projection()
    this.drop = new Dropout(dropout)
    this.heads = heads
    this.size = width / heads
    if (causal) this.mask = constant([context, context], causalMask(context))
  }

  forward(x: tf.Tensor3D, ctx: ForwardContext): tf.Tensor3D {
    const mixed = this.attend(
      this.#split(this.query.forward(x)),
      this.#split(this.key.forward(x)),
      this.#split(this.value.forward(x)),
      ctx,
    )
    const joined = mixed.transpose([0, 2, 1, 3]).reshape(x.shape)
    return this.drop.forward(this.out.forward(joined), ctx) as tf.Tensor3D
  }

  /** [batch, heads, time, size] of queries, keys and values to the same shape. */
  protected attend(
    query: tf.Tensor4D,
    key: tf.Tensor4D,
    value: tf.Tensor4D,
    ctx: ForwardContext,
  ): tf.Tensor4D {
    const scores = this.score(query, key, ctx)
    const visible = this.mask ? scores.add(maskFor(this.mask, query.shape[2])) : scores
    const weights = this.drop.forward(tf.softmax(visible), ctx)
    return tf.matMul(weights, value)
  }

  /** How much each position (row) sees of each, before the mask and softmax: [batch, heads, time, time]. */
  // oxlint-disable-next-line no-unused-vars -- for what extends it
  protected score(query: tf.Tensor4D, key: tf.Tensor4D, ctx: ForwardContext): tf.Tensor4D {
    const keys = key.transpose<tf.Tensor4D>([0, 1, 3, 2])
    return tf.matMul(query.mul(scalar(1 / Math.sqrt(this.size))), keys)
  }

  #split(x: tf.Tensor): tf.Tensor4D {
    const [batch, time] = x.shape as [number, number, number]
    return x.reshape([batch, time, this.heads, this.size]).transpose([0, 2, 1, 3])
  }
}

export interface FeedForwardOptions {
  width: number
  /** Width of the hidden layer; 4 × width unless set. */
  hidden?: number
  dropout?: number
  weight?: Initializer
}

/** A two-layer network with GELU at each position: [batch, time, width] in and out. */
export class FeedForward extends Module<tf.Tensor3D, tf.Tensor3D> {
  readonly up: Linear
  readonly down: Linear
  readonly drop: Dropout

  constructor({ width, hidden = 4 * width, dropout = 0, weight }: FeedForwardOptions) {
    super()
    const options = weight ? { weight } : {}
    this.up = new Linear(width, hidden, options)
    this.down = new Linear(hidden, width, options)
    this.drop = new Dropout(dropout)
  }

  forward(x: tf.Tensor3D, ctx: ForwardContext): tf.Tensor3D {
    return this.drop.forward(this.down.forward(gelu(this.up.forward(x))), ctx) as tf.Tensor3D
  }
}
