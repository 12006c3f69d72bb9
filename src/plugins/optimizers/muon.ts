// Muon: the momentum of a matrix made orthogonal, and AdamW for all that is no matrix.
import * as tf from '@tensorflow/tfjs'
import {
  groupSettings,
  type Member,
  nn,
  type Optimizer,
  ParameterGroups,
  plugin,
  StatefulOptimizer,
  z,
} from 'plugboard'

const config = z.strictObject({
  learning_rate: z.number().positive().default(1e-3).describe('size of a step'),
  momentum: z.number().min(0).lt(1).default(0.95).describe('how long the mean remembers'),
  nesterov: z.boolean().default(true).describe('look ahead along the momentum'),
  newton_schulz_steps: z.int().min(1).max(20).default(5).describe('rounds of orthogonalising'),
  adjust_learning_rate: z
    .enum(['match_rms_adamw', 'original'])
    .default('match_rms_adamw')
    .describe('by the form of the matrix: steps as large as those of AdamW, or as first published'),
  adamw: z
    .array(z.string().min(1))
    .default(['embedding', 'head'])
    .describe('matrices whose path contains one of these are left to AdamW'),
  beta1: z.number().min(0).lt(1).default(0.9).describe('of AdamW'),
  beta2: z.number().min(0).lt(1).default(0.95).describe('of AdamW'),
  epsilon: z.number().positive().default(1e-8).describe('of AdamW'),
  ...groupSettings({ weight_decay: 0.1, decayed: 'matrices', no_decay: ['embedding'] }),
})

type MuonConfig = z.output<typeof config>

/** Coefficients of the quintic that brings singular values near 1 in few rounds (Jordan et al. 2024). */
const [A, B, C] = [3.4445, -4.775, 2.0315]

/** The smaller Gram matrix of the two is the one that is powered. */
function orthogonalize(matrix: tf.Tensor2D, rounds: number): tf.Tensor2D {
  const [rows, columns] = matrix.shape
  const isTall = rows > columns
  const norm = tf.maximum(matrix.square().sum().sqrt(), nn.scalar(1e-7))
  let x = matrix.div<tf.Tensor2D>(norm)
  for (let round = 0; round < rounds; round++) {
    const gram = tf.matMul(x, x, isTall, !isTall)
    const powers = gram.mul(nn.scalar(B)).add<tf.Tensor2D>(tf.matMul(gram, gram).mul(nn.scalar(C)))
    const turned = isTall ? tf.matMul(x, powers) : tf.matMul(powers, x)
    x = x.mul(nn.scalar(A)).add<tf.Tensor2D>(turned)
  }
  return x
}

/**
 * Jordan et al. 2024, "Muon: an optimizer for hidden layers", in PyTorch's form: the running mean of the gradients
 * of each matrix, orthogonalised by Newton-Schulz rounds; decay is decoupled. Matrices are [in, out], as `nn.Linear`
 * has them. `match_rms_adamw` (Liu et al. 2025, "Muon is scalable", section 2.2) scales by 0.2 √max(in, out), so
 * that one rate serves both kinds of parameter; `original` by √max(1, out / in).
 */
class Muon extends StatefulOptimizer {
  readonly learningRate: number
  readonly #config: MuonConfig
  readonly #groups: ParameterGroups

  constructor(options: MuonConfig) {
    super()
    this.learningRate = options.learning_rate
    this.#config = options
    this.#groups = new ParameterGroups(options)
  }

  update(args: Parameters<Optimizer['update']>[0]): void {
    tf.tidy(() => {
      const share = this.#share(args, this.#config.momentum)
      const adamStep = this.#adam(args)
      for (const member of this.#groups.members(args)) {
        const { path, parameter, group } = member
        const isMatrix =
          parameter.rank === 2 && !this.#config.adamw.some((part) => path.includes(part))
        const step = isMatrix ? this.#matrixStep(member, share) : adamStep(member)
        parameter.assign(group.shrink(parameter).sub(step.mul(group.rate)))
      }
    })
  }

  /** What a running mean takes of a new value; nothing in a step that is not healthy. */
  #share({ healthy }: Parameters<Optimizer['update']>[0], beta: number): tf.Scalar {
    const fresh = nn.scalar(1 - beta)
    return healthy?.mul<tf.Scalar>(fresh) ?? fresh
  }

  #matrixStep({ path, gradient }: Member, share: tf.Scalar): tf.Tensor {
    const { momentum, nesterov, newton_schulz_steps, adjust_learning_rate } = this.#config
    const mean = this.average(`momentum/${path}`, gradient, share)
    const ahead = gradient.add(mean.sub(gradient).mul(nn.scalar(momentum)))
    const direction = orthogonalize((nesterov ? ahead : mean) as tf.Tensor2D, newton_schulz_steps)
    const [rows, columns] = direction.shape
    const size =
      adjust_learning_rate === 'original'
        ? Math.sqrt(Math.max(1, columns / rows))
        : 0.2 * Math.sqrt(Math.max(rows, columns))
    return direction.mul(nn.scalar(size))
  }

  /** Steps of Adam before the rate, with the corrections 1 - beta^t as running means of 1. */
  #adam(args: Parameters<Optimizer['update']>[0]): (member: Member) => tf.Tensor {
    const { beta1, beta2, epsilon } = this.#config
    const one = nn.scalar(1)
    const [share1, share2] = [this.#share(args, beta1), this.#share(args, beta2)]
    const correction1 = this.average('correction1', one, share1, nn.scalar(1 - beta1))
    const correction2 = this.average('correction2', one, share2, nn.scalar(1 - beta2))
    const root = correction2.sqrt()
    const scale = root.div(correction1)
    const small = root.mul(nn.scalar(epsilon))
    return ({ path, gradient }) => {
      const m = this.average(`m/${path}`, gradient, share1, correction1)
      const v = this.average(`v/${path}`, gradient.square(), share2, correction2)
      return m.mul(scale).div(v.sqrt().add(small))
    }
  }
}

export default class MuonPlugin extends plugin({
  manifest: {
    name: 'muon',
    version: '1.0.0',
    category: 'optimizer',
    description: 'Orthogonal steps for matrices, AdamW for the rest',
    provides: ['optimizer/muon'],
  },
}) {
  initialize() {
    this.ctx.provide('optimizer', 'muon', (options) => new Muon(options), {
      config,
      description: 'for hidden layers: momentum made orthogonal',
    })
  }
}
