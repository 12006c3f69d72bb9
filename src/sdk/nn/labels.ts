// What losses and metrics read of a batch: labels, which of them count, and the outputs that go with them.
import * as tf from '@tensorflow/tfjs'
import type { TensorMap } from '../data.ts'
import { EngineError } from '../errors.ts'
import { countRows } from './cross-entropy.ts'
import { scalar } from './scalar.ts'

interface Read {
  outputs: TensorMap
  batch: TensorMap
}

/**
 * Which of the `labels` count, as float32: 1 = keep. `labels_mask` says so, or else `attention_mask`, where it has a
 * value for each of them. Undefined where there is none, or one about something else (words of a text with a single
 * label).
 */
export function labelMask(batch: TensorMap): tf.Tensor | undefined {
  const { labels, labels_mask: own, attention_mask: attended } = batch
  const mask = [own, attended].find(
    (each) => each && labels && tf.util.arraysEqual(each.shape, labels.shape),
  )
  return mask?.toFloat()
}

/**
 * Number of labels that the mask keeps; all of them without one. What a mean over labels is taken over. With
 * `classWeights` [classes] each label counts as much as its class.
 */
export function countLabels(batch: TensorMap, classWeights?: tf.Tensor1D): tf.Scalar {
  const labels = batch['labels']!
  const kept = labelMask(batch)?.flatten()
  const counted = countRows(labels.flatten().toInt(), kept, classWeights)
  return counted?.sum() ?? scalar(labels.size)
}

/** Mean of `values` over what the mask of the labels keeps; 0 where it keeps nothing. */
export function maskedMean(values: tf.Tensor, mask: tf.Tensor | undefined): tf.Scalar {
  if (!mask) return values.mean()
  return values
    .mul(mask)
    .sum()
    .div(tf.maximum(mask.sum(), scalar(1)))
}

/**
 * `logits` [..., classes], `labels` [...] and the mask of one batch, for losses and metrics over classes. Throws
 * `loss.shape` when `logits` or `labels` is missing or their shapes do not fit; `reader` is who asks.
 */
export function readClasses(
  reader: string,
  { outputs, batch }: Read,
): { logits: tf.Tensor; labels: tf.Tensor; mask: tf.Tensor | undefined } {
  const { logits } = outputs
  const { labels } = batch
  if (!logits || !labels) {
    throw new EngineError({
      code: 'loss.shape',
      message: `${reader} needs the output 'logits' and the column 'labels'; there are outputs ${Object.keys(outputs).join(', ')} and columns ${Object.keys(batch).join(', ')}`,
      hint: `choose a model that classifies, or in place of ${reader} one for numbers, such as mse or mae`,
    })
  }
  if (!tf.util.arraysEqual(logits.shape.slice(0, -1), labels.shape)) {
    throw new EngineError({
      code: 'loss.shape',
      message: `${reader} cannot compare labels of ${show(labels)} with logits of ${show(logits)}, which need labels of [${logits.shape.slice(0, -1).join(', ')}]`,
      hint: 'labels hold one class number for each row of logits',
    })
  }
  return { logits, labels, mask: labelMask(batch) }
}

/**
 * As `readClasses`, for metrics: logits of the labels' own shape are taken for a yes or no each, that is for two
 * classes whose logits are 0 and the one given.
 */
export function readDecisions(reader: string, read: Read): ReturnType<typeof readClasses> {
  const { logits } = read.outputs
  const { labels } = read.batch
  if (!logits || !labels || !tf.util.arraysEqual(logits.shape, labels.shape))
    return readClasses(reader, read)
  return {
    logits: tf.stack([tf.zerosLike(logits), logits], -1),
    labels,
    mask: labelMask(read.batch),
  }
}

/**
 * `predictions`, `labels` of the same shape and the mask of one batch, for losses and metrics over numbers. Throws
 * `loss.shape` when one is missing or their shapes differ; `reader` is who asks.
 */
export function readNumbers(
  reader: string,
  { outputs: { predictions }, batch }: Read,
): { predictions: tf.Tensor; labels: tf.Tensor; mask: tf.Tensor | undefined } {
  const { labels } = batch
  if (predictions && labels && tf.util.arraysEqual(predictions.shape, labels.shape))
    return { predictions, labels, mask: labelMask(batch) }
  throw new EngineError({
    code: 'loss.shape',
    message: `${reader} needs 'predictions' and 'labels' of one shape; predictions are ${show(predictions)}, labels ${show(labels)}`,
    hint: `choose a model for numbers, or in place of ${reader} one for classes, such as cross_entropy or accuracy`,
  })
}

const show = (tensor: tf.Tensor | undefined): string =>
  tensor ? `[${tensor.shape.join(', ')}]` : 'missing'
