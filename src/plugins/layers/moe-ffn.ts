// Mixture of experts: several feed-forward networks, of which a router chooses for each token.
import * as tf from '@tensorflow/tfjs'
import {
  buffer,
  componentSchema,
  type CreatePart,
  type ForwardContext,
  init,
  type InstanceOf,
  type LayerEnv,
  Module,
  nn,
  parametersOf,
  plugin,
  z,
} from 'plugboard'

const config = z.strictObject({
  experts: z.int().min(2).max(64).default(4).describe('networks to choose from'),
  router: componentSchema.optional().describe('who chooses; without it, the default router'),
  ffn: componentSchema
    .optional()
    .describe('network of each expert; without it, the default feed-forward network'),
})

type MoeConfig = z.output<typeof config>
type MoeEnv = LayerEnv & { create: CreatePart }

/**
 * [batch, time, width] in and out: the outputs of all experts, weighed by the router (Shazeer et al. 2017, eq. 1).
 * Every expert works on every token, as a device has no fast way to take other shapes in each step: the cost is
 * that of all experts, whatever the router leaves out. What is gained is in the parameters, not in the time.
 */
class MixtureOfExperts extends Module<tf.Tensor, tf.Tensor> {
  readonly router: InstanceOf<'router'>
  readonly experts: InstanceOf<'ffn'>[]
  /** 1 while the router chooses; 0 while all experts have the same say, in training and out of it. */
  readonly routed: tf.Variable

  constructor({ experts, router, ffn }: MoeConfig, env: MoeEnv, isRouted: boolean) {
    super()
    this.router = env.create('router', router, { width: env.width, experts })
    this.experts = Array.from({ length: experts }, () => env.create('ffn', ffn, env))
    this.routed = buffer([1], isRouted ? init.ones() : init.zeros())
    if (!isRouted) this.#startAlike()
  }

  forward(x: tf.Tensor, ctx: ForwardContext): tf.Tensor {
    const tokens = x.reshape<tf.Tensor2D>([-1, x.shape.at(-1)!])
    const { weights, aux_loss } = this.router.forward(tokens, ctx)
    const even = nn.scalar(1 / this.experts.length)
    const shares = weights.sub(even).mul<tf.Tensor2D>(this.routed).add<tf.Tensor2D>(even)
    const places = x.shape.slice(0, -1)
    ctx.record?.(this, { shares: shares.reshape([...places, this.experts.length]) })
    this.#tellLoad(shares, ctx)
    if (aux_loss) ctx.addLoss?.(aux_loss.mul(this.routed).asScalar())
    const columns = tf.split(shares, this.experts.length, 1)
    return tf.addN(
      this.experts.map((expert, i) => {
        return expert.forward(x, ctx).mul(columns[i]!.reshape([...places, 1]))
      }),
    )
  }

  /** Mean share of each expert in the tokens that count, as metrics: of sum 1, all alike at best. */
  #tellLoad(shares: tf.Tensor2D, { mask, observe }: ForwardContext): void {
    if (!observe) return
    const means = nn.pool(shares.expandDims(0), 'mean', mask?.reshape([1, -1]))
    const loads = tf.split(means, this.experts.length, 1)
    observe(this, Object.fromEntries(loads.map((load, i) => [`expert_load_${i}`, load.asScalar()])))
  }

  /** Copies of one network that are used alike stay alike: together they train as that one network would. */
  #startAlike(): void {
    const [first, ...others] = this.experts.map((expert) => parametersOf(expert))
    for (const other of others)
      for (const [path, parameter] of other) parameter.assign(first!.get(path)!)
  }
}

/**
 * A plugin that a schedule starts later makes its layers at once: until then they work as a plain network, and the
 * experts part from where that one has got to ("sparse upcycling", Komatsuzaki et al. 2023).
 */
export default class MoeFfn extends plugin({
  manifest: {
    name: 'moe',
    version: '1.0.0',
    category: 'layer',
    description: 'Mixture of experts in place of a feed-forward network',
    tags: ['ffn', 'transformer', 'mixture of experts'],
    provides: ['ffn/moe'],
    requires: { 'kind:router': '*', 'kind:ffn': '*' },
  },
}) {
  readonly #layers = new Set<MixtureOfExperts>()
  #isOn = false
  /** Whether all layers know that it is on. */
  #isTold = false

  initialize() {
    this.ctx.provide('ffn', 'moe', (options, env) => this.#build(options, env), {
      config,
      description: 'several networks, of which a router chooses for each token',
    })
  }

  start() {
    this.#isOn = true
    this.#isTold = false
  }

  // A layer that took over the values of another one, on a reload, took over its switch as well.
  onStepBegin() {
    if (this.#isTold) return
    this.#isTold = true
    this.#switch(1)
  }

  stop() {
    this.#isOn = false
    this.#switch(0)
  }

  #build(options: MoeConfig, env: MoeEnv): MixtureOfExperts {
    const layer = new MixtureOfExperts(options, env, this.#isOn)
    this.#layers.add(layer)
    this.#isTold = false
    return layer
  }

  #switch(value: 0 | 1) {
    for (const layer of this.#layers) {
      if (layer.routed.isDisposed) this.#layers.delete(layer)
      else tf.tidy(() => layer.routed.assign(tf.tensor1d([value])))
    }
  }
}
