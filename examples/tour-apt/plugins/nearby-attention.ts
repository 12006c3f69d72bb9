// Idea: a provider – a layer of one's own that plugboard.yaml chooses by its name, `attention: nearby`.
import type * as tf from '@tensorflow/tfjs'
import { constant, type EnvOf, type ForwardContext, init, nn, plugin, z } from 'plugboard'

const config = z.strictObject({
  focus: z.number().min(0).default(1).describe('pull to near letters; 0 sees all alike'),
})

/**
 * Attention that prefers what is near: each head takes its own slope times the distance off its scores
 * (Press et al. 2022, "Train Short, Test Long"). All slopes are multiplied by a focus, which may be scheduled.
 */
class NearbyAttention extends nn.SelfAttention {
  readonly focus: number
  /** Slope times distance, [heads, context, context]. */
  readonly distance: tf.Tensor3D

  constructor(focus: number, env: EnvOf<'attention'>) {
    super({ ...env, weight: init.normal(0.02) })
    this.focus = focus
    const { heads, context } = env
    const size = context * context
    const values = Float32Array.from({ length: heads * size }, (_, i) => {
      const slope = 2 ** ((-8 * (1 + Math.floor(i / size))) / heads)
      const [from, to] = [Math.floor((i % size) / context), i % context]
      return slope * Math.max(0, from - to)
    })
    this.distance = constant([heads, context, context], values) as tf.Tensor3D
  }

  protected override score(query: tf.Tensor4D, key: tf.Tensor4D, ctx: ForwardContext): tf.Tensor4D {
    const time = query.shape[2]
    const distance = this.distance.slice([0, 0, 0], [-1, time, time])
    // A value under `schedules: values:` is on the device already, and changes without a rebuild.
    const focus = ctx.scalars['focus'] ?? nn.scalar(this.focus)
    return super.score(query, key, ctx).sub(distance.mul(focus))
  }
}

export default class NearbyAttentionPlugin extends plugin({
  manifest: {
    name: 'nearby_attention',
    version: '1.0.0',
    category: 'layer',
    description: 'Attention that looks at near letters first',
    provides: ['attention/nearby'],
  },
}) {
  initialize() {
    this.ctx.provide('attention', 'nearby', ({ focus }, env) => new NearbyAttention(focus, env), {
      config,
      description: 'near positions count more, by a slope of each head',
      // Its own version, where one plugin offers several things.
      version: '1.1.0',
      // `full` stays what is taken when no attention is named.
      default: false,
      // One model that names both is refused: half of it would not follow the focus.
      excludes: ['full'],
    })
  }
}
