// How long gradients, weights and updates are, and the updates against the weights.
import * as tf from '@tensorflow/tfjs'
import { type HookArgs, nn, parametersOf, plugin, z } from 'plugboard'

const config = z.strictObject({
  every_steps: z.int().min(1).default(1).describe('steps from one look to the next'),
})

/**
 * Norms over all parameters together, as metrics: `gradient_norm` (as it is before clipping), `weight_norm` and
 * `update_ratio`, the norm of what a step changes over that of the weights. A ratio near 0.001 is usual; one that
 * is far above says that the learning rate is too high, far below that it is too low (Karpathy 2015, CS231n).
 */
export default class UpdateRatio extends plugin({
  manifest: {
    name: 'update_ratio',
    version: '1.0.0',
    category: 'callback',
    description: 'Norms of gradients and weights, and how much of the weights a step changes',
    tags: ['training'],
  },
  config,
  // The gradients as the model gave them, the weights as the optimizer left them.
  hooks: { onBackwardEnd: { priority: 500 }, onOptimizerStep: { priority: 500 } },
}) {
  /** The weights before the step; copies that share their data. */
  readonly #before = new Map<string, tf.Tensor>()

  initialize() {
    this.ctx.own(() => this.#forget())
  }

  // The step is read only where it matters: what depends on it cannot be repeated as it is.
  onBackwardEnd(args: HookArgs<'onBackwardEnd'>) {
    const { run, gradients, isLast } = args
    const { every_steps: every } = this.config
    if (!isLast || (every > 1 && args.step % every !== 0)) return undefined
    run.observe({ gradient_norm: tf.tidy(() => normOf([...gradients.values()])) })
    this.#forget()
    for (const [path, weight] of parametersOf(run.model))
      this.#before.set(path, tf.keep(weight.clone()))
    return undefined
  }

  onOptimizerStep({ run }: HookArgs<'onOptimizerStep'>) {
    if (this.#before.size === 0) return
    const norms = tf.tidy(() => {
      const weights = [...parametersOf(run.model)]
      const changes = weights.flatMap(([path, weight]) => {
        const before = this.#before.get(path)
        return before ? [weight.sub(before)] : []
      })
      const weight_norm = normOf([...this.#before.values()])
      // Of weights that are all 0 there is no share.
      return {
        weight_norm,
        update_ratio: normOf(changes).div<tf.Scalar>(weight_norm.maximum(nn.scalar(1e-12))),
      }
    })
    run.observe(norms)
    this.#forget()
  }

  onTrainEnd() {
    this.#forget()
  }

  #forget() {
    tf.dispose([...this.#before.values()])
    this.#before.clear()
  }
}

const normOf = (tensors: readonly tf.Tensor[]): tf.Scalar =>
  tf
    .addN(tensors.map((it) => it.square().sum()))
    .sqrt()
    .asScalar()
