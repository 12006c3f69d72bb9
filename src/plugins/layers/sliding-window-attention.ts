// Sliding-window attention: every position sees those near to it.
import { init, nn, plugin, z } from 'plugboard'

const config = z.strictObject({
  window: z
    .int()
    .min(1)
    .default(16)
    .describe('positions seen back, the own one included; where all directions are, as many ahead'),
})

/**
 * Beltagy et al. 2020, "Longformer", section 3.1; with `causal` as in Mistral. Far positions reach each other over
 * several layers. All scores are computed and most of them hidden: the cost is that of full attention.
 */
export default class SlidingWindowAttention extends plugin({
  manifest: {
    name: 'sliding_window_attention',
    version: '1.0.0',
    category: 'layer',
    description: 'Multi-head attention over the nearest positions',
    tags: ['attention', 'transformer'],
    provides: ['attention/sliding_window'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'attention',
      'sliding_window',
      ({ window }, env) => new nn.SelfAttention({ ...env, window, weight: init.normal(0.02) }),
      { config, description: 'every position sees the nearest ones' },
    )
  }
}
