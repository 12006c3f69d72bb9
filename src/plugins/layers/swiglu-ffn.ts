// The feed-forward network of Llama: two ways up, one of which opens the other, and one way down.
import { init, nn, plugin, z } from 'plugboard'

const config = z.strictObject({
  expansion: z
    .number()
    .positive()
    .default(8 / 3)
    .describe(
      'hidden width as a multiple of the width; 8/3 has as many parameters as `mlp` with 4',
    ),
})

/** Shazeer 2020, "GLU Variants Improve Transformer", eq. 6. */
export default class SwigluFfn extends plugin({
  manifest: {
    name: 'swiglu_ffn',
    version: '1.0.0',
    category: 'layer',
    description: 'Gated network at each position, as in Llama',
    tags: ['ffn', 'transformer'],
    provides: ['ffn/swiglu'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'ffn',
      'swiglu',
      ({ expansion }, { width, dropout }) =>
        new nn.SwiGLU({
          width,
          hidden: Math.max(1, Math.round(width * expansion)),
          dropout,
          weight: init.normal(0.02),
        }),
      { config, description: 'one linear layer gates another, and one leads back' },
    )
  }
}
