// Attention with linear biases: the farther back a position is, the less it counts.
import * as tf from '@tensorflow/tfjs'
import { constant, type ForwardContext, init, type LayerEnv, nn, plugin, z } from 'plugboard'

const config = z.strictObject({
  slope: z.number().min(0).default(1).describe('how fast positions lose weight with distance'),
})

/** Finite, so that no product with it is NaN. */
const HIDDEN = -1e9

/** [heads, context, context]: head h takes off slope 2^(-8 h / heads) a position; later ones are hidden. */
function biases({ heads, context }: LayerEnv, slope: number): Float32Array {
  return Float32Array.from({ length: heads * context * context }, (_, i) => {
    const head = Math.floor(i / context ** 2) + 1
    const distance = (Math.floor(i / context) % context) - (i % context)
    return distance < 0 ? HIDDEN : -slope * 2 ** ((-8 * head) / heads) * distance
  })
}

/** Press, Smith & Lewis 2022, section 3. Projections and heads are those of `nn.SelfAttention`. */
class LinearBiasAttention extends nn.SelfAttention {
  readonly biases: tf.Tensor

  constructor(slope: number, env: LayerEnv) {
    super({ ...env, causal: false, weight: init.normal(0.02) })
    this.biases = constant([env.heads, env.context, env.context], biases(env, slope))
  }

  // [batch, heads, time, size] of queries, keys and values to the same shape.
  protected override attend(
    query: tf.Tensor4D,
    key: tf.Tensor4D,
    value: tf.Tensor4D,
    ctx: ForwardContext,
  ): tf.Tensor4D {
    const time = query.shape[2]
    const scores = tf.matMul(query.mul(nn.scalar(1 / Math.sqrt(this.size))), key, false, true)
    const biased = scores.add(this.biases.slice([0, 0, 0], [this.heads, time, time]))
    return tf.matMul(this.drop.forward(tf.softmax(biased), ctx), value)
  }
}

export default class MyAttention extends plugin({
  manifest: {
    name: 'my_attention',
    version: '1.0.0',
    category: 'layer',
    description: 'Attention that counts positions less the farther back they are',
    tags: ['attention', 'transformer'],
    provides: ['attention/my_attention'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'attention',
      'my_attention',
      ({ slope }, env) => new LinearBiasAttention(slope, env),
      { config, description: 'causal, with linear biases' },
    )
  }
}
