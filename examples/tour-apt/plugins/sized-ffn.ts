// Idea: an implementation chosen by the hardware, and the default of its kind: plugboard.yaml does not name it.
import * as tf from '@tensorflow/tfjs'
import { type EnvOf, init, Module, nn, plugin, z } from 'plugboard'

const config = z.strictObject({
  size: z
    .enum(['auto', 'slim', 'wide'])
    .default('auto')
    .describe('auto: wide on a graphics card, slim on a processor'),
})

/** Half as wide as usual, with ReLU: a fraction of the arithmetic. */
class SlimNet extends Module<tf.Tensor, tf.Tensor> {
  readonly up: nn.Linear
  readonly down: nn.Linear

  constructor(width: number) {
    super()
    this.up = new nn.Linear(width, 2 * width, { weight: init.he() })
    this.down = new nn.Linear(2 * width, width, { weight: init.normal(0.02) })
  }

  forward(x: tf.Tensor): tf.Tensor {
    return this.down.forward(tf.relu(this.up.forward(x)))
  }
}

const wideNet = ({ width, dropout }: EnvOf<'ffn'>) =>
  new nn.FeedForward({ width, dropout, weight: init.normal(0.02) })

export default class SizedFfn extends plugin({
  manifest: {
    name: 'sized_ffn',
    version: '1.0.0',
    category: 'layer',
    description: 'A feed-forward network that fits the device',
    provides: ['ffn', 'ffn/sized'],
  },
}) {
  initialize() {
    const { backend, isSoftware, label } = this.ctx.device
    // A graphics card does the wide one in the same time; a processor pays for each product.
    const fitting = (backend === 'webgpu' || backend === 'webgl') && !isSoftware ? 'wide' : 'slim'
    this.ctx.log.info(`${label}: a ${fitting} network suits it`)
    this.ctx.provide(
      'ffn',
      'sized',
      ({ size }, env) =>
        (size === 'auto' ? fitting : size) === 'wide' ? wideNet(env) : new SlimNet(env.width),
      // There is a default already: to take its place is said, not left to who comes last.
      { config, default: true, override: true, description: `${fitting} here` },
    )
  }
}
