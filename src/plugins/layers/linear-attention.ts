// Linear attention: a product of features in place of softmax.
import * as tf from '@tensorflow/tfjs'
import {
  constant,
  EngineError,
  type ForwardContext,
  init,
  type LayerEnv,
  nn,
  plugin,
} from 'plugboard'

/** Least sum of weights, for rows in which nothing is seen. */
const LEAST = 1e-6

/**
 * Katharopoulos et al. 2020, "Transformers are RNNs", eq. 4 to 7: weights are products of features elu(x) + 1, divided
 * by their sum. Without `causal`, keys and values are summed up first: the cost grows with time, not with its square.
 * With it, all products are computed and those ahead left out, which is the faster way below (width / heads)² positions.
 */
class LinearAttention extends nn.SelfAttention {
  /** 1 where a row may see a column, [context, context]. */
  readonly seen: tf.Tensor2D | undefined

  constructor(env: LayerEnv) {
    const { causal = true, context, rotary } = env
    if (rotary) {
      throw new EngineError({
        code: 'model.parameter',
        message: 'linear attention was asked for rotary positions, which need softmax',
        hint: 'use learned positions, or the attention `full` or `sliding_window`',
      })
    }
    super({ ...env, causal: false, weight: init.normal(0.02) })
    if (!causal) return
    const seen = Float32Array.from({ length: context * context }, (_, i) =>
      i % context <= Math.floor(i / context) ? 1 : 0,
    )
    this.seen = constant([context, context], seen) as tf.Tensor2D
  }

  protected override attend(
    query: tf.Tensor4D,
    key: tf.Tensor4D,
    value: tf.Tensor4D,
    { mask }: ForwardContext,
  ): tf.Tensor4D {
    const [batch, , time] = query.shape
    const features = (x: tf.Tensor4D) => tf.elu(x).add<tf.Tensor4D>(nn.scalar(1))
    const queries = features(query)
    const keys = mask
      ? features(key).mul<tf.Tensor4D>(mask.reshape([batch, 1, time, 1]))
      : features(key)
    if (this.seen) {
      const products = tf.matMul(queries, keys, false, true)
      const weights = products.mul<tf.Tensor4D>(this.seen.slice([0, 0], [time, time]))
      return tf.matMul(weights, value).div(this.#total(weights.sum(-1, true)))
    }
    const memory = tf.matMul(keys, value, true, false)
    const total = tf.matMul(queries, keys.sum(2, true), false, true)
    return tf.matMul(queries, memory).div(this.#total(total))
  }

  #total(sum: tf.Tensor): tf.Tensor {
    return sum.add(nn.scalar(LEAST))
  }
}

export default class LinearAttentionPlugin extends plugin({
  manifest: {
    name: 'linear_attention',
    version: '1.0.0',
    category: 'layer',
    description: 'Multi-head attention whose cost grows with time, not with its square',
    tags: ['attention', 'transformer'],
    provides: ['attention/linear'],
  },
}) {
  initialize() {
    this.ctx.provide('attention', 'linear', (_, env) => new LinearAttention(env), {
      description: 'products of features in place of softmax',
    })
  }
}
