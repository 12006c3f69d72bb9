// An optimizer of this workspace: Lion, whose steps have one size for all parameters.
import * as tf from '@tensorflow/tfjs'
import { nn, type Optimizer, plugin, StatefulOptimizer, z } from 'plugboard'

const config = z.strictObject({
  learning_rate: z.number().positive().default(1e-3).describe('size of a step'),
  beta1: z.number().min(0).lt(1).default(0.9).describe('share of the momentum in a step'),
  beta2: z.number().min(0).lt(1).default(0.99).describe('share of the momentum that is kept'),
})

const mix = (a: tf.Tensor, b: tf.Tensor, share: number): tf.Tensor =>
  a.mul(nn.scalar(share)).add(b.mul(nn.scalar(1 - share)))

/** p = p - rate sign(β₁ m + (1 - β₁) g); m = β₂ m + (1 - β₂) g (Chen et al. 2023, algorithm 2). */
class Lion extends StatefulOptimizer {
  readonly learningRate: number
  readonly betas: readonly [number, number]

  constructor({ learning_rate, beta1, beta2 }: z.output<typeof config>) {
    super()
    this.learningRate = learning_rate
    this.betas = [beta1, beta2]
  }

  update({ parameters, gradients, learningRate, healthy }: Parameters<Optimizer['update']>[0]) {
    const [inStep, kept] = this.betas
    tf.tidy(() => {
      // Of a step with values that are not finite nothing stays: neither in parameters nor in the momentum.
      const share = nn
        .scalar(1 - kept)
        .mul(healthy ?? nn.scalar(1))
        .asScalar()
      for (const [path, gradient] of gradients) {
        const parameter = parameters.get(path)!
        const momentum = this.recall(`momentum/${path}`) ?? gradient.zerosLike()
        const direction = mix(momentum, gradient, inStep).sign()
        this.average(`momentum/${path}`, gradient, share)
        parameter.assign(parameter.sub(direction.mul(learningRate)))
      }
    })
  }
}

export default class LionPlugin extends plugin({
  manifest: {
    name: 'lion',
    version: '1.0.0',
    category: 'optimizer',
    description: 'Steps of equal size, where gradient and momentum agree on the direction',
    provides: ['optimizer/custom.lion'],
  },
}) {
  initialize() {
    this.ctx.provide('optimizer', 'custom.lion', (options) => new Lion(options), {
      config,
      description: 'evolved sign momentum',
    })
  }
}
