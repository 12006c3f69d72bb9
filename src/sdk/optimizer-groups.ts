// Parameters within an optimizer: which of them decay, and how fast each learns.
import type * as tf from '@tensorflow/tfjs'
import { z } from 'zod'
import { EngineError } from './errors.ts'
import type { Optimizer } from './model-kinds.ts'
import { scalar } from './nn/scalar.ts'

const groupSchema = z.strictObject({
  match: z.string().min(1).describe('parameters whose path contains this; the first match counts'),
  learning_rate_factor: z.number().min(0).default(1).describe('on the learning rate'),
  weight_decay: z.number().min(0).optional().describe("in place of the optimizer's"),
})

/** What of an optimizer's defaults is its own. */
export interface DecayDefaults {
  weight_decay?: number
  /** `matrices`: biases and norms do not decay. PyTorch decays all. */
  decayed?: 'all' | 'matrices'
  no_decay?: string[]
}

/** Settings of parameter groups, to spread into an optimizer's own: `z.strictObject({ ..., ...groupSettings() })`. */
export const groupSettings = ({
  weight_decay = 0,
  decayed = 'all',
  no_decay = [],
}: DecayDefaults = {}) => ({
  weight_decay: z
    .number()
    .min(0)
    .default(weight_decay)
    .describe('how fast weights shrink towards 0'),
  decayed: z
    .enum(['all', 'matrices'])
    .default(decayed)
    .describe('what shrinks: all parameters, or those of rank 2 and more, not biases and norms'),
  no_decay: z
    .array(z.string().min(1))
    .default(no_decay)
    .describe('parameters whose path contains one of these do not decay'),
  groups: z
    .array(groupSchema)
    .default([])
    .describe('parameters with a learning rate or a decay of their own'),
})

export type GroupSettings = z.output<z.ZodObject<ReturnType<typeof groupSettings>>>

type UpdateArgs = Parameters<Optimizer['update']>[0]

/** Rate and decay of some parameters in one step; on the device. */
class Group {
  #kept: tf.Scalar | undefined
  #pull: tf.Scalar | undefined
  #scaled: tf.Scalar | undefined

  constructor(
    readonly rate: tf.Scalar,
    readonly decay: number,
    readonly healthy: tf.Scalar,
  ) {}

  /** The rate times `scale`, which must be the same for all parameters of a step. */
  scaled(scale: tf.Tensor): tf.Scalar {
    return (this.#scaled ??= this.rate.mul<tf.Scalar>(scale))
  }

  /** Decoupled decay (Loshchilov & Hutter 2019): (1 - rate × decay) of the parameter. */
  shrink(parameter: tf.Tensor): tf.Tensor {
    if (this.decay === 0) return parameter
    this.#kept ??= scalar(1).sub(this.rate.mul(scalar(this.decay)))
    return parameter.mul(this.#kept)
  }

  /** Decay as part of the loss, decay / 2 × |parameter|²: the gradient plus decay × parameter. */
  pull(gradient: tf.Tensor, parameter: tf.Tensor): tf.Tensor {
    if (this.decay === 0) return gradient
    this.#pull ??= this.healthy.mul(scalar(this.decay))
    return gradient.add(parameter.mul(this.#pull))
  }
}

/** One parameter that has a gradient in this step. */
export interface Member {
  path: string
  parameter: tf.Variable
  gradient: tf.Tensor
  group: Group
}

/** The groups of one optimizer, by its settings. */
export class ParameterGroups {
  readonly #settings: GroupSettings
  #isChecked = false

  constructor(settings: GroupSettings) {
    this.#settings = settings
  }

  /**
   * Parameters that have a gradient, each with its group. Call inside of `tf.tidy`. Throws 'contribution.config'
   * in the first step when a group is of no parameter.
   */
  *members({ parameters, gradients, learningRate, healthy }: UpdateArgs): Generator<Member> {
    if (!this.#isChecked) this.#check([...parameters.keys()])
    const known = new Map<string, Group>()
    for (const [path, parameter] of parameters) {
      const gradient = gradients.get(path)
      if (!gradient) continue
      const { factor, decay } = this.#of(path, parameter)
      const key = `${factor} ${decay}`
      let group = known.get(key)
      if (!group) {
        const rate = factor === 1 ? learningRate : learningRate.mul<tf.Scalar>(scalar(factor))
        known.set(key, (group = new Group(rate, decay, healthy ?? scalar(1))))
      }
      yield { path, parameter, gradient, group }
    }
  }

  #of(path: string, { rank }: tf.Variable): { factor: number; decay: number } {
    const { weight_decay, decayed, no_decay, groups } = this.#settings
    const group = groups.find(({ match }) => path.includes(match))
    const isExempt =
      (decayed === 'matrices' && rank < 2) || no_decay.some((part) => path.includes(part))
    const decay = group?.weight_decay ?? (isExempt ? 0 : weight_decay)
    return { factor: group?.learning_rate_factor ?? 1, decay }
  }

  #check(paths: readonly string[]): void {
    const { groups } = this.#settings
    const index = groups.findIndex(({ match }) => !paths.some((path) => path.includes(match)))
    if (index >= 0) {
      throw new EngineError({
        code: 'contribution.config',
        message: `groups[${index}] of the optimizer is for paths that contain ${JSON.stringify(groups[index]!.match)}, but none of the model's ${paths.length} parameters has such a path; they are ${paths.slice(0, 12).join(', ')}${paths.length > 12 ? ', …' : ''}`,
        hint: 'take a part of one of these paths as `match`, or take the group out',
      })
    }
    this.#isChecked = true
  }
}
