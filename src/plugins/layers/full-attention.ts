// Full attention: every position sees all others, or all before it.
import { init, nn, plugin, z } from 'plugboard'

const config = z.strictObject({
  causal: z
    .boolean()
    .optional()
    .describe('hide later positions; without it, as the model needs it: a language model does'),
  key_heads: z
    .int()
    .min(1)
    .optional()
    .describe('heads of keys and values, a divisor of the heads; as many as those, if left out'),
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
      ({ causal, key_heads: keyHeads }, env) =>
        new nn.SelfAttention({
          ...env,
          causal: causal ?? env.causal,
          keyHeads,
          weight: init.normal(0.02),
        }),
      {
        config,
        default: true,
        description: 'every position sees all there are, or all before it',
      },
    )
  }
}
