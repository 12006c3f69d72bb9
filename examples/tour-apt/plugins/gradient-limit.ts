// Idea: gradient clipping from scratch, in the one hook that changes what training goes on with.
import * as tf from '@tensorflow/tfjs'
import { type HookArgs, type Metrics, plugin, z } from 'plugboard'

export default class GradientLimit extends plugin({
  manifest: {
    name: 'gradient_limit',
    version: '1.0.0',
    category: 'callback',
    description: 'Keeps gradients within a limit, which may be scheduled',
    conflicts: ['gradient_clipping'],
  },
  config: z.strictObject({
    by: z
      .enum(['norm', 'value'])
      .default('norm')
      .describe('shorten all together, or cut each value'),
    norm_type: z
      .union([z.literal(1), z.literal(2), z.literal('inf')])
      .default(2)
      .describe('sum of sizes, Euclidean length, or largest size'),
    limit: z
      .number()
      .positive()
      .default(1)
      .describe('unless the value gradient_limit is scheduled'),
  }),
}) {
  #steps = 0
  #limited = 0

  /** A scheduled value is read by its name: here as a number, in a model as `ctx.scalars`. */
  #limit(values: Metrics): number {
    return values['gradient_limit'] ?? this.config.limit
  }

  // Inside of a step: nothing waits for the device, and what is returned takes the gradients' place.
  onBackwardEnd({ run, gradients, isLast }: HookArgs<'onBackwardEnd'>) {
    if (!isLast) return undefined
    const { by, norm_type } = this.config
    const limit = this.#limit(run.values)
    const limited = tf.tidy(() => {
      const all = [...gradients.values()]
      const size = normOf(all, by === 'value' ? 'inf' : norm_type)
      // Goes to charts and to onMetrics with the numbers of this step.
      run.observe({ gradient_size: size })
      if (by === 'value') return all.map((gradient) => gradient.clipByValue(-limit, limit))
      const factor = tf.minimum(tf.scalar(limit).div(size), tf.scalar(1))
      return all.map((gradient) => gradient.mul(factor))
    })
    return new Map([...gradients.keys()].map((path, i) => [path, limited[i]!]))
  }

  onMetrics({ metrics }: HookArgs<'onMetrics'>) {
    const size = metrics['gradient_size']
    if (size === undefined) return
    this.#steps += 1
    if (size > this.#limit(metrics)) this.#limited += 1
  }

  onEpochEnd({ epoch }: HookArgs<'onEpochEnd'>) {
    this.ctx.log.info(`epoch ${epoch}: limited ${this.#limited} of ${this.#steps} gradients`)
    this.#steps = this.#limited = 0
  }
}

/** The norm over all values of all gradients is the norm of the gradients' own norms. */
function normOf(gradients: readonly tf.Tensor[], type: 1 | 2 | 'inf'): tf.Scalar {
  const order = type === 'inf' ? Infinity : type
  const norms = gradients.map((gradient) => tf.norm(gradient.flatten(), order))
  return tf.norm(tf.stack(norms), order).asScalar()
}
