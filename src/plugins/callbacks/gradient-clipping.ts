// Gradient clipping: makes gradients that are too long shorter, all together or value by value.
import * as tf from '@tensorflow/tfjs'
import { type HookArgs, nn, plugin, z } from 'plugboard'

const config = z.strictObject({
  max_norm: z.number().positive().default(1).describe('longest allowed norm of all gradients'),
  norm_type: z
    .union([z.number().positive(), z.literal('inf')])
    .default(2)
    .describe('2 is the Euclidean norm, 1 the sum of sizes, inf the largest value'),
  clip_value: z
    .number()
    .positive()
    .optional()
    .describe('instead of scaling by the norm, keep every value between ± this'),
})

export default class GradientClipping extends plugin({
  manifest: {
    name: 'gradient_clipping',
    version: '1.1.0',
    category: 'callback',
    description: 'Keeps the norm of all gradients together, or each value, within a limit',
    tags: ['training'],
  },
  config,
}) {
  #steps = 0
  #clipped = 0
  #largest = 0

  get #limit(): number {
    return this.config.clip_value ?? this.config.max_norm
  }

  /** Of the norm that is held against the limit: for single values, the largest of them. */
  get #type(): number | 'inf' {
    return this.config.clip_value === undefined ? this.config.norm_type : 'inf'
  }

  /**
   * By norm, multiplies every gradient by min(1, max_norm / norm), norm being that over all of them (Pascanu et
   * al. 2013, algorithm 1). Nothing is read back from the device here: the norm arrives with the metrics.
   */
  onBackwardEnd({ run, gradients, isLast }: HookArgs<'onBackwardEnd'>) {
    if (!isLast) return undefined
    const clipped = tf.tidy(() => {
      const all = [...gradients.values()]
      const norm = normOf(all, this.#type)
      run.observe({ gradient_norm: norm })
      const { clip_value: value } = this.config
      if (value !== undefined) return all.map((gradient) => gradient.clipByValue(-value, value))
      const limit = nn.scalar(this.#limit)
      const factor = limit.div(tf.maximum(norm, limit))
      return all.map((gradient) => gradient.mul(factor))
    })
    return new Map([...gradients.keys()].map((path, i) => [path, clipped[i]!]))
  }

  onMetrics({ metrics: { gradient_norm: norm } }: HookArgs<'onMetrics'>) {
    if (norm === undefined) return
    this.#steps += 1
    if (norm <= this.#limit) return
    this.#clipped += 1
    this.#largest = Math.max(this.#largest, norm)
  }

  /** Tells once an epoch, not in every step, how often it clipped. */
  onEpochEnd({ epoch }: HookArgs<'onEpochEnd'>) {
    if (this.#clipped > 0) {
      this.ctx.events.emit('gradient_clipping.clipped', {
        epoch,
        steps: this.#steps,
        clipped: this.#clipped,
        largest: this.#largest,
        limit: this.#limit,
      })
    }
    this.#steps = this.#clipped = this.#largest = 0
  }
}

/** (Σ |g|ᵖ)^(1/p) over all values of all gradients; for `inf` the largest |g|. */
function normOf(gradients: readonly tf.Tensor[], type: number | 'inf'): tf.Scalar {
  if (type === 'inf') return tf.stack(gradients.map((it) => it.abs().max())).max()
  // The common ones without pow, which is slow and inexact.
  if (type === 1) return tf.addN(gradients.map((it) => it.abs().sum())).asScalar()
  if (type === 2)
    return tf
      .addN(gradients.map((it) => it.square().sum()))
      .sqrt()
      .asScalar()
  const power = nn.scalar(type)
  const sum = tf.addN(gradients.map((it) => it.abs().pow(power).sum()))
  return sum.pow(nn.scalar(1 / type)).asScalar()
}
