// Lion: steps of equal size, each in the direction that gradient and momentum agree on.
import * as tf from '@tensorflow/tfjs'
import { nn, type Optimizer, plugin, StatefulOptimizer, z } from 'plugboard'

const config = z.strictObject({
  learning_rate: z.number().positive().default(0.001).describe('size of a step'),
})

/** Shares of the momentum in a step, and in the momentum after it: those of the paper. */
const IN_STEP = 0.9
const KEPT = 0.99

/** p = p - rate sign(0.9 m + 0.1 g); m = 0.99 m + 0.01 g (Chen et al. 2023, algorithm 2). */
class Lion extends StatefulOptimizer {
  readonly learningRate: number

  constructor(learningRate: number) {
    super()
    this.learningRate = learningRate
  }

  // `learningRate` here is on the device: that of the config, times the factor of the schedule.
  update({ parameters, gradients, learningRate }: Parameters<Optimizer['update']>[0]): void {
    tf.tidy(() => {
      for (const [path, gradient] of gradients) {
        const parameter = parameters.get(path)!
        // What it remembers is saved with the run, and carried over when the model is edited.
        const momentum = this.recall(`momentum/${path}`) ?? gradient.zerosLike()
        const direction = mix(momentum, gradient, IN_STEP).sign()
        this.remember(`momentum/${path}`, mix(momentum, gradient, KEPT))
        parameter.assign(parameter.sub(direction.mul(learningRate)))
      }
    })
  }
}

const mix = (a: tf.Tensor, b: tf.Tensor, share: number): tf.Tensor =>
  a.mul(nn.scalar(share)).add(b.mul(nn.scalar(1 - share)))

export default class MyOptimizer extends plugin({
  manifest: {
    name: 'my_optimizer',
    version: '1.0.0',
    category: 'optimizer',
    description: 'Lion: steps of equal size along gradient and momentum',
    provides: ['optimizer/my_optimizer'],
  },
}) {
  initialize() {
    this.ctx.provide('optimizer', 'my_optimizer', ({ learning_rate }) => new Lion(learning_rate), {
      config,
      description: 'evolved sign momentum',
    })
  }
}
