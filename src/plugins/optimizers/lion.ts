// Lion: steps of one size, along the sign of the momentum.
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
  learning_rate: z
    .number()
    .positive()
    .default(1e-4)
    .describe('size of a step; a third to a tenth of what AdamW takes'),
  beta1: z.number().min(0).lt(1).default(0.9).describe('share of the momentum in the direction'),
  beta2: z.number().min(0).lt(1).default(0.99).describe('how long the momentum remembers'),
  ...groupSettings({ decayed: 'matrices', no_decay: ['embedding'] }),
})

type LionConfig = z.output<typeof config>

/**
 * p = p (1 - rate decay) - rate sign(beta1 m + (1 - beta1) g); m = beta2 m + (1 - beta2) g
 * (Chen et al. 2023, algorithm 2).
 */
class Lion extends StatefulOptimizer {
  readonly learningRate: number
  readonly #config: LionConfig
  readonly #groups: ParameterGroups

  constructor(options: LionConfig) {
    super()
    this.learningRate = options.learning_rate
    this.#config = options
    this.#groups = new ParameterGroups(options)
  }

  update(args: Parameters<Optimizer['update']>[0]): void {
    const { beta1, beta2 } = this.#config
    tf.tidy(() => {
      const fresh = nn.scalar(1 - beta2)
      const share = args.healthy?.mul<tf.Scalar>(fresh) ?? fresh
      for (const { path, parameter, gradient, group } of this.#groups.members(args)) {
        const before = this.recall(`m/${path}`)
        const direction = before
          ? before.add(gradient.sub(before).mul(nn.scalar(1 - beta1))).sign()
          : gradient.sign()
        parameter.assign(group.shrink(parameter).sub(direction.mul(group.rate)))
        this.average(`m/${path}`, gradient, share)
      }
    })
  }
}

export default class LionPlugin extends plugin({
  manifest: {
    name: 'lion',
    version: '1.0.0',
    category: 'optimizer',
    description: 'Steps along the sign of the momentum; half the state of Adam',
    provides: ['optimizer/lion'],
  },
}) {
  initialize() {
    this.ctx.provide('optimizer', 'lion', (options) => new Lion(options), {
      config,
      description: 'the sign of the momentum, with decoupled weight decay',
    })
  }
}
