// A gated feed-forward layer: one half of the hidden units decides what passes of the other.
import * as tf from '@tensorflow/tfjs'
import { type ForwardContext, init, type LayerEnv, Module, nn, plugin, z } from 'plugboard'

const config = z.strictObject({
  expansion: z.number().positive().default(2).describe('hidden width as a multiple of the width'),
})

/** down(swish(gate(x)) up(x)) at each position, [batch, time, width] in and out (SwiGLU, Shazeer 2020). */
class GatedFeedForward extends Module<tf.Tensor, tf.Tensor> {
  readonly gate: nn.Linear
  readonly up: nn.Linear
  readonly down: nn.Linear
  readonly drop: nn.Dropout

  constructor(expansion: number, { width, dropout }: LayerEnv) {
    super()
    const hidden = Math.max(1, Math.round(width * expansion))
    const weight = init.normal(0.02)
    this.gate = new nn.Linear(width, hidden, { weight })
    this.up = new nn.Linear(width, hidden, { weight })
    this.down = new nn.Linear(hidden, width, { weight })
    this.drop = new nn.Dropout(dropout)
  }

  forward(x: tf.Tensor, ctx: ForwardContext): tf.Tensor {
    const gate = this.gate.forward(x)
    const passed = gate.mul(tf.sigmoid(gate)).mul(this.up.forward(x))
    return this.drop.forward(this.down.forward(passed), ctx)
  }
}

export default class MyFfn extends plugin({
  manifest: {
    name: 'my_ffn',
    version: '1.0.0',
    category: 'layer',
    description: 'Gated feed-forward layer (SwiGLU)',
    tags: ['ffn', 'transformer'],
    provides: ['ffn/my_ffn'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'ffn',
      'my_ffn',
      ({ expansion }, env) => new GatedFeedForward(expansion, env),
      { config, description: 'two linear layers, one gating the other, and one back' },
    )
  }
}
