// Adam, and AdamW with decoupled weight decay.
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

const settings = {
  learning_rate: z.number().positive().default(1e-3).describe('size of a step'),
  beta1: z.number().min(0).lt(1).default(0.9).describe('how long the mean of gradients remembers'),
  beta2: z.number().min(0).lt(1).default(0.999).describe('how long their mean square remembers'),
  epsilon: z.number().positive().default(1e-8).describe('keeps the division finite'),
}

const adam = z.strictObject({ ...settings, ...groupSettings() })

const adamw = z.strictObject({
  ...settings,
  ...groupSettings({ weight_decay: 0.01, decayed: 'matrices', no_decay: ['embedding'] }),
})

type AdamConfig = z.output<typeof adam>

/**
 * Kingma & Ba 2015, with bias correction folded into the rate (end of section 2). Decay is part of the gradient, or
 * decoupled from it as Loshchilov & Hutter 2019 have it. AdamW's defaults shrink matrices (rank 2 and more) only:
 * biases and norms never, nor what `no_decay` names; with `decayed: all, no_decay: []` it is PyTorch's.
 *
 * The corrections 1 - beta^t are kept on the device as running means of 1. A parameter that joins
 * late starts as if its first gradient had always been there; on step 1 that is Adam's own start.
 */
class Adam extends StatefulOptimizer {
  readonly learningRate: number
  readonly #config: AdamConfig
  readonly #isDecoupled: boolean
  readonly #groups: ParameterGroups

  constructor(config: AdamConfig, isDecoupled: boolean) {
    super()
    this.learningRate = config.learning_rate
    this.#config = config
    this.#isDecoupled = isDecoupled
    this.#groups = new ParameterGroups(config)
  }

  update(args: Parameters<Optimizer['update']>[0]): void {
    const { beta1, beta2, epsilon } = this.#config
    tf.tidy(() => {
      const one = nn.scalar(1)
      const fresh1 = nn.scalar(1 - beta1)
      const fresh2 = nn.scalar(1 - beta2)
      const share1 = args.healthy?.mul<tf.Scalar>(fresh1) ?? fresh1
      const share2 = args.healthy?.mul<tf.Scalar>(fresh2) ?? fresh2
      const correction1 = this.average('correction1', one, share1, fresh1)
      const correction2 = this.average('correction2', one, share2, fresh2)
      const root = correction2.sqrt()
      const scale = root.div(correction1)
      const small = root.mul(nn.scalar(epsilon))
      for (const { path, parameter, gradient, group } of this.#groups.members(args)) {
        const slope = this.#isDecoupled ? gradient : group.pull(gradient, parameter)
        const m = this.average(`m/${path}`, slope, share1, correction1)
        const v = this.average(`v/${path}`, slope.square(), share2, correction2)
        const weight = this.#isDecoupled ? group.shrink(parameter) : parameter
        const step = m.mul(group.scaled(scale)).div(v.sqrt().add(small))
        parameter.assign(weight.sub(step))
      }
    })
  }
}

export default class AdamW extends plugin({
  manifest: {
    name: 'adamw',
    version: '1.1.0',
    category: 'optimizer',
    description: 'Adam and AdamW: steps scaled by running means of the gradients',
    provides: ['optimizer', 'optimizer/adamw', 'optimizer/adam'],
  },
}) {
  initialize() {
    this.ctx.provide('optimizer', 'adamw', (config) => new Adam(config, true), {
      config: adamw,
      default: true,
      description: 'Adam with decoupled weight decay',
    })
    this.ctx.provide('optimizer', 'adam', (config) => new Adam(config, false), {
      config: adam,
      description: 'Adam; what weight decay there is goes into the gradient',
    })
  }
}
