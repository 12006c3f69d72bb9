// What losses and metrics read of a batch: labels, which of them count, and the logits that go with them.
import * as tf from '@tensorflow/tfjs'
import type { TensorMap } from '../data.ts'
import { EngineError } from '../errors.ts'
import { scalar } from './scalar.ts'

/**
 * `attention_mask` as float32 where it has a value for each of the `labels`: 1 = keep. Undefined where there is
 * none, or one about something else (words of a text with a single label).
 */
export function labelMask({ labels, attention_mask: mask }: TensorMap): tf.Tensor | undefined {
  return mask && labels && tf.util.arraysEqual(mask.shape, labels.shape)
    ? mask.toFloat()
    : undefined
}

/** Number of labels that the mask keeps; all of them without one. What a mean over labels is taken over. */
export function countLabels(batch: TensorMap): tf.Scalar {
  return labelMask(batch)?.sum() ?? scalar(batch['labels']!.size)
}

/**
 * `logits` [..., classes], `labels` [...] and the mask of one batch, for losses and metrics over classes. Throws
 * `loss.shape` when `logits` or `labels` is missing; `reader` is who asks.
 */
export function readClasses(
  reader: string,
  { outputs, batch }: { outputs: TensorMap; batch: TensorMap },
): { logits: tf.Tensor; labels: tf.Tensor; mask: tf.Tensor | undefined } {
  const { logits } = outputs
  const { labels } = batch
  if (logits && labels) return { logits, labels, mask: labelMask(batch) }
  throw new EngineError({
    code: 'loss.shape',
    message: `${reader} needs the output 'logits' and the column 'labels'; there are outputs ${Object.keys(outputs).join(', ')} and columns ${Object.keys(batch).join(', ')}`,
    hint: `choose a model that classifies, or leave ${reader} out`,
  })
}
