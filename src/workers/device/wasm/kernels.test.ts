// Every kernel that training on WebAssembly needs, forward and backward, against the CPU backend.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { createRandom } from '#sdk'
import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { openDevice } from '../index.ts'

const packageFile = createRequire(import.meta.url).resolve(
  '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm',
)
const options = {
  asset: async () => new Uint8Array(await readFile(packageFile)).buffer,
  beat: () => undefined,
  work: () => undefined,
}

interface Case {
  name: string
  /** Shapes of the differentiated inputs. */
  shapes: number[][]
  compute: (...inputs: tf.Tensor[]) => tf.Tensor
}

interface Result {
  value: ArrayLike<number>
  gradients: ArrayLike<number>[]
  leaked: number
}

/** The value of `compute`, and the gradients of its weighted sum by every input. */
function evaluate({ shapes, compute }: Case): Result {
  const random = createRandom(7)
  const draw = (shape: number[]) =>
    tf.tensor(random.normals(tf.util.sizeFromShape(shape), 1), shape)
  const before = tf.memory().numTensors
  const result = tf.tidy(() => {
    const inputs = shapes.map(draw)
    const value = compute(...inputs)
    const weights = draw(value.shape)
    const gradients = tf.grads((...inputs: tf.Tensor[]) =>
      compute(...inputs)
        .mul(weights)
        .sum(),
    )(inputs)
    return { value: value.dataSync(), gradients: gradients.map((gradient) => gradient.dataSync()) }
  })
  return { ...result, leaked: tf.memory().numTensors - before }
}

async function evaluateOn(device: 'cpu' | 'wasm', cases: Case[]): Promise<Result[]> {
  const { dispose } = await openDevice(device, options)
  try {
    return cases.map(evaluate)
  } finally {
    dispose()
  }
}

/** Largest difference, relative where the value is large; infinite when lengths differ or a value is missing. */
function distance(actual: ArrayLike<number> = [], expected: ArrayLike<number> = []): number {
  if (actual.length !== expected.length) return Infinity
  let worst = 0
  for (let at = 0; at < expected.length; at += 1) {
    const [own, reference] = [actual[at] ?? Number.NaN, expected[at] ?? Number.NaN]
    const error = Math.abs(own - reference) / Math.max(1, Math.abs(reference))
    worst = Number.isNaN(error) ? Infinity : Math.max(worst, error)
  }
  return worst
}

/** What the two devices don't agree on within 1e-4. */
async function disagreements(cases: Case[]): Promise<string[]> {
  const expected = await evaluateOn('cpu', cases)
  const actual = await evaluateOn('wasm', cases)
  return cases.flatMap(({ name }, at) => {
    const [own, reference] = [actual[at], expected[at]]
    if (own?.leaked !== 0) return [`${name}: leaves ${own?.leaked} tensors`]
    const distances = [
      ['value', distance(own.value, reference?.value)] as const,
      ...own.gradients.map(
        (gradient, input) =>
          [`gradient ${input}`, distance(gradient, reference?.gradients[input])] as const,
      ),
    ]
    return distances
      .filter(([, worst]) => !(worst < 1e-4))
      .map(([what, worst]) => `${name}: ${what} off by ${worst}`)
  })
}

/** A whole number from `low` to `high`. */
const random = createRandom(11)
const whole = (low: number, high: number) => low + Math.floor(random.next() * (high - low + 1))

it('matrix products of any batch, size and transposition', async () => {
  const cases = Array.from({ length: 40 }, (_, at): Case => {
    const [isLeft, isRight] = [at % 2 === 1, at % 4 > 1]
    const outer = [[], [1], [3], [2, 3]][whole(0, 3)] ?? []
    const high = at < 20 ? 6 : 33
    const [rows, inner, columns] = [whole(1, high), whole(1, high), whole(1, high)]
    return {
      name: `[${outer.join(', ')}] ${rows}x${inner}x${columns}, transposed ${isLeft} ${isRight}`,
      shapes: [
        [...outer, ...(isLeft ? [inner, rows] : [rows, inner])],
        [...outer, ...(isRight ? [columns, inner] : [inner, columns])],
      ],
      compute: (a, b) => tf.matMul(a, b, isLeft, isRight),
    }
  })
  expect(await disagreements(cases)).toEqual([])
})

it('one matrix for a whole batch', async () => {
  const { dispose } = await openDevice('wasm', options)
  const [together, apart] = tf.tidy(() => {
    const a = tf.linspace(-1, 1, 3 * 20 * 16).reshape([3, 20, 16])
    const b = tf.linspace(-2, 1, 16 * 24).reshape([1, 16, 24])
    const rows = tf.matMul(a.reshape([60, 16]), b.reshape([16, 24]))
    return [tf.matMul(a, b).dataSync(), rows.dataSync()]
  })
  dispose()
  expect(distance(together, apart)).toBeLessThan(1e-5)
})

it('gathered rows, repeated ones too', async () =>
  expect(
    await disagreements(
      Array.from({ length: 10 }, (): Case => {
        const [rows, width] = [whole(1, 12), whole(1, 9)]
        const indices = Array.from({ length: whole(1, 20) }, () => whole(0, rows - 1))
        return {
          name: `${indices.length} of [${rows}, ${width}]`,
          shapes: [[rows, width]],
          compute: (x) => tf.gather(x, tf.tensor1d(indices, 'int32')),
        }
      }),
    ),
  ).toEqual([]))

it('convolutions', async () =>
  expect(
    await disagreements(
      Array.from({ length: 16 }, (_, at): Case => {
        const [filter, stride] = [whole(1, 4), whole(1, 3)]
        const [inChannels, outChannels] = [whole(1, 5), whole(1, 5)]
        const pad = at % 2 === 0 ? 'same' : 'valid'
        return {
          name: `${filter}x${filter} of ${inChannels} to ${outChannels}, stride ${stride}, ${pad}`,
          shapes: [
            [whole(1, 3), whole(4, 9), whole(4, 9), inChannels],
            [filter, filter, inChannels, outChannels],
          ],
          compute: (x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, pad),
        }
      }),
    ),
  ).toEqual([]))

it('max pooling, overlapping and with ties', async () =>
  expect(
    await disagreements(
      Array.from({ length: 12 }, (_, at): Case => {
        const [size, stride] = [whole(1, 3), whole(1, 3)]
        const pad = at % 2 === 0 ? 'same' : 'valid'
        return {
          name: `${size} by ${stride}, ${pad}`,
          shapes: [[whole(1, 3), whole(4, 9), whole(4, 9), whole(1, 4)]],
          // Relu makes windows of equal zeros.
          compute: (x) => tf.maxPool(x.relu<tf.Tensor4D>(), size, stride, pad),
        }
      }),
    ),
  ).toEqual([]))

const shape = [3, 4, 5]
const unary: Record<string, (x: tf.Tensor) => tf.Tensor> = {
  abs: tf.abs,
  clip: (x) => x.clipByValue(-0.5, 0.5),
  cos: tf.cos,
  cumsum: (x) => tf.cumsum(x, 2),
  dropout: (x) => tf.dropout(x, 0.4, undefined, 5),
  elu: tf.elu,
  erf: tf.erf,
  exp: tf.exp,
  leakyRelu: (x) => x.leakyRelu(0.1),
  log: (x) => x.abs().add(0.1).log(),
  logSoftmax: (x) => tf.logSoftmax(x),
  logSumExp: (x) => tf.logSumExp(x, -1),
  max: (x) => tf.max(x, -1),
  mean: (x) => tf.mean(x, [0, 2]),
  min: (x) => tf.min(x, 1),
  moments: (x) => tf.moments(x, -1, true).variance,
  norm: (x) => tf.norm(x),
  pad: (x) =>
    tf.pad(x, [
      [1, 0],
      [0, 2],
      [0, 0],
    ]),
  pow: (x) => x.abs().add(0.1).pow(1.7),
  prod: (x) => tf.prod(x, 1).add(x.sum(1)),
  relu: tf.relu,
  relu6: tf.relu6,
  reverse: (x) => tf.reverse(x, 1),
  selu: tf.selu,
  sigmoid: tf.sigmoid,
  slice: (x) => tf.slice(x, [1, 0, 2], [2, 3, 2]),
  softmax: (x) => tf.softmax(x),
  softplus: tf.softplus,
  split: (x) => tf.split(x, 2, 1)[1] ?? x,
  sqrt: (x) => x.abs().add(0.1).sqrt(),
  tanh: tf.tanh,
  tile: (x) => tf.tile(x, [2, 1, 3]),
  transpose: (x) => tf.transpose(x, [2, 0, 1]),
  where: (x) => tf.where(tf.range(0, 60).reshape(shape).greater(20), x, x.mul(0.3)),
}

describe('operators', () => {
  it('of one input', async () =>
    expect(
      await disagreements(
        Object.entries(unary).map(([name, compute]) => ({
          name,
          shapes: [shape],
          compute: (x) => compute(x),
        })),
      ),
    ).toEqual([]))

  it('of several inputs', async () =>
    expect(
      await disagreements([
        { name: 'add', shapes: [shape, [5]], compute: (a, b) => a.add(b) },
        { name: 'sub', shapes: [shape, [4, 1]], compute: (a, b) => a.sub(b) },
        { name: 'mul', shapes: [shape, [1, 5]], compute: (a, b) => a.mul(b) },
        { name: 'div', shapes: [shape, shape], compute: (a, b) => a.div(b.square().add(0.5)) },
        { name: 'maximum', shapes: [shape, shape], compute: (a, b) => tf.maximum(a, b) },
        { name: 'concat', shapes: [shape, shape], compute: (a, b) => tf.concat([a, b], -1) },
        { name: 'stack', shapes: [shape, shape], compute: (a, b) => tf.stack([a, b], 1) },
        { name: 'prelu', shapes: [shape, [5]], compute: (a, b) => tf.prelu(a, b) },
        {
          name: 'softmax cross-entropy',
          shapes: [[6, 4]],
          compute: (x) =>
            tf.losses.softmaxCrossEntropy(
              tf.oneHot(tf.tensor1d([0, 1, 2, 3, 3, 0], 'int32'), 4),
              x,
            ),
        },
        {
          name: 'depthwise convolution',
          shapes: [
            [2, 6, 6, 3],
            [3, 3, 3, 2],
          ],
          compute: (x, w) => tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'same'),
        },
        {
          name: 'average pooling',
          shapes: [[2, 6, 6, 3]],
          compute: (x) => tf.avgPool(x as tf.Tensor4D, 2, 2, 'same'),
        },
        {
          name: 'batch norm',
          shapes: [[4, 5], [5], [5], [5]],
          compute: (x, mean, offset, scale) => tf.batchNorm(x, mean, tf.ones([5]), offset, scale),
        },
      ]),
    ).toEqual([]))
})

it('comparisons and choices: scalars on either side, broadcasts, whole numbers, NaN, nothing at all', async () => {
  const comparisons = [tf.equal, tf.notEqual, tf.less, tf.lessEqual, tf.greater, tf.greaterEqual]
  const compute = () => {
    const x = tf.tensor2d([1, -2, Number.NaN, 0, Infinity, 3], [2, 3])
    const pairs = [
      [x, x.reverse(1)],
      [x, tf.scalar(0)],
      [tf.scalar(0), x],
      [tf.scalar(1), tf.scalar(1)],
      [x, tf.tensor1d([1, 0, 3])],
      [tf.tensor1d([1, 2, 3], 'int32'), tf.tensor1d([1, 3, 2], 'int32')],
      [tf.zeros([0, 3]), tf.scalar(0)],
    ] as const
    return comparisons.flatMap((compare) =>
      pairs.flatMap(([a, b]) => {
        const flags = compare(a, b)
        const [yes, no] = [tf.fill(flags.shape, 7), tf.fill(flags.shape, Number.NaN)]
        const whole = tf.where(flags, yes.toInt(), yes.mul(2).toInt())
        return [flags, tf.where(flags, yes, no), whole].map((it) => [...it.dataSync()])
      }),
    )
  }
  const values: number[][][] = []
  for (const device of ['cpu', 'wasm'] as const) {
    const { dispose } = await openDevice(device, options)
    values.push(tf.tidy(() => compute() as never))
    dispose()
  }
  expect(values[1]).toEqual(values[0])
})

it('has every kernel that the CPU has, but for complex numbers and drawing', async () => {
  const { dispose } = await openDevice('wasm', options)
  dispose()
  const missing = tf
    .getKernelsForBackend('cpu')
    .map(({ kernelName }) => kernelName)
    .filter((name) => !tf.getKernel(name, 'wasm'))
  expect(missing.toSorted()).toEqual(
    ['Complex', 'ComplexAbs', 'Draw', 'FFT', 'IFFT', 'Imag', 'Real'].toSorted(),
  )
})

it('borrows kernels with lists of inputs, whole numbers and words', async () => {
  const { dispose } = await openDevice('wasm', options)
  try {
    const [product, sums, words] = tf.tidy(() => {
      const a = tf.tensor2d([1, 2, 3, 4], [2, 2])
      const ids = tf.tensor1d([1, 0, 1, 9], 'int32')
      return [
        tf.einsum('ij,jk->ik', a, a).dataSync(),
        tf.unsortedSegmentSum(tf.tensor1d([1, 2, 4, 8], 'int32'), ids, 2).dataSync(),
        tf.string.staticRegexReplace(tf.tensor1d(['cat', 'dog']), 'c', 'h').dataSync(),
      ]
    })
    expect([...(product ?? [])]).toEqual([7, 10, 15, 22])
    expect([...(sums ?? [])]).toEqual([2, 5])
    expect([...(words ?? [])]).toEqual(['hat', 'dog'])
  } finally {
    dispose()
  }
})
