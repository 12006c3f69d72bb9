// One case for each kernel and its gradient, on random shapes: to compare backends, or lowerings with a backend.
import * as tf from '@tensorflow/tfjs'
import { createRandom, nn } from 'plugboard'
import { attention } from './attention.fixture.ts'
import type { Draw } from './draw.fixture.ts'

/** Gives tensors to compare; the same from the same draw. */
export type Case = (draw: Draw) => tf.Tensor[]

type Fn = (...xs: tf.Tensor[]) => tf.Tensor

/** What `fn` gives of `xs`, and the gradients that a random one sends back. */
function withGradients(draw: Draw, fn: Fn, ...xs: tf.Tensor[]): tf.Tensor[] {
  const y = fn(...xs)
  return [y, ...tf.grads(fn)(xs, draw.floats(y.shape))]
}

const unary = (fn: (x: tf.Tensor) => tf.Tensor, low = -2, high = 2): Case => {
  return (draw) => withGradients(draw, fn, draw.floats(draw.shape(), low, high))
}

/** Without a gradient: empty tensors too. */
const rounding = (fn: (x: tf.Tensor) => tf.Tensor): Case => {
  return (draw) => [fn(draw.floats(draw.shape(undefined, undefined, true)))]
}

/** Whole numbers too. */
const mapped = (fn: (x: tf.Tensor) => tf.Tensor): Case => {
  return (draw) => [fn(draw.numbers(draw.shape(undefined, undefined, true)))]
}

/** Whole-number arguments of gradients would be cut, so those are floats. */
const binary = (fn: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor, low = -2, high = 2): Case => {
  return (draw) => {
    const shape = draw.shape()
    const [a, b] = draw.flag() ? [shape, draw.partOf(shape)] : [draw.partOf(shape), shape]
    return withGradients(draw, fn, draw.floats(a, low, high), draw.floats(b, low, high))
  }
}

/** tfjs's gradient of a broadcast one has the wrong shape. */
const ofSameShapes = (fn: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): Case => {
  return (draw) => {
    const shape = draw.shape()
    const same = withGradients(draw, (a, b) => fn(a, b), draw.floats(shape), draw.floats(shape))
    return [...same, fn(draw.floats(shape), draw.floats(draw.partOf(shape)))]
  }
}

const wholes = (fn: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor, low = -5): Case => {
  return (draw) => {
    const shape = draw.shape(undefined, undefined, true)
    return [fn(draw.ints(shape), draw.ints(draw.partOf(shape), low, 7))]
  }
}

const logical = (fn: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): Case => {
  return (draw) => {
    const shape = draw.shape()
    return [fn(draw.bools(shape), draw.bools(draw.partOf(shape)))]
  }
}

const comparison = (fn: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): Case => {
  return (draw) => {
    const shape = draw.shape()
    return [
      fn(draw.ints(shape, 0, 2), draw.ints(draw.partOf(shape), 0, 2)),
      fn(draw.floats(shape), draw.numbers(draw.partOf(shape))),
      fn(draw.bools(shape), draw.bools(shape)),
    ]
  }
}

const reduction = (fn: (x: tf.Tensor, axes: number[], keepDims: boolean) => tf.Tensor): Case => {
  return (draw) => {
    const shape = draw.shape()
    const axes = draw.axes(shape.length)
    const keepDims = draw.flag()
    const own: Fn = (x) => fn(x, axes, keepDims)
    return [...withGradients(draw, own, draw.floats(shape)), own(draw.ints(shape))]
  }
}

const ofBools = (fn: (x: tf.Tensor, axes: number[], keepDims: boolean) => tf.Tensor): Case => {
  return (draw) => {
    const shape = draw.shape()
    return [fn(draw.bools(shape), draw.axes(shape.length), draw.flag())]
  }
}

type Image = tf.Tensor4D
type Pair = [number, number]

/** An image, a window that fits, how it moves and pads. */
function windowed(draw: Draw) {
  const filter: Pair = [draw.whole(1, 3), draw.whole(1, 3)]
  const dilation = draw.whole(0, 3) === 0 ? 2 : 1
  const strides: Pair = dilation > 1 ? [1, 1] : [draw.whole(1, 3), draw.whole(1, 3)]
  const size = filter.map((length) => (length - 1) * dilation + draw.whole(1, 4))
  const shape = [draw.whole(1, 2), ...size, draw.whole(1, 3)]
  const pad = draw.oneOf<'same' | 'valid'>(['same', 'valid'])
  return { filter, dilation, strides, shape, pad }
}

function conv2d(draw: Draw): tf.Tensor[] {
  const { filter, dilation, strides, shape, pad } = windowed(draw)
  const x = draw.floats(shape)
  const weights = draw.floats([...filter, shape[3]!, draw.whole(1, 3)])
  const format = 'NHWC'
  const run: Fn = (a, b) => tf.conv2d(a as Image, b as Image, strides, pad, format, dilation)
  // tfjs has no gradient of a dilated convolution.
  return dilation > 1 ? [run(x, weights)] : withGradients(draw, run, x, weights)
}

function channelsFirst(draw: Draw): tf.Tensor[] {
  const { filter, strides, shape, pad } = windowed(draw)
  const x = draw.floats([shape[0]!, shape[3]!, shape[1]!, shape[2]!])
  const weights = draw.floats([...filter, shape[3]!, draw.whole(1, 3)])
  const run: Fn = (a, b) => tf.conv2d(a as Image, b as Image, strides, pad, 'NCHW')
  return withGradients(draw, run, x, weights)
}

function transposed(draw: Draw): tf.Tensor[] {
  const { filter, strides, shape, pad } = windowed(draw)
  const [batch, height, width, channels] = shape as [number, number, number, number]
  const out = draw.whole(1, 3)
  const lengthOf = (length: number, i: 0 | 1) =>
    pad === 'same' ? length * strides[i] : (length - 1) * strides[i] + filter[i]
  const output = [batch, lengthOf(height, 0), lengthOf(width, 1), out] as const
  const run: Fn = (a, b) => tf.conv2dTranspose(a as Image, b as Image, [...output], strides, pad)
  return withGradients(draw, run, draw.floats(shape), draw.floats([...filter, out, channels]))
}

function fusedConv(draw: Draw): tf.Tensor[] {
  const { filter, dilation, strides, shape, pad } = windowed(draw)
  const out = draw.whole(1, 3)
  const activation = draw.oneOf(['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'prelu', 'leakyrelu'])
  const given = {
    x: draw.floats(shape) as Image,
    filter: draw.floats([...filter, shape[3]!, out]) as Image,
    bias: draw.floats([out]),
    preluActivationWeights: activation === 'prelu' ? draw.floats([out]) : undefined,
    activation: activation as 'relu',
    leakyreluAlpha: 0.3,
    strides,
    pad,
    dilations: dilation,
  }
  const times = draw.whole(1, 2)
  const depthwise = {
    ...given,
    strides: strides[0],
    filter: draw.floats([...filter, shape[3]!, times]) as Image,
    bias: draw.floats([shape[3]! * times]),
    preluActivationWeights: activation === 'prelu' ? draw.floats([1]) : undefined,
  }
  return [tf.fused.conv2d(given), tf.fused.depthwiseConv2d(depthwise)]
}

function depthwise(draw: Draw): tf.Tensor[] {
  const { filter, dilation, strides, shape, pad } = windowed(draw)
  const weights = draw.floats([...filter, shape[3]!, draw.whole(1, 3)])
  const run: Fn = (a, b) =>
    tf.depthwiseConv2d(a as Image, b as Image, strides[0], pad, 'NHWC', dilation)
  // The CPU's gradient of a dilated one leaves the dilation out.
  if (dilation > 1) return [run(draw.floats(shape), weights)]
  return withGradients(draw, run, draw.floats(shape), weights)
}

function conv3d(draw: Draw): tf.Tensor[] {
  const filter = draw.shape(3, 2)
  const shape = [1, ...filter.map((length) => length + draw.whole(0, 2)), draw.whole(1, 2)]
  const weights = draw.floats([...filter, shape[4]!, draw.whole(1, 2)])
  const stride = draw.whole(1, 2)
  const pad = draw.oneOf<'same' | 'valid'>(['same', 'valid'])
  const run: Fn = (a, b) => tf.conv3d(a as tf.Tensor5D, b as tf.Tensor5D, stride, pad)
  return withGradients(draw, run, draw.floats(shape), weights)
}

const pool2d = (fn: typeof tf.maxPool): Case => {
  return (draw) => {
    const { filter, strides, shape, pad } = windowed(draw)
    const run: Fn = (x) => fn(x as Image, filter, strides, pad)
    // Few values, so that windows have several largest ones.
    return withGradients(draw, run, draw.ints(shape, 0, 3).toFloat())
  }
}

const pool3d = (fn: typeof tf.maxPool3d): Case => {
  return (draw) => {
    const size = draw.whole(1, 2)
    const shape = [1, ...draw.shape(3, 3).map((length) => length + 1), draw.whole(1, 2)]
    const pad = draw.oneOf<'same' | 'valid'>(['same', 'valid'])
    const run: Fn = (x) => fn(x as tf.Tensor5D, size, draw.whole(1, 1) + size - 1, pad)
    return withGradients(draw, run, draw.floats(shape))
  }
}

function matMul(draw: Draw): tf.Tensor[] {
  const [m, k, n] = [draw.whole(1, 5), draw.whole(1, 5), draw.whole(1, 5)]
  const outer = draw.shape(draw.whole(0, 2), 3)
  const [transposeA, transposeB] = [draw.flag(), draw.flag()]
  // The CPU broadcasts between one batch and many only.
  const few = draw.whole(0, 3)
  const a = [...(few === 0 ? [] : outer), ...(transposeA ? [k, m] : [m, k])]
  const b = [...(few === 1 ? [] : outer), ...(transposeB ? [n, k] : [k, n])]
  const run: Fn = (x, y) => tf.matMul(x, y, transposeA, transposeB)
  // tfjs's gradient of a broadcast one has the wrong shape.
  if (few < 2 && outer.length > 0) return [run(draw.floats(a), draw.floats(b))]
  return withGradients(draw, run, draw.floats(a), draw.floats(b))
}

function fusedMatMul(draw: Draw): tf.Tensor[] {
  const [m, k, n] = [draw.whole(1, 5), draw.whole(1, 5), draw.whole(1, 5)]
  const activations = ['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'prelu', 'leakyrelu'] as const
  const activation = draw.oneOf(activations)
  const given = {
    a: draw.floats([m, k]),
    b: draw.floats([k, n]),
    bias: draw.flag() ? draw.floats([n]) : undefined,
    preluActivationWeights: activation === 'prelu' ? draw.floats([n]) : undefined,
    activation: activation as 'relu',
    leakyreluAlpha: 0.3,
  }
  return [tf.fused.matMul(given)]
}

function gather(draw: Draw): tf.Tensor[] {
  const shape = draw.shape(draw.whole(1, 4), 4)
  const axis = draw.whole(0, shape.length - 1)
  const indices = draw.ints(draw.shape(draw.whole(1, 2), 4), 0, shape[axis]! - 1)
  const run: Fn = (x) => tf.gather(x, indices, axis)
  return withGradients(draw, run, draw.floats(shape))
}

function batchGather(draw: Draw): tf.Tensor[] {
  const shape = draw.shape(draw.whole(2, 4), 3)
  const axis = draw.whole(1, shape.length - 1)
  const indices = draw.ints([shape[0]!, draw.whole(1, 4)], 0, shape[axis]! - 1)
  return [tf.gather(draw.floats(shape), indices, axis, 1)]
}

/** Indices into the first axes of `shape`, int32 [count, rank]. */
function places(draw: Draw, shape: number[], count: number, rank: number): tf.Tensor {
  const columns = shape.slice(0, rank).map((length) => draw.ints([count, 1], 0, length - 1))
  return tf.concat(columns, 1)
}

function scatterNd(draw: Draw): tf.Tensor[] {
  const shape = draw.shape(draw.whole(1, 4), 4)
  const rank = draw.whole(1, shape.length)
  const count = draw.whole(1, 6)
  const indices = places(draw, shape, count, rank)
  const updates = draw.numbers([count, ...shape.slice(rank)])
  const base = updates.dtype === 'int32' ? draw.ints(shape) : draw.floats(shape)
  return [
    tf.scatterND(indices, updates, shape),
    tf.tensorScatterUpdate(base, indices, updates),
    tf.gatherND(draw.numbers(shape), indices),
    tf.sparseToDense(indices, draw.floats([count]), shape.slice(0, rank), 0.5),
  ]
}

/** So many values that sums follow chains of equal places. */
function scatterNdWide(draw: Draw): tf.Tensor[] {
  const shape = [draw.whole(40, 50), 9000]
  const count = draw.whole(60, 70)
  const indices = draw.ints([count, 1], 0, shape[0]! - 1)
  return [tf.scatterND(indices, draw.floats([count, 9000]), shape)]
}

function strided(draw: Draw): tf.Tensor[] {
  const shape = draw.shape(draw.whole(1, 4))
  const x = draw.numbers(shape)
  const strides = shape.map(() => draw.oneOf([-2, -1, 1, 1, 2, 3]))
  // Never empty: the CPU fails on a range that runs backwards.
  const begin = shape.map((length) => draw.whole(0, length - 1))
  const end = shape.map((length, i) =>
    strides[i]! > 0
      ? draw.whole(begin[i]! + 1, length)
      : draw.whole(-length - 1, begin[i]! - length - 1),
  )
  const mask = () => draw.whole(0, 2 ** shape.length - 1)
  // A place that is dropped needs a stride forward.
  const isForward = strides.every((stride) => stride > 0)
  const shrunk = tf.stridedSlice(
    x,
    begin,
    end,
    shape.map(() => 1),
    mask(),
    mask(),
    0,
    0,
    1,
  )
  return [tf.stridedSlice(x, begin, end, strides, mask(), mask()), ...(isForward ? [shrunk] : [])]
}

function concat(draw: Draw): tf.Tensor[] {
  const shape = draw.shape(draw.whole(1, 4))
  const axis = draw.whole(0, shape.length - 1)
  const parts = Array.from({ length: draw.whole(1, 15) }, () =>
    draw.floats(shape.with(axis, draw.whole(0, 3))),
  )
  const whole = [...parts, draw.floats(shape)]
  return withGradients(draw, (...xs) => tf.concat(xs, axis), ...whole)
}

function resized(fn: typeof tf.image.resizeBilinear): Case {
  return (draw) => {
    // The CPU gives the bilinear gradient width and height exchanged, so images are square.
    // Of one pixel with aligned corners it never ends.
    const [side, to] = [draw.whole(2, 5), draw.whole(1, 7)]
    // Its gradient to the nearest is right for one image only.
    const x = draw.floats([1, side, side, draw.whole(1, 2)])
    const align = draw.flag()
    const run: Fn = (image) => fn(image as Image, [to, to], align)
    const halfPixels = fn(x as Image, [to, draw.whole(1, 7)], false, true)
    return [...withGradients(draw, run, x), halfPixels]
  }
}

function batchNorm(draw: Draw): tf.Tensor[] {
  const shape = draw.shape(4, 3)
  const channels = [shape[3]!]
  const run: Fn = (x, mean, variance, offset, scale) =>
    tf.batchNorm4d(
      x as Image,
      mean as tf.Tensor1D,
      variance as tf.Tensor1D,
      offset as tf.Tensor1D,
      scale as tf.Tensor1D,
    )
  const plain = tf.batchNorm(draw.floats(shape), draw.floats(channels), draw.floats(channels, 0.5))
  const parts = [channels, channels].map((own) => draw.floats(own))
  const variance = draw.floats(channels, 0.5)
  return [
    plain,
    ...withGradients(draw, run, draw.floats(shape), draw.floats(channels), variance, ...parts),
  ]
}

function response(draw: Draw): tf.Tensor[] {
  const radius = draw.whole(1, 3)
  const run: Fn = (x) => tf.localResponseNormalization(x as Image, radius, 1.5, 0.7, 0.6)
  return withGradients(draw, run, draw.floats(draw.shape(4, 4)))
}

function scan(fn: typeof tf.cumsum): Case {
  return (draw) => {
    const shape = draw.shape(draw.whole(1, 4))
    const axis = draw.whole(0, shape.length - 1)
    const long = draw.floats([2, draw.whole(60, 200)], 0.9, 1.1)
    const [exclusive, reverse] = [draw.flag(), draw.flag()]
    return [fn(draw.numbers(shape), axis, exclusive, reverse), fn(long, 1, exclusive, reverse)]
  }
}

function blocks(draw: Draw): tf.Tensor[] {
  const block = draw.whole(1, 2)
  const [height, width] = [block * draw.whole(1, 3), block * draw.whole(1, 3)]
  const x = draw.floats([draw.whole(1, 2), height, width, draw.whole(1, 3)])
  const paddings = [0, 0].map(() => [block * draw.whole(0, 1), 0] as Pair)
  const spread = tf.spaceToBatchND(x, [block, block], paddings)
  const deep = draw.floats([1, 2, 3, 8]) as Image
  return [
    spread,
    tf.batchToSpaceND(spread, [block, block], paddings),
    tf.depthToSpace(deep, 2, 'NHWC'),
  ]
}

function mirrored(draw: Draw): tf.Tensor[] {
  const shape = draw.shape(draw.whole(1, 4)).map((length) => length + 1)
  const paddings = shape.map((length): Pair => [
    draw.whole(0, length - 1),
    draw.whole(0, length - 1),
  ])
  return [tf.mirrorPad(draw.numbers(shape), paddings, draw.oneOf(['reflect', 'symmetric']))]
}

function padded(draw: Draw): tf.Tensor[] {
  const shape = draw.shape(draw.whole(1, 6), 3, true)
  const paddings = shape.map((): Pair => [draw.whole(0, 2), draw.whole(0, 2)])
  const run: Fn = (x) => tf.pad(x, paddings, 3)
  return [run(draw.ints(shape)), ...withGradients(draw, run, draw.floats(shape))]
}

function sliced(draw: Draw): tf.Tensor[] {
  const shape = draw.shape(draw.whole(1, 6))
  const begin = shape.map((length) => draw.whole(0, length - 1))
  const size = shape.map((length, i) => draw.oneOf([-1, draw.whole(0, length - begin[i]!)]))
  return withGradients(draw, (x) => tf.slice(x, begin, size), draw.floats(shape))
}

function split(draw: Draw): tf.Tensor[] {
  const sizes = Array.from({ length: draw.whole(1, 3) }, () => draw.whole(1, 3))
  const shape = draw.shape(draw.whole(1, 4))
  const axis = draw.whole(0, shape.length - 1)
  const length = sizes.reduce((sum, size) => sum + size, 0)
  const x = draw.floats(shape.with(axis, length))
  const equal = draw.floats(shape.with(axis, 4))
  const differences: Fn = (value) => {
    const [first, second] = tf.split(value, 2, axis) as [tf.Tensor, tf.Tensor]
    return tf.sub(first, second)
  }
  return [...tf.split(x, sizes, axis), ...withGradients(draw, differences, equal)]
}

function where(draw: Draw): tf.Tensor[] {
  const shape = draw.shape()
  const condition = draw.bools(draw.partOf(shape))
  const run: Fn = (a, b) => tf.where(condition, a, b)
  return [
    ...withGradients(draw, run, draw.floats(shape), draw.floats(shape)),
    run(draw.ints(shape), draw.floats(shape)),
  ]
}

const softmax: Case = (draw) => {
  const shape = draw.shape(draw.whole(1, 4))
  return [
    ...withGradients(draw, (x) => tf.softmax(x), draw.floats(shape, -20, 20)),
    ...withGradients(draw, (x) => tf.logSoftmax(x), draw.floats(shape, -20, 20)),
  ]
}

const arg = (fn: typeof tf.argMax): Case => {
  return (draw) => {
    const shape = draw.shape(draw.whole(1, 4))
    return [fn(draw.ints(shape, 0, 3), draw.whole(0, shape.length - 1)), fn(draw.floats(shape))]
  }
}

/** NaN and infinity where training guards look for them. */
function guards(draw: Draw): tf.Tensor[] {
  const x = tf.concat([tf.tensor1d([NaN, Infinity, -Infinity, -0]), draw.floats([4])])
  return [
    x.relu(),
    x.relu6(),
    x.maximum(0),
    x.minimum(draw.floats([8])),
    x.clipByValue(-1, 1),
    x.max(),
    x.min(),
    x.step(0.2),
    x.isNaN(),
    x.isFinite(),
    x.isInf(),
    tf.leakyRelu(x),
    tf.elu(x),
    tf.selu(x),
    tf.prelu(x, tf.scalar(0.2)),
    x.abs(),
    x.sum(),
  ]
}

export const cases: Readonly<Record<string, Case>> = {
  abs: unary(tf.abs),
  acos: unary(tf.acos, -0.9, 0.9),
  acosh: unary(tf.acosh, 1.1, 4),
  add: binary(tf.add),
  addN: (draw) => {
    const shape = draw.shape()
    return [tf.addN([draw.floats(shape), draw.floats(shape), draw.floats(shape)])]
  },
  addWhole: wholes(tf.add),
  all: ofBools(tf.all),
  any: ofBools(tf.any),
  argMax: arg(tf.argMax),
  argMin: arg(tf.argMin),
  asin: unary(tf.asin, -0.9, 0.9),
  asinh: unary(tf.asinh),
  atan: unary(tf.atan),
  atan2: binary(tf.atan2, 0.5, 2),
  atanh: unary(tf.atanh, -0.9, 0.9),
  avgPool: pool2d(tf.avgPool),
  avgPool3d: pool3d(tf.avgPool3d),
  batchGather,
  batchNorm,
  bincount: (draw) => {
    const x = draw.ints([draw.whole(1, 9)], 0, 7)
    const weights = draw.flag() ? draw.floats(x.shape) : tf.tensor1d([])
    const rows = draw.ints([draw.whole(1, 3), draw.whole(1, 6)], 0, 5) as tf.Tensor2D
    return [
      tf.bincount(x as tf.Tensor1D, weights as tf.Tensor1D, 6),
      tf.denseBincount(x as tf.Tensor1D, weights as tf.Tensor1D, 6),
      tf.denseBincount(rows, draw.floats(rows.shape) as tf.Tensor2D, 4, draw.flag()),
    ]
  },
  blocks,
  broadcastTo: (draw) => {
    const shape = draw.shape()
    const part = draw.partOf(shape)
    const run: Fn = (x) => tf.broadcastTo(x, shape)
    // tfjs has the gradient up to rank 4.
    return shape.length > 4 ? [run(draw.floats(part))] : withGradients(draw, run, draw.floats(part))
  },
  cast: (draw) => {
    const shape = draw.shape(undefined, undefined, true)
    const types = ['float32', 'int32', 'bool'] as const
    const tensors = [draw.floats(shape), draw.ints(shape), draw.bools(shape)]
    return tensors.flatMap((x) => types.map((dtype) => x.cast(dtype)))
  },
  ceil: rounding(tf.ceil),
  clip: unary((x) => tf.clipByValue(x, -0.7, 0.9)),
  concat,
  conv2d,
  conv2dChannelsFirst: channelsFirst,
  conv2dFused: fusedConv,
  conv2dTranspose: transposed,
  conv3d,
  cos: unary(tf.cos),
  cosh: unary(tf.cosh),
  cumprod: scan(tf.cumprod),
  cumsum: scan(tf.cumsum),
  depthwise,
  diag: (draw) => [tf.diag(draw.numbers(draw.shape(draw.whole(1, 2))))],
  div: binary(tf.div, 0.5, 2),
  divNoNan: (draw) => {
    const shape = draw.shape()
    return [tf.divNoNan(draw.floats(shape), draw.ints(shape, -1, 1).toFloat())]
  },
  divWhole: wholes(tf.div, 1),
  elu: unary(tf.elu),
  equal: comparison(tf.equal),
  erf: unary(tf.erf),
  exp: unary(tf.exp),
  expWhole: mapped(tf.exp),
  expandDims: (draw) => {
    const shape = draw.shape(draw.whole(0, 4))
    return [tf.expandDims(draw.numbers(shape), draw.whole(-shape.length - 1, shape.length))]
  },
  expm1: unary(tf.expm1),
  eye: (draw) => [tf.eye(draw.whole(1, 4), draw.whole(1, 4)), tf.ones(draw.shape())],
  fill: (draw) => [tf.fill(draw.shape(), draw.whole(-3, 3)), tf.fill(draw.shape(), 7.5, 'int32')],
  flip: (draw) => [tf.image.flipLeftRight(draw.floats(draw.shape(4, 4)) as Image)],
  floor: rounding(tf.floor),
  floorDiv: wholes(tf.floorDiv, 1),
  floorDivFloats: (draw) => [tf.floorDiv(draw.floats([9]), draw.floats([9], 0.5))],
  fusedMatMul,
  gather,
  greater: comparison(tf.greater),
  greaterEqual: comparison(tf.greaterEqual),
  guards,
  leakyRelu: unary((x) => tf.leakyRelu(x, 0.3)),
  less: comparison(tf.less),
  lessEqual: comparison(tf.lessEqual),
  linspace: (draw) => [tf.linspace(draw.whole(-3, 3), draw.whole(4, 9), draw.whole(1, 9))],
  log: unary(tf.log, 0.2, 3),
  log1p: unary(tf.log1p, -0.5, 3),
  logSigmoid: unary(tf.logSigmoid),
  logSumExp: reduction(tf.logSumExp),
  logicalAnd: logical(tf.logicalAnd),
  logicalNot: (draw) => [tf.logicalNot(draw.bools(draw.shape()))],
  logicalOr: logical(tf.logicalOr),
  logicalXor: logical(tf.logicalXor),
  matMul,
  max: reduction(tf.max),
  maxOfBools: ofBools(tf.max),
  maxPool: pool2d(tf.maxPool),
  maxPool3d: pool3d(tf.maxPool3d),
  maximum: ofSameShapes(tf.maximum),
  maximumWhole: wholes(tf.maximum),
  mean: reduction(tf.mean),
  min: reduction(tf.min),
  minimum: ofSameShapes(tf.minimum),
  mirrored,
  mod: binary(tf.mod, 0.5, 3),
  modWhole: wholes(tf.mod, 1),
  moments: (draw) => {
    const shape = draw.shape()
    const { mean, variance } = tf.moments(draw.floats(shape), draw.axes(shape.length), draw.flag())
    return [mean, variance]
  },
  mul: binary(tf.mul),
  mulWhole: wholes(tf.mul),
  neg: unary(tf.neg),
  negWhole: mapped(tf.neg),
  notEqual: comparison(tf.notEqual),
  oneHot: (draw) => {
    const indices = draw.ints(draw.shape(draw.whole(0, 3)), -1, 4)
    return [tf.oneHot(indices, 4), tf.oneHot(indices, 3, 0.7, -0.2, 'float32')]
  },
  pad: padded,
  pow: binary(tf.pow, 0.3, 2),
  powWhole: wholes(tf.pow, 0),
  prelu: ofSameShapes(tf.prelu),
  prod: reduction(tf.prod),
  range: (draw) => [
    tf.range(
      draw.whole(-3, 3),
      draw.whole(-3, 9),
      draw.whole(1, 3),
      draw.oneOf(['int32', 'float32']),
    ),
    tf.range(0.5, 4, 0.25),
  ],
  reciprocal: unary(tf.reciprocal, 0.4, 2),
  relu: unary(tf.relu),
  relu6: unary(tf.relu6, -3, 9),
  reshape: (draw) => {
    const shape = draw.shape()
    const order = draw.order(shape.length)
    return withGradients(
      draw,
      (x) =>
        tf.reshape(
          x,
          order.map((i) => shape[i]!),
        ),
      draw.floats(shape),
    )
  },
  resizeBilinear: resized(tf.image.resizeBilinear),
  resizeNearest: resized(tf.image.resizeNearestNeighbor),
  response,
  reverse: (draw) => {
    const shape = draw.shape()
    const axes = draw.axes(shape.length)
    return withGradients(draw, (x) => tf.reverse(x, axes), draw.floats(shape))
  },
  round: mapped((x) => tf.round(tf.mul(x, 2))),
  rsqrt: unary(tf.rsqrt, 0.3, 3),
  scatterNd,
  scatterNdWide,
  searchSorted: (draw) => {
    const sorted = tf.cumsum(draw.floats([2, draw.whole(1, 9)], 0, 1), 1)
    const values = draw.floats([2, draw.whole(1, 5)], 0, 4)
    return [tf.lowerBound(sorted, values), tf.upperBound(sorted, values)]
  },
  selu: unary(tf.selu),
  sigmoid: unary(tf.sigmoid),
  sign: mapped(tf.sign),
  sin: unary(tf.sin),
  sinh: unary(tf.sinh),
  slice: sliced,
  softmax,
  attention: (draw) => attention(draw, { matrices: 4, length: [1, 12], size: [1, 8] }),
  softplus: unary(tf.softplus, -30, 30),
  split,
  sqrt: unary(tf.sqrt, 0.2, 3),
  square: unary(tf.square),
  squaredDifference: ofSameShapes(tf.squaredDifference),
  squaredDifferenceWhole: wholes(tf.squaredDifference),
  stack: (draw) => {
    const shape = draw.shape(draw.whole(0, 3))
    const parts = Array.from({ length: draw.whole(1, 3) }, () => draw.floats(shape))
    const axis = draw.whole(0, shape.length)
    return withGradients(draw, (...xs) => tf.stack(xs, axis), ...parts)
  },
  step: unary((x) => tf.step(x, 0.1)),
  strided,
  sub: binary(tf.sub),
  sum: reduction(tf.sum),
  sumOfBools: ofBools(tf.sum),
  tan: unary(tf.tan, -1, 1),
  tanh: unary(tf.tanh),
  tile: (draw) => {
    const shape = draw.shape(draw.whole(1, 4), 3)
    const reps = shape.map(() => draw.whole(1, 3))
    return withGradients(draw, (x) => tf.tile(x, reps), draw.floats(shape))
  },
  transpose: (draw) => {
    const shape = draw.shape()
    const order = draw.order(shape.length)
    return withGradients(draw, (x) => tf.transpose(x, order), draw.floats(shape))
  },
  uniform: (draw) => [nn.uniform(createRandom(draw.whole(0, 9)), draw.shape())],
  unsortedSegmentSum: (draw) => {
    const [n, ...rest] = draw.shape(draw.whole(1, 4)) as [number, ...number[]]
    const ids = draw.ints([n], 0, 3) as tf.Tensor1D
    const run: Fn = (x) => tf.unsortedSegmentSum(x, ids, 4)
    return withGradients(draw, run, draw.floats([n, ...rest]))
  },
  unstack: (draw) => {
    const shape = draw.shape(draw.whole(1, 4))
    return tf.unstack(draw.numbers(shape), draw.axis(shape.length))
  },
  where,
  zerosLike: (draw) => [
    tf.zerosLike(draw.ints(draw.shape())),
    tf.onesLike(draw.bools(draw.shape())),
  ],
}
