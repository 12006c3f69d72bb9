// Gradient clipping: scales all gradients down together when they are too long.
import * as tf from '@tensorflow/tfjs'
import { type HookArgs, nn, plugin, z } from 'plugboard'

const config = z.strictObject({
  max_norm: z.number().positive().default(1).describe('longest allowed norm of all gradients'),
})

export default class GradientClipping extends plugin({
  manifest: {
    name: 'gradient_clipping',
    version: '1.0.0',
    category: 'callback',
    description: 'Keeps the norm of all gradients together within a limit',
    tags: ['training'],
  },
  config,
}) {
  /**
   * Multiplies every gradient by min(1, max_norm / norm), norm being the Euclidean norm over all of
   * them (Pascanu et al. 2013, algorithm 1). Nothing is read back from the device.
   */
  onBackwardEnd({ gradients }: HookArgs<'onBackwardEnd'>) {
    const clipped = tf.tidy(() => {
      const squares = [...gradients.values()].map((gradient) => gradient.square().sum())
      const norm = tf.addN(squares).sqrt()
      const limit = nn.scalar(this.config.max_norm)
      const factor = limit.div(tf.maximum(norm, limit))
      return [...gradients.values()].map((gradient) => gradient.mul(factor))
    })
    return new Map([...gradients.keys()].map((path, i) => [path, clipped[i]!]))
  }
}
