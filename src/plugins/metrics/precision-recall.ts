// Precision, recall and F1, over all classes or for one of them.
import * as tf from '@tensorflow/tfjs'
import { EngineError, type Metric, nn, plugin, z } from 'plugboard'

const config = z.strictObject({
  average: z
    .enum(['macro', 'micro', 'weighted', 'binary'])
    .default('macro')
    .describe(
      'the mean over classes, all classes counted together, the mean weighted by how often each occurs, or one class alone',
    ),
  positive: z.int().min(0).default(1).describe('the class that `binary` is about'),
})

type AverageConfig = z.output<typeof config>

/** Of one class: how often it was rightly named, named, and meant. */
type Counts = readonly [right: number, predicted: number, labelled: number]

const scores = {
  precision: ([right, predicted]: Counts) => ratio(right, predicted),
  recall: ([right, , labelled]: Counts) => ratio(right, labelled),
  f1: ([right, predicted, labelled]: Counts) => ratio(2 * right, predicted + labelled),
}

/** 0 of 0 is 0, as in scikit-learn. */
const ratio = (part: number, whole: number): number => (whole > 0 ? part / whole : 0)

/** As in scikit-learn: classes that are neither named nor meant have no part in a mean. */
function averageOf(score: (counts: Counts) => number, classes: Counts[], options: AverageConfig) {
  const { average, positive } = options
  if (average === 'binary') return score(classes[positive]!)
  const add = (at: 0 | 1 | 2) => classes.reduce((sum, counts) => sum + counts[at], 0)
  if (average === 'micro') return score([add(0), add(1), add(2)])
  const seen = classes.filter(([, predicted, labelled]) => predicted + labelled > 0)
  const weights = seen.map(([, , labelled]) => (average === 'weighted' ? labelled : 1))
  const sum = seen.reduce((total, counts, i) => total + score(counts) * weights[i]!, 0)
  return sum / weights.reduce((total, weight) => total + weight, 0)
}

function createMetric(name: keyof typeof scores, options: AverageConfig): Metric {
  const { average, positive } = options
  const value = average === 'macro' ? name : `${name}_${average}`
  return {
    /** Counts of each class in turn, over the labels that the mask keeps. */
    measure(args) {
      const { logits, labels, mask } = nn.readDecisions(name, args)
      const classes = logits.shape.at(-1)!
      if (average === 'binary' && positive >= classes) throw noSuchClass(name, positive, classes)
      const kept = mask?.reshape([-1, 1])
      const spread = (of: tf.Tensor) => {
        const rows = tf.oneHot(of.toInt().flatten(), classes).toFloat()
        return kept ? rows.mul(kept) : rows
      }
      const predicted = spread(logits.argMax(-1))
      const labelled = spread(labels)
      const counts = [predicted.mul(labelled), predicted, labelled].map((each) => each.sum(0))
      return tf.stack(counts, 1).flatten()
    },
    summarize(sums): Record<string, number> {
      const classes = Array.from({ length: sums.length / 3 }, (_, i): Counts => {
        return [sums[3 * i]!, sums[3 * i + 1]!, sums[3 * i + 2]!]
      })
      const isEmpty = classes.every(([, , labelled]) => labelled === 0)
      return isEmpty ? {} : { [value]: averageOf(scores[name], classes, options) }
    },
  }
}

const noSuchClass = (name: string, positive: number, classes: number): EngineError =>
  new EngineError({
    code: 'contribution.config',
    message: `${name} is to be that of class ${positive}, but the model tells ${classes} classes apart, 0 to ${classes - 1}`,
    hint: 'set `positive` to the number of a class',
  })

export default class PrecisionRecall extends plugin({
  manifest: {
    name: 'precision_recall',
    version: '1.0.0',
    category: 'metric',
    description: 'Precision, recall and F1, over all classes or for one of them',
    tags: ['classification'],
    provides: ['metric/precision', 'metric/recall', 'metric/f1'],
  },
}) {
  initialize() {
    this.ctx.provide('metric', 'precision', (options) => createMetric('precision', options), {
      config,
      description: 'share of the labels named that are right',
    })
    this.ctx.provide('metric', 'recall', (options) => createMetric('recall', options), {
      config,
      description: 'share of the labels there are that were named',
    })
    this.ctx.provide('metric', 'f1', (options) => createMetric('f1', options), {
      config,
      description: 'harmonic mean of precision and recall',
    })
  }
}
