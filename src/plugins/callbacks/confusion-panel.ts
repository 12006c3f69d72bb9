// Confusion panel: which classes the model takes for which, on rows held back.
import * as tf from '@tensorflow/tfjs'
import { type HookArgs, nn, type PanelHandle, plugin, type Run, z } from 'plugboard'

const config = z.strictObject({
  rows: z.int().min(1).max(100_000).default(2000).describe('validation rows to look at, at most'),
  batch_size: z.int().min(1).max(4096).default(256).describe('rows of one forward pass'),
  normalize: z
    .boolean()
    .default(false)
    .describe('shares of each true class in place of counts: the diagonal is the recall'),
})

/** More classes are no matrix that anyone reads. */
const MAX_CLASSES = 100

/**
 * Counts of true class (rows) and predicted class (columns), as `sklearn.metrics.confusion_matrix` has them: of
 * `logits` [..., classes] and `labels` [...] that the mask keeps. Counted on the device, read once per validation.
 */
export default class ConfusionPanel extends plugin({
  manifest: {
    name: 'confusion_panel',
    version: '1.0.0',
    category: 'callback',
    description: 'Shows after each validation which classes are taken for which',
    tags: ['inspection', 'panel', 'classification'],
  },
  config,
}) {
  #panel: PanelHandle | undefined
  #isOff = false

  initialize() {
    this.#panel = this.ctx.panel({ id: 'confusion', title: 'Confusion', type: 'matrix' })
  }

  onTrainBegin({ run }: HookArgs<'onTrainBegin'>) {
    const classes = run.columns['labels']?.limit
    this.#isOff = classes === undefined || classes > MAX_CLASSES
    if (!this.#isOff) return
    const found = classes === undefined ? 'no column `labels` of classes' : `${classes} classes`
    this.ctx.log.warn(
      `confusion_panel shows nothing: the rows have ${found}, and it is for at most ${MAX_CLASSES} classes`,
    )
  }

  async onValidationEnd({ run, step }: HookArgs<'onValidationEnd'>) {
    if (this.#isOff) return
    const { limit: classes, classes: names } = run.columns['labels']!
    const counts = await this.#count(run, classes!)
    const labels = Array.from({ length: classes! }, (_, i) => names?.[i] ?? String(i))
    const { right, total } = agreement(counts, classes!)
    const share = total === 0 ? '' : `: ${right} of ${total} right`
    const matrix = { rows: labels, columns: labels, values: this.#shown(counts, classes!) }
    this.#panel?.show({
      matrices: [matrix],
      rowsAre: 'true class',
      columnsAre: 'predicted',
      caption: `step ${step}${share}; rows are true classes, columns predicted ones`,
    })
  }

  /** [classes × classes], row after row. */
  async #count(run: Run, classes: number): Promise<Float32Array> {
    const length = Math.min(this.config.rows, run.data.validation.length)
    let sum = tf.zeros([classes, classes])
    for (let at = 0; at < length; at += this.config.batch_size) {
      const size = Math.min(this.config.batch_size, length - at)
      const before = sum
      sum = tf.tidy(() => before.add(countBatch(run, at, size, classes)))
      before.dispose()
    }
    const values = await sum.data<'float32'>()
    sum.dispose()
    return values
  }

  #shown(counts: Float32Array, classes: number): Float32Array {
    if (!this.config.normalize) return counts
    return counts.map((count, i) => {
      const row = Math.floor(i / classes) * classes
      const total = counts.subarray(row, row + classes).reduce((a, b) => a + b, 0)
      return total === 0 ? 0 : count / total
    })
  }
}

/** Counts of the rows from `at` on. Call inside of `tf.tidy`. */
function countBatch(run: Run, at: number, size: number, classes: number): tf.Tensor2D {
  const batch = run.batch(
    'validation',
    Array.from({ length: size }, (_, i) => at + i),
  )
  const outputs = run.predict(batch)
  const { logits, labels, mask } = nn.readClasses('confusion_panel', { outputs, batch })
  const truth = tf.oneHot(labels.flatten().toInt(), classes).toFloat()
  const kept = mask ? truth.mul<tf.Tensor2D>(mask.reshape([-1, 1])) : truth
  const predicted = tf.oneHot(logits.argMax(-1).flatten().toInt(), classes).toFloat()
  return tf.matMul(kept, predicted, true)
}

function agreement(counts: Float32Array, classes: number): { right: number; total: number } {
  const total = counts.reduce((a, b) => a + b, 0)
  const right = counts.reduce((sum, count, i) => (i % (classes + 1) === 0 ? sum + count : sum), 0)
  return { right, total }
}
