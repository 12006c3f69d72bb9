// Attention as authors write it, with its gradients: in many forms, of random sizes.
import * as tf from '@tensorflow/tfjs'
import type { Draw } from './draw.fixture.ts'

/** Bounds of what is drawn. */
export interface AttentionSizes {
  readonly matrices: number
  readonly length: readonly [least: number, most: number]
  readonly size: readonly [least: number, most: number]
}

interface Form {
  /** Axes before those of a matrix. */
  readonly outer: readonly number[]
  readonly queries: number
  readonly keys: number
  /** Of a head. */
  readonly size: number
}

const transposed = (x: tf.Tensor): tf.Tensor => {
  const order = x.shape.map((_, axis) => axis)
  return tf.transpose(x, [...order.slice(0, -2), order.length - 1, order.length - 2])
}

/** Scores by one of the ways to write a product with keys. */
function scoresOf(draw: Draw, q: tf.Tensor, k: tf.Tensor, size: number): tf.Tensor {
  const scale = draw.oneOf([1 / Math.sqrt(size), 0.5, 4])
  const isFirst = draw.flag()
  const scaled = isFirst ? tf.mul(q, scale) : q
  const way = draw.whole(0, 2)
  const product =
    way === 0
      ? tf.matMul(scaled, k, false, true)
      : way === 1
        ? tf.matMul(scaled, transposed(k))
        : transposed(tf.matMul(k, transposed(scaled)))
  return isFirst ? product : tf.mul(product, scale)
}

/** Hides some scores, as a rule; whole rows now and then. */
function hidden(draw: Draw, scores: tf.Tensor, { queries, keys, outer }: Form): tf.Tensor {
  const causal = tf.tensor2d(
    Float32Array.from({ length: queries * keys }, (_, i) =>
      i % keys > Math.floor(i / keys) ? 1 : 0,
    ),
    [queries, keys],
  )
  const lengths = [...outer.slice(0, 1), ...outer.slice(1).map(() => 1)]
  const padding = tf.cast(draw.bools([...lengths, 1, keys]), 'float32')
  switch (draw.whole(0, 4)) {
    case 0:
      return scores
    case 1:
      return tf.add(scores, tf.mul(causal, -1e9))
    case 2:
      return tf.where(tf.cast(tf.broadcastTo(causal, scores.shape), 'bool'), -Infinity, scores)
    case 3:
      return tf.add(scores, tf.mul(padding, -1e9))
    default: {
      const places = tf.sub(tf.range(0, queries).expandDims(1), tf.range(0, keys).expandDims(0))
      const isNear = tf.lessEqual(tf.abs(places), 3)
      return tf.where(tf.broadcastTo(isNear, scores.shape), scores, tf.onesLike(scores).mul(-1e4))
    }
  }
}

function softmax(draw: Draw, x: tf.Tensor): tf.Tensor {
  switch (draw.whole(0, 3)) {
    case 0: {
      const powers = tf.exp(tf.sub(x, tf.max(x, -1, true)))
      return tf.div(powers, tf.sum(powers, -1, true))
    }
    case 1:
      return tf.exp(tf.sub(x, tf.logSumExp(x, -1, true)))
    default:
      return tf.softmax(x)
  }
}

/** Some weights left out and the others raised. */
function dropped(draw: Draw, weights: tf.Tensor): tf.Tensor {
  const kept = draw.bools(weights.shape)
  switch (draw.whole(0, 3)) {
    case 0:
      return tf.mul(tf.mul(weights, tf.cast(kept, 'float32')), 2)
    case 1:
      return tf.where(kept, tf.div(weights, 0.5), tf.zerosLike(weights))
    default:
      return weights
  }
}

/** What attention gives, the gradients of queries, keys and values, and now and then its weights. */
export function attention(draw: Draw, sizes: AttentionSizes): tf.Tensor[] {
  const outer = draw.oneOf([
    [],
    [draw.whole(1, sizes.matrices)],
    [2, Math.ceil(sizes.matrices / 2)],
  ])
  const queries = draw.whole(...sizes.length)
  const form: Form = {
    outer,
    queries,
    keys: draw.whole(0, 3) === 0 ? draw.whole(...sizes.length) : queries,
    size: draw.whole(...sizes.size),
  }
  const width = draw.flag() ? form.size : draw.whole(...sizes.size)
  const q = draw.floats([...outer, queries, form.size])
  const k = draw.floats([...outer, form.keys, form.size])
  const v = draw.floats([...outer, form.keys, width])
  const given = draw.floats([...outer, queries, width])
  const isSeen = draw.whole(0, 5) === 0
  const seen: tf.Tensor[] = []
  const { grads } = tf.valueAndGrads((...[x, y, z]: tf.Tensor[]): tf.Scalar => {
    const scores = hidden(draw, scoresOf(draw, x!, y!, form.size), form)
    const weights = softmax(draw, scores)
    const mixed = tf.matMul(dropped(draw, weights), z!)
    // Values would be disposed with the tape.
    for (const tensor of isSeen ? [mixed, weights] : [mixed]) seen.push(tf.keep(tensor))
    return tf.sum(tf.mul(mixed, given))
  })([q, k, v])
  return [...seen, ...grads]
}
