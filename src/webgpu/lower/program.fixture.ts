// Random programs as authors write them, forward and backward, from a seed: to compare backends on whole graphs.
import * as tf from '@tensorflow/tfjs'
import { Draw } from './draw.fixture.ts'

type Step = (draw: Draw, x: tf.Tensor) => tf.Tensor

/** Keeps values near 1, whatever came before. */
const tame = (x: tf.Tensor): tf.Tensor => tf.tanh(x)

const lastOf = (x: tf.Tensor): number => x.shape.at(-1)!

const rows = (x: tf.Tensor): tf.Tensor => tf.reshape(x, [-1, lastOf(x)])

function linear(draw: Draw, x: tf.Tensor): tf.Tensor {
  const width = draw.whole(1, 6)
  const weights = draw.floats([lastOf(x), width], -0.7, 0.7)
  const product = tf.matMul(rows(x), weights)
  const y = tf.reshape(tf.add(product, draw.floats([width])), [...x.shape.slice(0, -1), width])
  return draw.oneOf([tf.relu, tf.sigmoid, tf.elu, tf.softplus, tame])(y)
}

function attention(draw: Draw, x: tf.Tensor): tf.Tensor {
  const width = lastOf(x)
  const flat = tf.reshape(x, [-1, width])
  const [q, k, v] = [0, 1, 2].map(() => tf.matMul(flat, draw.floats([width, width])))
  const scores = tf.mul(tf.matMul(q!, k!, false, true), 1 / Math.sqrt(width))
  return tf.reshape(tf.matMul(tf.softmax(scores), v!), x.shape)
}

function layerNorm(draw: Draw, x: tf.Tensor): tf.Tensor {
  const { mean, variance } = tf.moments(x, -1, true)
  const normed = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 0.1)))
  return tf.add(tf.mul(normed, draw.floats([lastOf(x)])), draw.floats([lastOf(x)]))
}

function convolution(draw: Draw, x: tf.Tensor): tf.Tensor {
  const size = x.size
  const side = Math.ceil(Math.sqrt(size))
  const square = tf.pad(tf.reshape(x, [size]), [[0, side * side - size]])
  const image = tf.reshape<tf.Rank.R4>(square, [1, side, side, 1])
  const filter = draw.floats([2, 3, 1, 2], -0.5, 0.5) as tf.Tensor4D
  const y = tf.conv2d(image, filter, draw.whole(1, 2), 'same')
  const pooled = draw.flag() ? tf.maxPool(y, 2, 1, 'same') : tf.avgPool(y, 2, 2, 'same')
  return tf.reshape(pooled, [-1, 2])
}

function embedding(draw: Draw, x: tf.Tensor): tf.Tensor {
  const table = rows(x)
  const ids = draw.ints([draw.whole(1, 5)], 0, table.shape[0] - 1) as tf.Tensor1D
  return tf.gather(table, ids)
}

function slices(draw: Draw, x: tf.Tensor): tf.Tensor {
  const axis = draw.whole(0, x.rank - 1)
  const length = x.shape[axis]!
  // tfjs has no gradient of a split into one part.
  if (length === 1)
    return tf.tile(
      x,
      x.shape.map((_, i) => (i === axis ? 2 : 1)),
    )
  const at = draw.whole(1, length - 1)
  const [before, after] = tf.split(x, [at, length - at], axis) as [tf.Tensor, tf.Tensor]
  return tf.concat([after, before, after], axis)
}

function restacked(draw: Draw, x: tf.Tensor): tf.Tensor {
  const axis = draw.whole(0, x.rank - 1)
  const parts = x.shape[axis] === 1 ? [x, x] : tf.unstack(x, axis)
  return tf.stack(parts.reverse(), axis)
}

function rotated(draw: Draw, x: tf.Tensor): tf.Tensor {
  const axes = draw.axes(x.rank)
  const masked = tf.where(draw.bools(x.shape), tf.reverse(x, axes), tf.zerosLike(x))
  return tf.add(masked, tf.mul(x, 0.5))
}

const pick = (fns: readonly ((x: tf.Tensor) => tf.Tensor)[]): Step => {
  return (draw, x) => draw.oneOf(fns)(x)
}

const reduced: Step = (draw, x) => {
  const axes = draw.axes(x.rank)
  const by = draw.oneOf([tf.sum, tf.mean, tf.max, tf.logSumExp])(x, axes, true)
  return tame(draw.oneOf([tf.sub, tf.add, tf.mul])(x, by))
}

const steps: readonly Step[] = [
  linear,
  linear,
  attention,
  layerNorm,
  convolution,
  embedding,
  slices,
  rotated,
  reduced,
  reduced,
  pick([tf.sin, tame, tf.sigmoid, tf.abs, tf.neg, tf.square, tf.erf, tf.relu6, tf.selu]),
  pick([(x) => tf.exp(tame(x)), (x) => tf.log(tf.add(tf.square(x), 0.5))]),
  pick([(x) => tf.sqrt(tf.add(tf.abs(x), 0.1)), (x) => tf.div(x, tf.add(tf.square(x), 1))]),
  pick([
    (x) => tf.softmax(x),
    (x) => tf.logSoftmax(x),
    (x) => tf.pow(tf.add(tf.square(x), 0.5), 1.5),
  ]),
  (draw, x) => tf.transpose(x, draw.order(x.rank)),
  (draw, x) => tf.reshape(x, draw.flag() ? [-1, lastOf(x)] : [1, ...x.shape.slice(0, 3), -1]),
  (draw, x) => tf.pad(x, x.shape.map(() => [draw.whole(0, 1), draw.whole(0, 1)] as const) as never),
  (draw, x) => tf.cumsum(x, x.rank - 1, draw.flag(), draw.flag()),
  (draw, x) => tf.maximum(x, draw.floats(x.shape)),
  restacked,
]

/** Larger ones are cut down, that a program stays small. */
const LARGEST = 300

function small(draw: Draw, x: tf.Tensor): tf.Tensor {
  const flat = x.rank > 4 || x.rank === 0 ? rows(tf.reshape(x, [-1, x.shape.at(-1) ?? 1])) : x
  if (flat.size <= LARGEST) return flat
  return tf.slice(flat, 0, [Math.max(1, Math.floor((flat.shape[0] * LARGEST) / flat.size))])
}

/** A program of its own for each seed: its loss, and the gradients of what it starts from. */
export function program(seed: number): tf.Tensor[] {
  const draw = new Draw(2 * seed)
  const leaves = Array.from({ length: draw.whole(1, 3) }, () =>
    draw.floats(draw.shape(draw.whole(1, 4))),
  )
  const length = draw.whole(3, 10)
  const run = (...given: tf.Tensor[]): tf.Scalar => {
    const own = new Draw(2 * seed + 1)
    const values = [...given]
    for (let i = 0; i < length; i++) {
      const x = small(own, values[own.whole(Math.max(0, values.length - 3), values.length - 1)]!)
      values.push(own.oneOf(steps)(own, x))
    }
    // Each leaf has a part in the loss.
    return tf.addN<tf.Scalar>(
      [...given, ...values.slice(-2)].map((x) => tf.mean(tf.square(tame(x)))),
    )
  }
  const { value, grads } = tf.valueAndGrads(run)(leaves)
  return [value, ...grads]
}
