// Attention with linear biases: the farther back a position is, the less it counts.
import type * as tf from '@tensorflow/tfjs'
import { constant, type ForwardContext, init, type LayerEnv, nn, plugin, z } from 'plugboard'

const config = z.strictObject({
  slope: z.number().min(0).default(1).describe('how fast positions lose weight with distance'),
})

/** What each head takes off a score for the distance: head h takes slope 2^(-8 h / heads) for each position. */
function biases({ heads, context }: LayerEnv, slope: number): Float32Array {
  return Float32Array.from({ length: heads * context * context }, (_, i) => {
    const head = Math.floor(i / context ** 2) + 1
    const distance = Math.abs((Math.floor(i / context) % context) - (i % context))
    return slope * 2 ** ((-8 * head) / heads) * distance
  })
}

/** Press, Smith & Lewis 2022, section 3. All but the scores is that of `nn.SelfAttention`, padding included. */
class LinearBiasAttention extends nn.SelfAttention {
  /** [heads, context, context]. */
  readonly biases: tf.Tensor3D

  constructor(slope: number, env: LayerEnv) {
    super({ ...env, weight: init.normal(0.02) })
    const { heads, context } = env
    this.biases = constant([heads, context, context], biases(env, slope)) as tf.Tensor3D
  }

  // How much each position (row) sees of each: [batch, heads, time, time], before what must not be seen is hidden.
  protected override score(query: tf.Tensor4D, key: tf.Tensor4D, ctx: ForwardContext): tf.Tensor4D {
    const time = query.shape[2]
    const biases = this.biases.slice([0, 0, 0], [this.heads, time, time])
    return super.score(query, key, ctx).sub(biases)
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
      { config, description: 'linear biases by distance' },
    )
  }
}
