// Multi-head attention along time, with what positions may see of each other.
import * as tf from '@tensorflow/tfjs'
import { EngineError } from '../errors.ts'
import { constant, type ForwardContext, type Initializer, Module } from '../module.ts'
import { Dropout, Linear } from './layers.ts'
import { Rotary } from './rotary.ts'
import { scalar } from './scalar.ts'

export interface SelfAttentionOptions {
  width: number
  heads: number
  /** Longest sequence that masks and angles are made for. */
  context: number
  dropout?: number
  /** Each position sees only itself and those before; true unless set. */
  causal?: boolean | undefined
  /** Each position sees only so many back, itself included; without `causal`, as many ahead. All unless set. */
  window?: number | undefined
  /** Rotates queries and keys by their positions (`nn.Rotary`). */
  rotary?: boolean | undefined
  /** Heads of keys and values, each shared by `heads / keyHeads` heads of queries (Ainslie et al. 2023); `heads` unless set. */
  keyHeads?: number | undefined
  /** Start of the four weights. */
  weight?: Initializer | undefined
}

/** What a hidden position gets instead of its score; finite, so that no product with it is NaN. */
const HIDDEN = -1e9

/** 0 where row may see column, else `HIDDEN`, [length, length]; undefined where all see all. */
function hiddenPlaces(
  length: number,
  causal: boolean,
  window = length,
): Float32Array<ArrayBuffer> | undefined {
  if (!causal && window >= length) return undefined
  return Float32Array.from({ length: length * length }, (_, i) => {
    const back = Math.floor(i / length) - (i % length)
    return (causal && back < 0) || Math.abs(back) >= window ? HIDDEN : 0
  })
}

/**
 * Multi-head self-attention (Vaswani et al. 2017, section 3.2): [batch, time, width] in and out. Positions that
 * `ctx.mask` [batch, time] leaves out are seen by none; rows filled up at their end need no mask with `causal`, as no
 * position looks ahead. Extend it and override `score` for other weights (a bias for distance), or `attend` for
 * another way to mix; projections and heads stay as they are.
 */
export class SelfAttention extends Module<tf.Tensor3D, tf.Tensor3D> {
  readonly query: Linear
  readonly key: Linear
  readonly value: Linear
  readonly out: Linear
  readonly drop: Dropout
  /** Added to the scores, [context, context]; without it, all see all. */
  readonly mask: tf.Tensor | undefined
  readonly rotary: Rotary | undefined
  readonly heads: number
  /** Heads of keys and values. */
  readonly keyHeads: number
  /** Width of a head. */
  readonly size: number
  readonly context: number

  constructor(options: SelfAttentionOptions) {
    super()
    const { width, heads, context, dropout = 0, causal = true, window, rotary, weight } = options
    const { keyHeads = heads } = options
    requireHeads(width, heads, keyHeads)
    const projection = (outputs: number) => new Linear(width, outputs, weight ? { weight } : {})
    this.heads = heads
    this.keyHeads = keyHeads
    this.size = width / heads
    this.context = context
    this.query = projection(width)
    this.key = projection(keyHeads * this.size)
    this.value = projection(keyHeads * this.size)
    this.out = projection(width)
    this.drop = new Dropout(dropout)
    const hidden = hiddenPlaces(context, causal, window)
    if (hidden) this.mask = constant([context, context], hidden)
    if (rotary) this.rotary = new Rotary(this.size, context)
  }

  forward(x: tf.Tensor3D, ctx: ForwardContext): tf.Tensor3D {
    requireTime(x.shape[1], this.context, this.mask ?? this.rotary)
    const turn = (split: tf.Tensor4D) => this.rotary?.forward(split) ?? split
    const mixed = this.attend(
      turn(this.#split(this.query.forward(x), this.heads)),
      turn(this.#split(this.key.forward(x), this.keyHeads)),
      this.#split(this.value.forward(x), this.keyHeads),
      ctx,
    )
    const joined = mixed.transpose([0, 2, 1, 3]).reshape(x.shape)
    return this.drop.forward(this.out.forward(joined), ctx) as tf.Tensor3D
  }

  /**
   * What queries [batch, heads, time, size] get of the values, in their shape. Keys and values are
   * [batch, keyHeads, time, size].
   */
  protected attend(
    query: tf.Tensor4D,
    key: tf.Tensor4D,
    value: tf.Tensor4D,
    ctx: ForwardContext,
  ): tf.Tensor4D {
    const visible = this.hide(this.score(query, key, ctx), ctx)
    const weights = tf.softmax(visible)
    ctx.record?.(this, { weights })
    const kept = this.drop.forward(weights, ctx) as tf.Tensor4D
    return tf.matMul(this.#grouped(kept), value).reshape(query.shape)
  }

  /** How much each position (row) sees of each, before anything is hidden and softmax: [batch, heads, time, time]. */
  // oxlint-disable-next-line no-unused-vars -- for what extends it
  protected score(query: tf.Tensor4D, key: tf.Tensor4D, ctx: ForwardContext): tf.Tensor4D {
    const [batch, , time] = query.shape
    const keys = key.transpose<tf.Tensor4D>([0, 1, 3, 2])
    const scaled = this.#grouped(query).mul<tf.Tensor4D>(scalar(1 / Math.sqrt(this.size)))
    return tf.matMul(scaled, keys).reshape([batch, this.heads, time, time])
  }

  /** Scores [batch, heads, time, time] with what must not be seen so low that softmax leaves it out. */
  protected hide(scores: tf.Tensor4D, { mask }: ForwardContext): tf.Tensor4D {
    const [batch, , time] = scores.shape
    const own = this.mask && time < this.context ? this.mask.slice([0, 0], [time, time]) : this.mask
    const visible = own ? scores.add<tf.Tensor4D>(own) : scores
    if (!mask) return visible
    const padding = scalar(1).sub(mask).mul(scalar(HIDDEN)).reshape([batch, 1, 1, time])
    return visible.add(padding)
  }

  /** Heads that share keys one below the other, as rows of one matrix: [batch, keyHeads, …, columns]. */
  #grouped(x: tf.Tensor4D): tf.Tensor4D {
    if (this.keyHeads === this.heads) return x
    const [batch, heads, time, columns] = x.shape
    return x.reshape([batch, this.keyHeads, (heads / this.keyHeads) * time, columns])
  }

  #split(x: tf.Tensor, heads: number): tf.Tensor4D {
    const [batch, time] = x.shape as [number, number, number]
    return x.reshape([batch, time, heads, this.size]).transpose([0, 2, 1, 3])
  }
}

function requireHeads(width: number, heads: number, keyHeads: number): void {
  const divides = (part: number, whole: number) =>
    Number.isInteger(part) && part >= 1 && whole % part === 0
  if (divides(heads, width) && divides(keyHeads, heads)) return
  throw new EngineError({
    code: 'model.parameter',
    message: divides(heads, width)
      ? `${heads} heads of attention cannot share ${keyHeads} heads of keys and values evenly`
      : `attention of width ${width} cannot be split into ${heads} heads of equal size`,
    hint: divides(heads, width)
      ? 'choose a number of heads that is a multiple of that of the keys'
      : 'choose a width that is a multiple of the number of heads',
  })
}

/** Refuses a sequence longer than what was made for `context` positions, if anything was. */
function requireTime(time: number, context: number, made: object | undefined): void {
  if (!made || time <= context) return
  throw new EngineError({
    code: 'model.forward',
    message: `attention was built for ${context} positions, but was given ${time}`,
    hint: 'cut the sequence, or build the layer with a longer context',
  })
}
