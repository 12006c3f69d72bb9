// Kernels that move values without computing: slices, pads, transposes, concatenations.
import { backend_util, slice_util, type TensorInfo, util } from '@tensorflow/tfjs'
import type { Graph } from '../graph/graph.ts'
import { type Node, type Shape, sizeOf } from '../graph/node.ts'
import { listLowering, lowering, type Lowerings } from './lowering.ts'

type Paddings = [number, number][]

/** What tfjs's own shape arithmetic asks of a tensor. */
const infoOf = ({ shape, dtype }: Node): TensorInfo => ({ dataId: {}, shape: [...shape], dtype })

/** `axis` counted from the front. */
const axisOf = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis)

const inserted = (graph: Graph, x: Node, axis: number): Node =>
  graph.reshape(x, x.shape.toSpliced(axisOf(axis, x.shape.length + 1), 0, 1))

/** A device may bind no more than eight buffers to a kernel, and each part may lie in one of its own. */
const MOST_PARTS = 6

function concat(graph: Graph, parts: readonly Node[], axis: number): Node {
  const [first] = parts as [Node]
  const along = axisOf(axis, first.shape.length)
  const shapes = parts.map(({ shape }) => [...shape])
  backend_util.assertParamsConsistent(shapes, along)
  const shape = backend_util.computeOutShape(shapes, along)
  if (sizeOf(shape) === 0) return graph.constant(0, shape, first.dtype)
  // tfjs leaves out what is empty before it looks at types.
  const real = parts.filter((part) => sizeOf(part.shape) > 0)
  let joined = real.map((part) => graph.cast(part, first.dtype))
  while (joined.length > MOST_PARTS)
    joined = chunksOf(joined, MOST_PARTS).map((chunk) => graph.concat(chunk, along))
  return graph.concat(joined, along)
}

const chunksOf = <T>(list: readonly T[], length: number): T[][] =>
  Array.from({ length: Math.ceil(list.length / length) }, (_, i) =>
    list.slice(i * length, (i + 1) * length),
  )

/** Places along `axis` from `begin` on. */
function part(graph: Graph, x: Node, axis: number, begin: number, length: number): Node {
  const begins = x.shape.map((_, i) => (i === axis ? begin : 0))
  return graph.slice(x, begins, x.shape.with(axis, length))
}

function mirrorPad(graph: Graph, x: Node, paddings: Paddings, edge: 0 | 1): Node {
  return paddings.reduce((padded, [before, after], axis) => {
    const length = padded.shape[axis]!
    const front = graph.reverse(part(graph, padded, axis, edge, before), [axis])
    const back = graph.reverse(part(graph, padded, axis, length - edge - after, after), [axis])
    return graph.concat([front, padded, back], axis)
  }, x)
}

function tile(graph: Graph, x: Node, reps: readonly number[]): Node {
  // An axis that is repeated becomes two, [times, length], of which the first is a broadcast.
  const apart = x.shape.flatMap((length, i) =>
    reps[i] === 1 || length === 1 ? [length] : [1, length],
  )
  const spread = x.shape.flatMap((length, i) =>
    reps[i] === 1 ? [length] : length === 1 ? [reps[i]!] : [reps[i]!, length],
  )
  const shape = x.shape.map((length, i) => length * reps[i]!)
  return graph.reshape(graph.broadcast(graph.reshape(x, apart), spread), shape)
}

interface StridedSliceAttrs {
  begin: number[]
  end: number[]
  strides: number[]
  beginMask: number
  endMask: number
  ellipsisMask: number
  newAxisMask: number
  shrinkAxisMask: number
}

function stridedSlice(graph: Graph, x: Node, attrs: StridedSliceAttrs): Node {
  const info = slice_util.sliceInfo(
    [...x.shape],
    attrs.begin,
    attrs.end,
    attrs.strides,
    attrs.beginMask,
    attrs.endMask,
    attrs.ellipsisMask,
    attrs.newAxisMask,
    attrs.shrinkAxisMask,
  )
  if (info.isIdentity) return graph.reshape(x, info.finalShape)
  if (sizeOf(info.finalShape) === 0) return graph.constant(0, info.finalShape, x.dtype)
  const { begin, end, strides } = info
  const size = slice_util.computeOutShape(begin, end, strides)
  return graph.reshape(graph.slice(x, begin, size, strides), info.finalShape)
}

interface BlockAttrs {
  blockShape: number[]
}

function spaceToBatch(graph: Graph, x: Node, blockShape: number[], paddings: Paddings): Node {
  const rest = x.shape.slice(1 + blockShape.length).map((): [number, number] => [0, 0])
  const padded = graph.pad(x, [[0, 0], ...paddings, ...rest])
  const shape = [...padded.shape]
  const size = sizeOf(blockShape)
  const split = backend_util.getReshaped(shape, blockShape, size, false)
  const order = backend_util.getPermuted(split.length, blockShape.length, false)
  const joined = backend_util.getReshapedPermuted(shape, blockShape, size, false)
  return graph.reshape(graph.transpose(graph.reshape(padded, split), order), joined)
}

function batchToSpace(graph: Graph, x: Node, blockShape: number[], crops: number[][]): Node {
  const shape = [...x.shape]
  const size = sizeOf(blockShape)
  const split = backend_util.getReshaped(shape, blockShape, size)
  const order = backend_util.getPermuted(split.length, blockShape.length)
  const joined = backend_util.getReshapedPermuted(shape, blockShape, size)
  const whole = graph.reshape(graph.transpose(graph.reshape(x, split), order), joined)
  const rest = whole.shape.slice(1 + blockShape.length)
  const begin = backend_util.getSliceBeginCoords(crops, blockShape.length)
  const length = backend_util.getSliceSize(joined, crops, blockShape.length)
  return graph.slice(
    whole,
    [...begin, ...rest.map(() => 0)],
    [...length.slice(0, 1 + blockShape.length), ...rest],
  )
}

/** [b, h, w, block · block · c] to [b, h · block, w · block, c]. */
function depthToSpace(graph: Graph, x: Node, block: number): Node {
  const [batch, height, width, depth] = x.shape as [number, number, number, number]
  const channels = depth / (block * block)
  const split = graph.reshape(x, [batch, height, width, block, block, channels])
  const shape = [batch, height * block, width * block, channels]
  return graph.reshape(graph.transpose(split, [0, 1, 3, 2, 4, 5]), shape)
}

export const shapes: Lowerings = {
  BatchToSpaceND: lowering<'x', BlockAttrs & { crops: number[][] }>(
    (graph, { x }, { blockShape, crops }) => batchToSpace(graph, x, blockShape, crops),
  ),
  Concat: listLowering<{ axis: number }>((graph, parts, { axis }) => concat(graph, parts, axis)),
  DepthToSpace: lowering<'x', { blockSize: number; dataFormat: string }>(
    (graph, { x }, { blockSize, dataFormat }) =>
      dataFormat === 'NHWC' ? depthToSpace(graph, x, blockSize) : undefined,
  ),
  ExpandDims: lowering<'input', { dim: number }>((graph, { input }, { dim }) =>
    inserted(graph, input, dim),
  ),
  FlipLeftRight: lowering<'image'>((graph, { image }) => graph.reverse(image, [2])),
  MirrorPad: lowering<'x', { paddings: Paddings; mode: string }>(
    (graph, { x }, { paddings, mode }) => mirrorPad(graph, x, paddings, mode === 'reflect' ? 1 : 0),
  ),
  Pack: listLowering<{ axis: number }>((graph, parts, { axis }) =>
    concat(
      graph,
      parts.map((x) => inserted(graph, x, axis)),
      axisOf(axis, parts[0]!.shape.length + 1),
    ),
  ),
  PadV2: lowering<'x', { paddings: Paddings; constantValue: number }>(
    (graph, { x }, { paddings, constantValue }) => graph.pad(x, paddings, constantValue),
  ),
  Reshape: lowering<'x', { shape: number[] }>((graph, { x }, { shape }) =>
    graph.reshape(x, util.inferFromImplicitShape(shape, sizeOf(x.shape))),
  ),
  Reverse: lowering<'x', { dims: number | number[] }>((graph, { x }, { dims }) =>
    graph.reverse(x, util.parseAxisParam(dims, [...x.shape])),
  ),
  Slice: lowering<'x', { begin: number | number[]; size: number | number[] }>(
    (graph, { x }, { begin, size }) => {
      const [begins, sizes] = slice_util.parseSliceParams(infoOf(x), begin, size)
      slice_util.assertParamsValid(infoOf(x), begins!, sizes!)
      return graph.slice(x, begins!, sizes!)
    },
  ),
  SpaceToBatchND: lowering<'x', BlockAttrs & { paddings: Paddings }>(
    (graph, { x }, { blockShape, paddings }) => spaceToBatch(graph, x, blockShape, paddings),
  ),
  SplitV: lowering<'x', { numOrSizeSplits: number | number[]; axis: number }>(
    (graph, { x }, { numOrSizeSplits, axis }) => {
      const along = axisOf(axis, x.shape.length)
      let begin = 0
      return prepared(x, numOrSizeSplits, along).map((length) => {
        begin += length
        return part(graph, x, along, begin - length, length)
      })
    },
  ),
  StridedSlice: lowering<'x', StridedSliceAttrs>((graph, { x }, attrs) =>
    stridedSlice(graph, x, attrs),
  ),
  Tile: lowering<'x', { reps: number[] }>((graph, { x }, { reps }) => tile(graph, x, reps)),
  Transpose: lowering<'x', { perm: number[] }>((graph, { x }, { perm }) =>
    graph.transpose(x, perm),
  ),
  Unpack: lowering<'value', { axis: number }>((graph, { value }, { axis }) => {
    const along = axisOf(axis, value.shape.length)
    const shape = value.shape.toSpliced(along, 1)
    return Array.from({ length: value.shape[along]! }, (_, i) =>
      graph.reshape(part(graph, value, along, i, 1), shape),
    )
  }),
}

const prepared = (x: Node, splits: number | number[], axis: number): Shape =>
  backend_util.prepareSplitSize(infoOf(x), splits, axis)
