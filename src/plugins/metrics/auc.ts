// Area under the ROC curve: how often a yes scores above a no.
import * as tf from '@tensorflow/tfjs'
import { EngineError, type Metric, nn, plugin, z } from 'plugboard'

const config = z.strictObject({
  bins: z
    .int()
    .min(10)
    .max(10_000)
    .default(1000)
    .describe('scores that fall into one count as equal; more are slower and more exact'),
})

/** Most classes there may be: each has bins of its own, read in every step. */
const MAX_CLASSES = 100

/** [n, scores]: for two classes how far 1 is above 0, else for each class the log odds of its probability. */
function scoresOf(logits: tf.Tensor2D): tf.Tensor2D {
  const [rows, classes] = logits.shape
  if (classes === 2) {
    const [no, yes] = [logits.slice([0, 0], [rows, 1]), logits.slice([0, 1], [rows, 1])]
    return yes.sub<tf.Tensor2D>(no)
  }
  const log = tf.logSoftmax(logits)
  return log.sub<tf.Tensor2D>(log.expm1().neg().maximum(nn.scalar(1e-30)).log())
}

/** From 0 to bins - 1 in the order of the scores, and finer where they are small: by x / (1 + |x|). */
function binsOf(scores: tf.Tensor2D, bins: number): tf.Tensor2D {
  const share = scores.div<tf.Tensor2D>(scores.abs().add(nn.scalar(1)))
  const at = share.add<tf.Tensor2D>(nn.scalar(1)).mul<tf.Tensor2D>(nn.scalar(bins / 2))
  return tf.clipByValue(at.floor(), 0, bins - 1).toInt()
}

/**
 * Area under the curve of one class. With P yes and N no, and p and n of them in a bin, it is off by at most
 * half the sum of p n over the bins, divided by P N: what pairs within one bin may be wrong by.
 */
function areaOf(counts: readonly number[]): number | undefined {
  let [below, yes, area] = [0, 0, 0]
  for (let i = 0; i < counts.length; i += 2) {
    const [p, n] = [counts[i]!, counts[i + 1]!]
    area += p * (below + n / 2)
    below += n
    yes += p
  }
  return yes > 0 && below > 0 ? area / (yes * below) : undefined
}

function createMetric({ bins }: { bins: number }): Metric {
  return {
    /** [yes, no] of each bin of each class in turn, over the labels that the mask keeps. */
    measure(args) {
      const { logits, labels, mask } = nn.readDecisions('auc', args)
      const classes = logits.shape.at(-1)!
      if (classes > MAX_CLASSES) throw tooMany(classes)
      const scores = scoresOf(logits.reshape([-1, classes]))
      const [rows] = scores.shape
      const is = tf.oneHot(labels.flatten().toInt(), classes).toFloat()
      const yes = classes === 2 ? is.slice([0, 1], [rows, 1]) : is
      const no = nn.scalar(1).sub(yes)
      const kept = (mask ?? tf.onesLike(labels)).toFloat().reshape([-1, 1, 1])
      // By class, then row: products with one-hot rows add up in the same order on every device.
      const pairs = tf.stack([yes, no], -1).mul(kept).transpose<tf.Tensor3D>([1, 0, 2])
      const spread = tf.oneHot(binsOf(scores, bins).transpose(), bins).toFloat() as tf.Tensor3D
      return tf.matMul(spread, pairs, true).flatten()
    },
    /** The mean over the classes that occur and do not make up all; of a single class there is no area. */
    summarize(sums): Record<string, number> {
      const size = 2 * bins
      const areas: number[] = []
      for (let start = 0; start < sums.length; start += size) {
        const area = areaOf(sums.slice(start, start + size))
        if (area !== undefined) areas.push(area)
      }
      if (areas.length === 0) return {}
      return { auc: areas.reduce((sum, area) => sum + area, 0) / areas.length }
    },
  }
}

const tooMany = (classes: number): EngineError =>
  new EngineError({
    code: 'contribution.config',
    message: `auc of ${classes} classes would keep as many curves; it goes up to ${MAX_CLASSES} classes`,
    hint: 'take accuracy with `top_k` for so many classes',
  })

export default class AreaUnderCurve extends plugin({
  manifest: {
    name: 'auc',
    version: '1.0.0',
    category: 'metric',
    description: 'Area under the ROC curve, of one class against the rest',
    tags: ['classification'],
    provides: ['metric/auc'],
  },
}) {
  initialize() {
    this.ctx.provide('metric', 'auc', createMetric, {
      config,
      description: 'how often a yes scores above a no; over several classes, their mean',
    })
  }
}
