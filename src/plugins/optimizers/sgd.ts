// Stochastic gradient descent, with momentum.
import * as tf from '@tensorflow/tfjs'
import { nn, type Optimizer, plugin, StatefulOptimizer, z } from 'plugboard'

const config = z
  .strictObject({
    learning_rate: z.number().positive().default(0.01).describe('size of a step'),
    momentum: z.number().min(0).lt(1).default(0).describe('share of the last step that is kept'),
    nesterov: z.boolean().default(false).describe('look ahead along the momentum'),
  })
  .refine(({ nesterov, momentum }) => !nesterov || momentum > 0, {
    path: ['nesterov'],
    error: 'there is no momentum to look ahead along; set `momentum`, 0.9 for example',
  })

type SgdConfig = z.output<typeof config>

/**
 * b = momentum b + g; p = p - rate b (Sutskever et al. 2013 in PyTorch's form, b starting at g). With Nesterov's
 * look-ahead p = p - rate (g + momentum b).
 */
class Sgd extends StatefulOptimizer {
  readonly learningRate: number
  readonly #config: SgdConfig

  constructor(config: SgdConfig) {
    super()
    this.learningRate = config.learning_rate
    this.#config = config
  }

  update({ parameters, gradients, learningRate }: Parameters<Optimizer['update']>[0]): void {
    tf.tidy(() => {
      for (const [path, parameter] of parameters) {
        const gradient = gradients.get(path)
        if (!gradient) continue
        parameter.assign(parameter.sub(this.#direction(path, gradient).mul(learningRate)))
      }
    })
  }

  #direction(path: string, gradient: tf.Tensor): tf.Tensor {
    const { momentum, nesterov } = this.#config
    if (momentum === 0) return gradient
    const name = `momentum/${path}`
    const before = this.recall(name)
    const moved = before?.mul(nn.scalar(momentum)).add(gradient)
    const velocity = this.remember(name, moved ?? gradient)
    return nesterov ? velocity.mul(nn.scalar(momentum)).add(gradient) : velocity
  }
}

export default class SgdPlugin extends plugin({
  manifest: {
    name: 'sgd',
    version: '1.0.0',
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
