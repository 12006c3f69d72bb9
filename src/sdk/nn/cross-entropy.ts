// Cross-entropy of classes, with a gradient of its own: one softmax, no chain of small kernels.
import * as tf from '@tensorflow/tfjs'
import { EngineError } from '../errors.ts'
import { requireShare } from './functions.ts'
import { scalar } from './scalar.ts'

export interface CrossEntropyOptions {
  /** 1 = keep, 0 = leave out; of the labels' shape. */
  mask?: tf.Tensor | undefined
  /** Share of the target spread evenly over all classes, in [0, 1) (Szegedy et al. 2016, section 7). */
  smoothing?: number
  /** [classes]: how much each class counts. The mean is then one weighted by the classes of the labels. */
  classWeights?: tf.Tensor1D | undefined
}

/**
 * Cross-entropy in nats, averaged over the rows that `mask` keeps (0 if it keeps none), as PyTorch's.
 * `logits` is [..., classes], all finite (to rule a class out, use -1e9); `labels` holds class numbers below
 * `classes` and has the shape of the leading axes. Throws `loss.shape` for shapes that do not fit.
 */
export function crossEntropy(
  logits: tf.Tensor,
  labels: tf.Tensor,
  { mask, smoothing = 0, classWeights }: CrossEntropyOptions = {},
): tf.Scalar {
  const classes = logits.shape.at(-1)!
  if (classes < 2) {
    throw new EngineError({
      code: 'loss.shape',
      message: `logits of ${show(logits.shape)} are for ${classes} class, but cross-entropy is between 2 or more`,
      hint: 'give the model an output for each class; where labels are yes or no with one logit each, choose bce',
    })
  }
  requireShape('labels', labels, logits.shape.slice(0, -1), `logits of ${show(logits.shape)}`)
  if (mask) requireShape('a mask', mask, labels.shape, `labels of ${show(labels.shape)}`)
  if (classWeights)
    requireShape('class weights', classWeights, [classes], `logits of ${show(logits.shape)}`)
  requireShare('smoothing', smoothing)
  const rows = labels.flatten().toInt()
  // Smoothed afterwards: one-hot rows are whole numbers, whatever their `on` and `off` are said to be.
  const sharp = tf.oneHot(rows, classes).toFloat()
  const even = smoothing > 0 ? spread(sharp, smoothing) : sharp
  const target = classWeights ? even.mul(classWeights) : even
  const kept = mask?.flatten().toFloat()
  const counted = countRows(rows, kept, classWeights)
  // Weight of each row in the mean, as a column.
  const weight = counted
    ? (kept ?? scalar(1)).div(atLeast(counted.sum(), classWeights)).reshape([-1, 1])
    : scalar(1 / labels.size)
  // What the probabilities of a row are multiplied by in its gradient.
  const total = classWeights ? target.sum(-1, true) : scalar(1)
  const withGradient = tf.customGrad((...args) => {
    const [input, save] = args as unknown as [tf.Tensor, tf.GradSaveFunc]
    const logProbabilities = tf.logSoftmax(input)
    save([logProbabilities, target, weight, total])
    return {
      value: logProbabilities.mul(target).mul(weight).sum().neg(),
      gradFunc: (dy: tf.Tensor, [log, wanted, share, sum]: tf.Tensor[]) => {
        const probabilities = classWeights ? log!.exp().mul(sum!) : log!.exp()
        return probabilities.sub(wanted!).mul(share!).mul(dy)
      },
    }
  })
  return withGradient(logits.reshape([-1, classes])) as tf.Scalar
}

/** The right class has 1 - smoothing more than the share that each has. */
const spread = (sharp: tf.Tensor, smoothing: number): tf.Tensor =>
  sharp.mul(scalar(1 - smoothing)).add(scalar(smoothing / sharp.shape.at(-1)!))

/** What each of `rows` adds to the divisor of the mean: mask times class weight; undefined where all count 1. */
export function countRows(
  rows: tf.Tensor1D,
  kept: tf.Tensor | undefined,
  classWeights: tf.Tensor1D | undefined,
): tf.Tensor | undefined {
  if (!classWeights) return kept
  // One-hot, not gathered: a row that the mask leaves out may hold any number.
  const weights = tf.oneHot(rows, classWeights.size).toFloat().mul(classWeights).sum(-1)
  return kept ? weights.mul(kept) : weights
}

/** Keeps a divisor from being 0: a count is 1 at least, a sum of weights may be any small number. */
const atLeast = (sum: tf.Tensor, classWeights: tf.Tensor | undefined): tf.Tensor =>
  tf.maximum(sum, scalar(classWeights ? 1e-12 : 1))

const show = (shape: readonly number[]): string => `[${shape.join(', ')}]`

function requireShape(name: string, { shape }: tf.Tensor, needed: number[], of: string): void {
  if (tf.util.arraysEqual(shape, needed)) return
  throw new EngineError({
    code: 'loss.shape',
    message: `${name} of ${show(shape)} cannot go with ${of}, which need ${show(needed)}`,
    hint: 'labels hold one class number for each row of logits; a mask holds 0 or 1 for each label',
  })
}
