// Multi-class hinge loss: the right class has to be ahead of all others by a margin.
import * as tf from '@tensorflow/tfjs'
import { nn, plugin, type Predicted, z } from 'plugboard'

const config = z.strictObject({
  margin: z.number().positive().default(1).describe('lead of the right class that costs nothing'),
})

/** max(0, margin + best wrong logit - right logit), the mean over labels (Crammer & Singer 2001). */
function hinge(margin: number, args: Predicted): tf.Scalar {
  // Labels that the mask leaves out, such as fillers behind a text, must not count.
  const { logits, labels, mask } = nn.readClasses('my_loss', args)
  const isRight = tf.oneHot(labels.toInt(), logits.shape.at(-1)!).toFloat()
  const right = logits.mul(isRight).sum(-1)
  const wrong = logits.sub(isRight.mul(nn.scalar(1e9))).max(-1)
  const losses = wrong.sub(right).add(nn.scalar(margin)).relu()
  if (!mask) return losses.mean()
  return losses
    .mul(mask)
    .sum()
    .div(tf.maximum(mask.sum(), nn.scalar(1)))
}

export default class MyLoss extends plugin({
  manifest: {
    name: 'my_loss',
    version: '1.0.0',
    category: 'loss',
    description: 'Hinge loss: the right class has to lead by a margin',
    tags: ['classification'],
    provides: ['loss/my_loss'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'loss',
      'my_loss',
      ({ margin }) => ({
        compute: (args) => hinge(margin, args),
        // How much a batch counts in the loss over all validation rows.
        weight: ({ batch }) => nn.countLabels(batch),
      }),
      { config, description: 'for classes: labels are class numbers' },
    )
  }
}
