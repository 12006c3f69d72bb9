// The feed-forward network of a transformer block: widen, GELU, narrow.
import { init, nn, plugin, z } from 'plugboard'

const config = z.strictObject({
  expansion: z.number().positive().default(4).describe('hidden width as a multiple of the width'),
})

export default class MlpFfn extends plugin({
  manifest: {
    name: 'mlp_ffn',
    version: '1.0.0',
    category: 'layer',
    description: 'Two linear layers with GELU between them, at each position',
    tags: ['ffn', 'transformer'],
    provides: ['ffn', 'ffn/mlp'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'ffn',
      'mlp',
      ({ expansion }, { width, dropout }) =>
        new nn.FeedForward({
          width,
          hidden: Math.max(1, Math.round(width * expansion)),
          dropout,
          weight: init.normal(0.02),
        }),
      { config, default: true, description: 'two linear layers with GELU between them' },
    )
  }
}
