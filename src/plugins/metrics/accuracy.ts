// Share of labels that the largest logit names, or one of the few largest.
import * as tf from '@tensorflow/tfjs'
import { EngineError, type Metric, nn, plugin, z } from 'plugboard'

const config = z.strictObject({
  top_k: z.int().min(1).default(1).describe('a label counts as right among so many largest logits'),
})

/** 1 where fewer than `k` logits come before that of the label: larger ones, and of equal ones those before it. */
function rightOf(logits: tf.Tensor, labels: tf.Tensor, k: number): tf.Tensor {
  if (k === 1) return logits.argMax(-1).equal(labels.toInt()).toFloat()
  const classes = logits.shape.at(-1)!
  if (k >= classes) {
    throw new EngineError({
      code: 'contribution.config',
      message: `top_k of accuracy is ${k}, but there are ${classes} classes: every guess would be right`,
      hint: `set top_k to a number below ${classes}`,
    })
  }
  const label = labels.toInt().expandDims(-1)
  const own = tf.oneHot(labels.toInt(), classes).toFloat().mul(logits).sum(-1, true)
  const isBefore = tf.logicalOr(
    logits.greater(own),
    tf.logicalAnd(logits.equal(own), tf.range(0, classes, 1, 'int32').less(label)),
  )
  return isBefore.toFloat().sum(-1).less(k).toFloat()
}

function createMetric({ top_k: k }: { top_k: number }): Metric {
  const name = k === 1 ? 'accuracy' : `top_${k}_accuracy`
  return {
    /** [right, all], counted over the labels that the mask keeps. */
    measure(args) {
      const { logits, labels, mask } = nn.readDecisions('accuracy', args)
      const right = rightOf(logits, labels, k)
      const kept = mask ?? right.onesLike()
      return tf.stack([right.mul(kept).sum(), kept.sum()]) as tf.Tensor1D
    },
    // Of no labels there is no share: the value is left out.
    summarize: ([right = 0, all = 0]): Record<string, number> =>
      all > 0 ? { [name]: right / all } : {},
  }
}

export default class Accuracy extends plugin({
  manifest: {
    name: 'accuracy',
    version: '1.1.0',
    category: 'metric',
    description: 'Share of predictions that are right',
    tags: ['classification'],
    provides: ['metric/accuracy'],
  },
}) {
  initialize() {
    this.ctx.provide('metric', 'accuracy', createMetric, {
      config,
      description: 'share of labels that the largest logit names',
    })
  }
}
