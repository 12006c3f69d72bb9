// How often each class was taken for each other; as one number, the mean recall.
import * as tf from '@tensorflow/tfjs'
import { EngineError, type Metric, nn, plugin } from 'plugboard'

/** Most classes there may be: the matrix is read in every step. */
const MAX_CLASSES = 256

const metric: Metric = {
  /** The matrix, row by row: rows are labels, columns predictions. */
  measure(args) {
    const { logits, labels, mask } = nn.readDecisions('confusion_matrix', args)
    const classes = logits.shape.at(-1)!
    if (classes > MAX_CLASSES) {
      throw new EngineError({
        code: 'contribution.config',
        message: `confusion_matrix of ${classes} classes has ${classes ** 2} entries; it goes up to ${MAX_CLASSES} classes`,
        hint: 'take accuracy or f1 for so many classes',
      })
    }
    const spread = (of: tf.Tensor) => tf.oneHot(of.toInt().flatten(), classes).toFloat()
    const labelled = spread(labels)
    const kept = mask ? labelled.mul(mask.reshape([-1, 1])) : labelled
    const predicted = spread(logits.argMax(-1)) as tf.Tensor2D
    return tf.matMul(kept as tf.Tensor2D, predicted, true).flatten()
  },
  /** Mean recall of the classes that occur: accuracy as it would be if all occurred alike. */
  summarize(sums): Record<string, number> {
    const classes = Math.sqrt(sums.length)
    const recalls: number[] = []
    for (let label = 0; label < classes; label++) {
      const row = sums.slice(label * classes, (label + 1) * classes)
      const all = row.reduce((total, count) => total + count, 0)
      if (all > 0) recalls.push(row[label]! / all)
    }
    if (recalls.length === 0) return {}
    return { balanced_accuracy: recalls.reduce((sum, one) => sum + one, 0) / recalls.length }
  },
}

export default class ConfusionMatrix extends plugin({
  manifest: {
    name: 'confusion_matrix',
    version: '1.0.0',
    category: 'metric',
    description: 'How often each class was taken for each other',
    tags: ['classification'],
    provides: ['metric/confusion_matrix'],
  },
}) {
  initialize() {
    this.ctx.provide('metric', 'confusion_matrix', () => metric, {
      description: 'sums are the matrix; its value is balanced_accuracy, the mean recall',
    })
  }
}
