// Cases of sizes that take many workgroups, tiles with rests, reductions in several passes: with gradients.
import * as tf from '@tensorflow/tfjs'
import type { Case } from '../../src/webgpu/lower/cases.fixture.ts'
import type { Draw } from '../../src/webgpu/lower/draw.fixture.ts'

type Fn = (...xs: tf.Tensor[]) => tf.Tensor

/** What `fn` gives of `xs`, and the gradients of a mean that weighs each value otherwise. */
function withGradients(draw: Draw, fn: Fn, ...xs: tf.Tensor[]): tf.Tensor[] {
  const y = fn(...xs)
  const weights = draw.floats(y.shape)
  return [y, ...tf.grads((...all) => tf.mean(tf.mul(fn(...all), weights)))(xs)]
}

/** Odd more often than not. */
const long = (draw: Draw): number => draw.whole(300, 3000)
const middle = (draw: Draw): number => draw.whole(17, 90)

const product = (transposeA: boolean, transposeB: boolean): Case => {
  return (draw) => {
    const [batch, m, k, n] = [draw.whole(1, 3), middle(draw), middle(draw), middle(draw)]
    const a = draw.floats([batch, ...(transposeA ? [k, m] : [m, k])], -0.3, 0.3)
    const b = draw.floats([batch, ...(transposeB ? [n, k] : [k, n])], -0.3, 0.3)
    return withGradients(draw, (x, y) => tf.matMul(x, y, transposeA, transposeB).tanh(), a, b)
  }
}

const reduced = (shape: (draw: Draw) => number[], axes: number[]): Case => {
  return (draw) => {
    const x = draw.floats(shape(draw))
    const [sum, mean, max, all] = [tf.sum, tf.mean, tf.max, tf.logSumExp].map((fn) =>
      withGradients(draw, (value) => fn(value, axes), x),
    )
    return [...sum!, ...mean!, ...max!, ...all!, tf.argMax(x, axes[0]), tf.prod(x.tanh(), axes)]
  }
}

/** So long that scores are not stored. */
const attention = (causal: boolean): Case => {
  return (draw) => {
    const [queries, keys, size] = [draw.whole(300, 310), draw.whole(300, 310), draw.whole(5, 16)]
    const heads = [2, 3]
    const [q, k, v] = [queries, keys, keys].map((length) => draw.floats([...heads, length, size]))
    const places = tf.range(0, queries).expandDims(1).sub(tf.range(0, keys).expandDims(0))
    const mask = causal ? tf.cast(tf.less(places, 0), 'float32').mul(-1e9) : draw.floats([1, keys])
    const kept = tf.cast(draw.bools([...heads, queries, keys]), 'float32').mul(2)
    return withGradients(
      draw,
      (...[x, y, z]) => {
        const scores = tf.matMul(x!.mul(1 / Math.sqrt(size)), y!, false, true).add(mask)
        const weights = tf.softmax(scores)
        return tf.matMul(causal ? weights : weights.mul(kept), z!).mul(5)
      },
      q!,
      k!,
      v!,
    )
  }
}

export const largeCases: Readonly<Record<string, Case>> = {
  product: product(false, false),
  productTransposedA: product(true, false),
  productTransposedB: product(false, true),
  productOfLongRows: (draw) => {
    const k = long(draw)
    const a = draw.floats([draw.whole(1, 9), k], -0.1, 0.1)
    return withGradients(draw, (x, y) => tf.matMul(x, y), a, draw.floats([k, middle(draw)]))
  },
  linearWithBias: (draw) => {
    const [m, k, n] = [long(draw), draw.whole(3, 20), draw.whole(3, 20)]
    const xs = [draw.floats([m, k]), draw.floats([k, n]), draw.floats([n])]
    return withGradients(draw, (x, w, b) => tf.relu(tf.add(tf.matMul(x, w), b)), ...xs)
  },
  reducedAll: reduced((draw) => [long(draw), draw.whole(2, 40)], [0, 1]),
  reducedColumns: reduced((draw) => [long(draw), middle(draw)], [0]),
  reducedRows: reduced((draw) => [draw.whole(2, 9), long(draw)], [1]),
  reducedMiddle: reduced((draw) => [draw.whole(2, 5), long(draw), draw.whole(2, 7)], [1]),
  softmax: (draw) => [
    ...withGradients(draw, (x) => tf.softmax(x), draw.floats([draw.whole(2, 9), long(draw)])),
    ...withGradients(draw, (x) => tf.logSoftmax(x), draw.floats([long(draw), draw.whole(2, 40)])),
  ],
  longAttention: attention(false),
  longAttentionCausal: attention(true),
  layerNorm: (draw) => {
    const [rows, width] = [long(draw), middle(draw)]
    const norm: Fn = (x, gain, shift) => {
      const { mean, variance } = tf.moments(x, -1, true)
      return x.sub(mean).mul(variance.add(1e-5).rsqrt()).mul(gain).add(shift)
    }
    const xs = [draw.floats([rows, width]), draw.floats([width]), draw.floats([width])]
    return withGradients(draw, norm, ...xs)
  },
  attention: (draw) => {
    const shape = [draw.whole(1, 3), draw.whole(1, 3), middle(draw), draw.whole(3, 33)]
    const attend: Fn = (q, k, v) => {
      const scores = tf.matMul(q, k, false, true).div(Math.sqrt(shape[3]!))
      return tf.matMul(tf.softmax(scores), v).transpose([0, 2, 1, 3])
    }
    return withGradients(draw, attend, ...[0, 1, 2].map(() => draw.floats(shape)))
  },
  elementwise: (draw) => {
    const shape = [long(draw), middle(draw)]
    const fn: Fn = (x, row) => x.mul(row).sigmoid().add(x.square()).sub(row)
    return withGradients(draw, fn, draw.floats(shape), draw.floats([shape[1]!]))
  },
  embedding: (draw) => {
    const table = draw.floats([middle(draw), draw.whole(3, 40)])
    const ids = draw.ints([draw.whole(2, 9), long(draw)], 0, 16)
    return withGradients(draw, (x) => tf.gather(x, ids), table)
  },
  scans: (draw) => {
    const x = draw.floats([draw.whole(2, 5), long(draw)], -0.1, 0.1)
    return [...withGradients(draw, (value) => tf.cumsum(value, 1), x), tf.cumsum(x, 1, true, true)]
  },
  convolution: (draw) => {
    const [side, inputs, outputs] = [draw.whole(13, 29), draw.whole(1, 9), draw.whole(3, 20)]
    const image = draw.floats([draw.whole(1, 4), side, side + 2, inputs])
    const run: Fn = (x, w) => {
      const y = tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'same')
      return tf.maxPool(tf.relu(y), 2, 2, 'valid')
    }
    return withGradients(draw, run, image, draw.floats([3, 3, inputs, outputs], -0.2, 0.2))
  },
  concatenation: (draw) => {
    const width = middle(draw)
    const parts = Array.from({ length: 20 }, () => draw.floats([draw.whole(1, 50), width]))
    return withGradients(draw, (...xs) => tf.concat(xs, 0).sigmoid(), ...parts)
  },
  transposition: (draw) => {
    const x = draw.floats([draw.whole(2, 9), middle(draw), middle(draw)])
    const turn: Fn = (value) => value.transpose([2, 0, 1]).reshape([-1, x.shape[0]]).tanh()
    return withGradients(draw, turn, x)
  },
}
