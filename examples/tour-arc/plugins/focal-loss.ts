// A loss of this workspace: cross-entropy that cares less about what is right already.
import * as tf from '@tensorflow/tfjs'
import { type Loss, nn, plugin, z } from 'plugboard'

const config = z.strictObject({
  gamma: z.number().min(0).default(1).describe('how much less; 0 is cross-entropy'),
})

/** The mean of -(1 - p)^γ log p, with p what the model gives the right class (Lin et al. 2017, eq. 4). */
const focal = (gamma: number): Loss => ({
  compute(args) {
    const { logits, labels } = nn.readClasses('custom.focal', args)
    const classes = logits.shape.at(-1)!
    const right = tf.oneHot(labels.flatten().toInt(), classes).toFloat()
    const log = tf
      .logSoftmax(logits.reshape([-1, classes]))
      .mul(right)
      .sum(-1)
    const wrong = nn.scalar(1).sub(log.exp())
    return wrong.pow(nn.scalar(gamma)).mul(log).mean().neg().asScalar()
  },
})

export default class FocalLoss extends plugin({
  manifest: {
    name: 'focal_loss',
    version: '1.0.0',
    category: 'loss',
    description: 'Cross-entropy that cares less about what is right already',
    provides: ['loss/custom.focal'],
  },
}) {
  initialize() {
    this.ctx.provide('loss', 'custom.focal', ({ gamma }) => focal(gamma), {
      config,
      description: 'focal loss over classes',
    })
  }
}
