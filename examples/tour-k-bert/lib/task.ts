// Loss and metrics of one task, for heads. Rows without a label for it have no say in either.
import * as tf from '@tensorflow/tfjs'
import { EngineError, type HeadEnv, type Metric, nn, type TensorMap } from 'plugboard'

/** Classes of a task: as configured, else those of its labels. Throws `contribution.config` when neither tells. */
export function classesOf(task: string, size: number | undefined, { columns }: HeadEnv): number {
  const classes = size ?? columns[`${task}_labels`]?.limit
  if (classes !== undefined) return classes
  throw new EngineError({
    code: 'contribution.config',
    message: `nothing tells how many classes the task ${task} has`,
    hint: `set its \`output_size\`, or let the dataset have a column ${task}_labels`,
  })
}

/** Mean cross-entropy over the rows that have a label; undefined for a batch without such labels. */
export function taskLoss(task: string, logits: tf.Tensor, batch: TensorMap): tf.Scalar | undefined {
  const labels = batch[`${task}_labels`]
  return labels && nn.crossEntropy(logits, labels, { mask: batch[`${task}_mask`] })
}

/**
 * `<task>_accuracy`, and `<task>_f1`, the mean over the classes that occur. A metric adds up numbers over
 * batches and divides at the end: the mean of the F1 of batches would not be the F1 of all.
 */
export function taskMetric(task: string, output: string, classes: number): Metric {
  return {
    /** For each class in turn: rows of it that were found, rows taken for it, rows of it. */
    measure({ outputs, batch }) {
      const labels = batch[`${task}_labels`]
      if (!labels) return tf.zeros([3 * classes])
      const mask = batch[`${task}_mask`] ?? tf.onesLike(labels)
      const hot = (of: tf.Tensor) =>
        tf.oneHot(of.toInt(), classes).toFloat().mul(mask.expandDims(1))
      const [guessed, right] = [hot(outputs[output]!.argMax(-1)), hot(labels)]
      return tf.stack([guessed.mul(right).sum(0), guessed.sum(0), right.sum(0)], 1).flatten()
    },
    summarize(sums) {
      const counts = Array.from({ length: classes }, (_, i) => sums.slice(3 * i, 3 * i + 3))
      const total = (at: number) => counts.reduce((sum, count) => sum + count[at]!, 0)
      if (total(2) === 0) return {}
      const f1 = counts.flatMap(([found, guessed, there]) =>
        guessed! + there! > 0 ? [(2 * found!) / (guessed! + there!)] : [],
      )
      return {
        [`${task}_accuracy`]: total(0) / total(2),
        [`${task}_f1`]: f1.reduce((sum, value) => sum + value, 0) / f1.length,
      }
    },
  }
}
