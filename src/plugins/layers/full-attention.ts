// Full attention: every position sees all others, or all before it.
import { init, nn, plugin, z } from 'plugboard'

const config = z.strictObject({
  causal: z.boolean().default(true).describe('hide later positions, as a language model must'),
})

export default class FullAttention extends plugin({
  manifest: {
    name: 'full_attention',
    version: '1.0.0',
    category: 'layer',
    description: 'Multi-head attention over the whole context',
    tags: ['attention', 'transformer'],
    provides: ['attention', 'attention/full'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'attention',
      'full',
      ({ causal }, env) => new nn.SelfAttention({ ...env, causal, weight: init.normal(0.02) }),
      {
        config,
        default: true,
        description: 'every position sees all before it; with `causal: false` all there are',
      },
    )
  }
}
