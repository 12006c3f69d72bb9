// Sends each token to the experts that score best for it, and keeps all of them busy.
import * as tf from '@tensorflow/tfjs'
import {
  EngineError,
  type ForwardContext,
  init,
  Module,
  nn,
  plugin,
  type RouterEnv,
  type Routing,
  z,
} from 'plugboard'

const config = z.strictObject({
  k: z
    .int()
    .min(1)
    .default(2)
    .describe('experts that have a say in a token; with 1, its weight is its probability'),
  temperature: z
    .union([z.number().positive(), z.string().min(1)])
    .default(1)
    .describe(
      'scores are divided by it: high for even weights, low for one expert; a name is a value of `schedules`',
    ),
  balance: z
    .number()
    .min(0)
    .default(0.01)
    .describe('factor of the load-balancing loss, which is 1 when all experts are used alike'),
  noise: z
    .number()
    .min(0)
    .default(0)
    .describe('deviation of what is added to the scores while training, so that all get a chance'),
})

type RouterConfig = z.output<typeof config>

/** Lowest temperature of a schedule: at zero there would be no weights. */
const COLDEST = 1e-3

/**
 * Tokens [n, width] to weights [n, experts]: softmax over the k best scores, as in Mixtral (Jiang et al. 2024, section
 * 2.1), zero for the others; of one expert alone, its probability (Fedus et al. 2021, eq. 2). Experts that tie for the last place all count. Positions that `ctx.mask` leaves out are
 * routed as others, but don't count for the balance.
 */
class TopKRouter extends Module<tf.Tensor2D, Routing> {
  readonly gate: nn.Linear
  readonly config: RouterConfig
  readonly experts: number

  constructor(config: RouterConfig, { width, experts }: RouterEnv) {
    super()
    if (config.k > experts) {
      throw new EngineError({
        code: 'model.parameter',
        message: `top_k is to choose ${config.k} experts, but there are ${experts}`,
        hint: 'lower `k` of the router, or raise `experts`',
      })
    }
    this.gate = new nn.Linear(width, experts, { bias: false, weight: init.normal(0.02) })
    this.config = config
    this.experts = experts
  }

  forward(tokens: tf.Tensor2D, ctx: ForwardContext): Routing {
    const { k, balance } = this.config
    const scores = this.#scores(tokens, ctx)
    const likely = tf.softmax<tf.Tensor2D>(scores.div(this.#temperature(ctx)))
    // Of how many experts, itself included, it is at least as likely: those of the k best pass all the others.
    const passed = likely.expandDims(2).greaterEqual(likely.expandDims(1)).toFloat().sum(2)
    const least = nn.scalar(this.experts - k + 1)
    const isActive = passed.greaterEqual(least).toFloat() as tf.Tensor2D
    const kept = likely.mul<tf.Tensor2D>(isActive)
    // A single weight that is always 1 would teach the gate nothing: it is the probability, as in Switch Transformers.
    const weights = k === 1 ? kept : kept.div<tf.Tensor2D>(kept.sum(1, true))
    if (balance === 0) return { weights }
    return { weights, aux_loss: this.#imbalance(likely, isActive, ctx).mul(nn.scalar(balance)) }
  }

  #scores(tokens: tf.Tensor2D, { training, random }: ForwardContext): tf.Tensor2D {
    const scores = this.gate.forward(tokens) as tf.Tensor2D
    const { noise } = this.config
    if (!training || noise === 0) return scores
    return scores.add(nn.normal(random, scores.shape, noise))
  }

  #temperature({ scalars }: ForwardContext): tf.Tensor {
    const { temperature } = this.config
    if (typeof temperature === 'number') return nn.scalar(temperature)
    const value = scalars[temperature]
    if (value) return value.maximum(nn.scalar(COLDEST))
    throw new EngineError({
      code: 'model.forward',
      message: `the temperature of top_k is to be the value \`${temperature}\`, but the schedules have ${Object.keys(scalars).join(', ') || 'no values'}`,
      hint: `add it under \`schedules: values:\`, as in \`${temperature}: { start: 2, end: 0.5 }\`, or give a number`,
    })
  }

  /**
   * Experts times the sum of share of tokens times mean probability (Fedus et al. 2021, "Switch Transformers", eq. 4 to
   * 6). With several experts a token, each has its part of the share, so that it is 1 when all are used alike.
   */
  #imbalance(likely: tf.Tensor2D, isActive: tf.Tensor2D, { mask }: ForwardContext): tf.Scalar {
    const shares = isActive.div(isActive.sum(1, true))
    const kept = mask?.reshape([1, -1])
    const mean = (x: tf.Tensor) => nn.pool(x.expandDims(0), 'mean', kept)
    return mean(shares).mul(mean(likely)).sum().mul<tf.Scalar>(nn.scalar(this.experts))
  }
}

export default class TopKRouterPlugin extends plugin({
  manifest: {
    name: 'top_k_router',
    version: '1.0.0',
    category: 'layer',
    description: 'Sends each token to its best experts, evenly over all of them',
    tags: ['router', 'mixture of experts'],
    provides: ['router', 'router/top_k'],
  },
}) {
  initialize() {
    this.ctx.provide('router', 'top_k', (options, env) => new TopKRouter(options, env), {
      config,
      default: true,
      description: 'the experts that score best for a token, with a loss for even use',
    })
  }
}
