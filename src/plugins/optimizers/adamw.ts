// Adam, and AdamW with decoupled weight decay.
import * as tf from '@tensorflow/tfjs'
import { nn, type Optimizer, plugin, StatefulOptimizer, z } from 'plugboard'

const adam = z.strictObject({
  learning_rate: z.number().positive().default(1e-3).describe('size of a step'),
  beta1: z.number().min(0).lt(1).default(0.9).describe('how long the mean of gradients remembers'),
  beta2: z.number().min(0).lt(1).default(0.999).describe('how long their mean square remembers'),
  epsilon: z.number().positive().default(1e-8).describe('keeps the division finite'),
})

const adamw = adam.extend({
  weight_decay: z.number().min(0).default(0.01).describe('how fast weights shrink towards 0'),
  no_decay: z
    .array(z.string().min(1))
    .default(['embedding'])
    .describe('parameters whose path contains one of these do not decay'),
})

type AdamWConfig = z.output<typeof adamw>

/**
 * Kingma & Ba 2015, with bias correction folded into the rate (end of section 2), and the decoupled
 * decay of Loshchilov & Hutter 2019. Decay acts on matrices (rank 2 and more) only: biases and norms
 * never shrink, nor does what `no_decay` names.
 *
 * The corrections 1 - beta^t are kept on the device as running means of 1. A parameter that joins
 * late starts as if its first gradient had always been there; on step 1 that is Adam's own start.
 */
class Adam extends StatefulOptimizer {
  readonly learningRate: number
  readonly #config: AdamWConfig

  constructor(config: AdamWConfig) {
    super()
    this.learningRate = config.learning_rate
    this.#config = config
  }

  update({ parameters, gradients, learningRate }: Parameters<Optimizer['update']>[0]): void {
    const { beta1, beta2, epsilon, weight_decay: decay } = this.#config
    tf.tidy(() => {
      const one = nn.scalar(1)
      const correction1 = this.#average('correction1', beta1, one, nn.scalar(1 - beta1))
      const correction2 = this.#average('correction2', beta2, one, nn.scalar(1 - beta2))
      const root = correction2.sqrt()
      const rate = learningRate.mul(root).div(correction1)
      const small = root.mul(nn.scalar(epsilon))
      const kept = one.sub(learningRate.mul(nn.scalar(decay)))
      for (const [path, parameter] of parameters) {
        const gradient = gradients.get(path)
        if (!gradient) continue
        const m = this.#average(`m/${path}`, beta1, gradient, correction1)
        const v = this.#average(`v/${path}`, beta2, gradient.square(), correction2)
        const weight = this.#decays(path, parameter) ? parameter.mul(kept) : parameter
        parameter.assign(weight.sub(m.mul(rate).div(v.sqrt().add(small))))
      }
    })
  }

  #decays(path: string, { rank }: tf.Variable): boolean {
    const { weight_decay: decay, no_decay: exempt } = this.#config
    return decay > 0 && rank >= 2 && !exempt.some((part) => path.includes(part))
  }

  /** Moves the running mean called `name` towards `value`; a new one starts at `share` of it. */
  #average(name: string, beta: number, value: tf.Tensor, share: tf.Tensor): tf.Variable {
    const mean = this.recall(name)
    const moved = mean?.add(value.sub(mean).mul(nn.scalar(1 - beta)))
    return this.remember(name, moved ?? value.mul(share))
  }
}

export default class AdamW extends plugin({
  manifest: {
    name: 'adamw',
    version: '1.0.0',
    category: 'optimizer',
    description: 'Adam and AdamW: steps scaled by running means of the gradients',
    provides: ['optimizer', 'optimizer/adamw', 'optimizer/adam'],
  },
}) {
  initialize() {
    this.ctx.provide('optimizer', 'adamw', (config) => new Adam(config), {
      config: adamw,
      default: true,
      description: 'Adam with decoupled weight decay',
    })
    this.ctx.provide(
      'optimizer',
      'adam',
      (config) => new Adam({ ...config, weight_decay: 0, no_decay: [] }),
      { config: adam, description: 'Adam without weight decay' },
    )
  }
}
