// RMSProp: steps scaled by a running mean of the squared gradients.
import * as tf from '@tensorflow/tfjs'
import {
  groupSettings,
  nn,
  type Optimizer,
  ParameterGroups,
  plugin,
  StatefulOptimizer,
  z,
} from 'plugboard'

const config = z.strictObject({
  learning_rate: z.number().positive().default(0.01).describe('size of a step'),
  alpha: z.number().min(0).lt(1).default(0.99).describe('how long the mean square remembers'),
  epsilon: z.number().positive().default(1e-8).describe('keeps the division finite'),
  momentum: z.number().min(0).lt(1).default(0).describe('share of the last step that is kept'),
  centered: z.boolean().default(false).describe('divide by the deviation, not by the mean square'),
  ...groupSettings(),
})

type RmsPropConfig = z.output<typeof config>

/**
 * v = alpha v + (1 - alpha) g²; p = p - rate g / (√v + epsilon) (Tieleman & Hinton 2012, lecture 6.5, in PyTorch's
 * form). `centered` takes the square of the mean gradient from v (Graves 2013, section 5).
 */
class RmsProp extends StatefulOptimizer {
  readonly learningRate: number
  readonly #config: RmsPropConfig
  readonly #groups: ParameterGroups

  constructor(options: RmsPropConfig) {
    super()
    this.learningRate = options.learning_rate
    this.#config = options
    this.#groups = new ParameterGroups(options)
  }

  update(args: Parameters<Optimizer['update']>[0]): void {
    const { alpha, epsilon, momentum } = this.#config
    tf.tidy(() => {
      const one = nn.scalar(1)
      const healthy = args.healthy ?? one
      const share = healthy.mul<tf.Scalar>(nn.scalar(1 - alpha))
      // 1 in a step that is not healthy: the momentum stays as it is.
      const kept = healthy.mul(nn.scalar(momentum)).add(one.sub(healthy))
      for (const { path, parameter, gradient, group } of this.#groups.members(args)) {
        const slope = group.pull(gradient, parameter)
        const scaled = slope.div(this.#spread(path, slope, share).sqrt().add(nn.scalar(epsilon)))
        const step = momentum === 0 ? scaled : this.#gather(path, scaled.mul(healthy), kept)
        parameter.assign(parameter.sub(step.mul(group.rate)))
      }
    })
  }

  /** Running mean of the squares, or the variance. */
  #spread(path: string, slope: tf.Tensor, share: tf.Scalar): tf.Tensor {
    const square = this.average(`v/${path}`, slope.square(), share)
    if (!this.#config.centered) return square
    const mean = this.average(`mean/${path}`, slope, share)
    // Rounding may take the difference a little below 0.
    return square.sub(mean.square()).relu()
  }

  #gather(path: string, scaled: tf.Tensor, kept: tf.Tensor): tf.Tensor {
    const name = `momentum/${path}`
    return this.remember(name, this.recall(name)?.mul(kept).add(scaled) ?? scaled)
  }
}

export default class RmsPropPlugin extends plugin({
  manifest: {
    name: 'rmsprop',
    version: '1.0.0',
    category: 'optimizer',
    description: 'Steps scaled by a running mean of the squared gradients',
    provides: ['optimizer/rmsprop'],
  },
}) {
  initialize() {
    this.ctx.provide('optimizer', 'rmsprop', (options) => new RmsProp(options), {
      config,
      description: 'gradients divided by their running size; for recurrent models',
    })
  }
}
