// Stochastic gradient descent, with momentum.
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

const config = z
  .strictObject({
    learning_rate: z.number().positive().default(0.01).describe('size of a step'),
    momentum: z.number().min(0).lt(1).default(0).describe('share of the last step that is kept'),
    nesterov: z.boolean().default(false).describe('look ahead along the momentum'),
    ...groupSettings(),
  })
  .refine(({ nesterov, momentum }) => !nesterov || momentum > 0, {
    path: ['nesterov'],
    error: 'there is no momentum to look ahead along; set `momentum`, 0.9 for example',
  })

type SgdConfig = z.output<typeof config>

/**
 * b = momentum b + g; p = p - rate b (Sutskever et al. 2013 in PyTorch's form, b starting at g). With Nesterov's
 * look-ahead p = p - rate (g + momentum b). Decay is part of g, as in PyTorch.
 */
class Sgd extends StatefulOptimizer {
  readonly learningRate: number
  readonly #config: SgdConfig
  readonly #groups: ParameterGroups

  constructor(options: SgdConfig) {
    super()
    this.learningRate = options.learning_rate
    this.#config = options
    this.#groups = new ParameterGroups(options)
  }

  update(args: Parameters<Optimizer['update']>[0]): void {
    tf.tidy(() => {
      const one = nn.scalar(1)
      const healthy = args.healthy ?? one
      // 1 in a step that is not healthy: the momentum stays as it is.
      const kept = healthy.mul(nn.scalar(this.#config.momentum)).add(one.sub(healthy))
      for (const { path, parameter, gradient, group } of this.#groups.members(args)) {
        const direction = this.#direction(path, group.pull(gradient, parameter), kept)
        parameter.assign(parameter.sub(direction.mul(group.rate)))
      }
    })
  }

  #direction(path: string, gradient: tf.Tensor, kept: tf.Tensor): tf.Tensor {
    const { momentum, nesterov } = this.#config
    if (momentum === 0) return gradient
    const name = `momentum/${path}`
    const moved = this.recall(name)?.mul(kept).add(gradient)
    const velocity = this.remember(name, moved ?? gradient)
    return nesterov ? velocity.mul(nn.scalar(momentum)).add(gradient) : velocity
  }
}

export default class SgdPlugin extends plugin({
  manifest: {
    name: 'sgd',
    version: '1.1.0',
    category: 'optimizer',
    description: 'Steps against the gradient, with momentum if wanted',
    provides: ['optimizer/sgd'],
  },
}) {
  initialize() {
    this.ctx.provide('optimizer', 'sgd', (options) => new Sgd(options), {
      config,
      description: 'stochastic gradient descent',
    })
  }
}
