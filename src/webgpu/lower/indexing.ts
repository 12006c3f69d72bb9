// Kernels that read or write at places given by values: embeddings, one-hot, scatter, counts.
import { backend_util, gather_util, scatter_util, type TensorInfo } from '@tensorflow/tfjs'
import type { Graph } from '../graph/graph.ts'
import { type DType, type Node, type Shape, sizeOf } from '../graph/node.ts'
import { lowering, type Lowerings } from './lowering.ts'

/** Comparisons that a kernel without a primitive of its own may cost before the stock kernel is better. */
const MOST_COMPARISONS = 2 ** 22

const infoOf = ({ shape, dtype }: Node): TensorInfo => ({ dataId: {}, shape: [...shape], dtype })

function gather(graph: Graph, x: Node, indices: Node, axis: number, batchDims: number): Node {
  const { segment_util: segments } = backend_util
  const along = axis < 0 ? axis + x.shape.length : axis
  const { batchSize, outerSize, dimSize, sliceSize, outputShape } =
    segments.collectGatherOpShapeInfo(infoOf(x), infoOf(indices), along, batchDims)
  const count = batchSize === 0 ? 0 : sizeOf(indices.shape) / batchSize
  const batches = batchSize * outerSize
  const ids = graph.reshape(graph.cast(indices, 'int32'), [batchSize, 1, count])
  return graph.reshape(
    graph.gather(
      graph.reshape(x, [batches, dimSize, sliceSize]),
      graph.reshape(graph.broadcast(ids, [batchSize, outerSize, count]), [batches, count]),
    ),
    outputShape,
  )
}

/** Rows of the flat tensor that rows of `indices` [.., rank] name: int32 [count]. */
function flatIds(graph: Graph, indices: Node, strides: readonly number[], count: number): Node {
  const rank = indices.shape.at(-1) ?? 1
  const rows = graph.reshape(graph.cast(indices, 'int32'), [count, rank])
  let ids = graph.constant(0, [count], 'int32')
  for (let i = 0; i < rank; i++) {
    const column = graph.reshape(graph.slice(rows, [0, i], [count, 1]), [count])
    const stride = graph.constant(strides[i]!, [count], 'int32')
    ids = graph.map('add', ids, graph.map('mul', column, stride))
  }
  return ids
}

function gatherNd(graph: Graph, params: Node, indices: Node): Node {
  const [shape, count, sliceSize, strides] = gather_util.prepareAndValidate(
    infoOf(params),
    infoOf(indices),
  ) as [Shape, number, number, number[]]
  if (sizeOf(shape) === 0) return graph.constant(0, shape, params.dtype)
  const rows = graph.reshape(params, [1, sizeOf(params.shape) / sliceSize, sliceSize])
  const ids = graph.reshape(flatIds(graph, indices, strides, count), [1, count])
  return graph.reshape(graph.gather(rows, ids), shape)
}

/** Updates as rows, and the rows of the flat result that they go to. */
function scattered(graph: Graph, updates: Node, indices: Node, shape: Shape) {
  const plan = scatter_util.calculateShapes(infoOf(updates), infoOf(indices), [...shape])
  const { numUpdates, sliceSize, strides, outputSize } = plan
  const rows = graph.reshape(
    sizeOf(updates.shape) === 1 && numUpdates * sliceSize !== 1
      ? graph.expand(graph.reshape(updates, [1]), [numUpdates * sliceSize])
      : updates,
    [numUpdates, sliceSize],
  )
  const ids = flatIds(graph, indices, strides, numUpdates)
  return { rows, ids, count: outputSize / sliceSize, sliceSize }
}

/** Reads of values by which a sum for each place would look at all ids. */
const MOST_READS = 2 ** 22

/**
 * Sums of rows [n, rest] by their ids [n]: [count, rest]. Few values look at all ids each; many follow chains of equal
 * ids, which are found first, once for all columns.
 */
function scatter(graph: Graph, rows: Node, ids: Node, count: number): Node {
  const [n, rest] = rows.shape as [number, number]
  const pairs = (count + n) * n
  if (count * rest * n <= MOST_READS || pairs * 4 > count * rest * n)
    return graph.scatter(rows, ids, count)
  /** The first place of `shape[1]` where `isEqual` holds, for each row. */
  const firstOf = (shape: Shape, isEqual: Node): Node => {
    const none = graph.constant(n, shape, 'int32')
    const places = graph.map('select', isEqual, graph.index(shape, 1), none)
    return graph.reshape(graph.reduce('min', places, [1]), [shape[0]!])
  }
  const each = graph.reshape(ids, [1, n])
  const byId = [count, n]
  const first = firstOf(byId, graph.map('equal', graph.broadcast(each, byId), graph.index(byId, 0)))
  const byPlace = [n, n]
  const isSame = graph.map(
    'equal',
    graph.broadcast(each, byPlace),
    graph.broadcast(graph.reshape(ids, [n, 1]), byPlace),
  )
  const isLater = graph.map('greater', graph.index(byPlace, 1), graph.index(byPlace, 0))
  const next = firstOf(byPlace, graph.map('and', isSame, isLater))
  return graph.chain(rows, first, next)
}

/** `base` with rows put in place of its own; of several for one place the last counts. */
function overwritten(graph: Graph, base: Node, updates: Node, indices: Node): Node | undefined {
  if (sizeOf(base.shape) === 0) return base
  const { rows, ids, count, sliceSize } = scattered(graph, updates, indices, base.shape)
  const pairs = [count, rows.shape[0]!]
  if (sizeOf(rows.shape) === 0) return base
  if (sizeOf(pairs) > MOST_COMPARISONS) return undefined
  const isHere = graph.map('equal', graph.index(pairs, 0), graph.expand(ids, pairs))
  const none = graph.constant(-1, pairs, 'int32')
  const last = graph.reduce('max', graph.map('select', isHere, graph.index(pairs, 1), none), [1])
  const written = graph.gather(
    graph.reshape(rows, [1, ...rows.shape]),
    graph.reshape(last, [1, count]),
  )
  const flat = [count, sliceSize]
  const isWritten = graph.map('greaterEqual', last, graph.constant(0, last.shape, 'int32'))
  const result = graph.map(
    'select',
    graph.broadcast(isWritten, flat),
    graph.reshape(written, flat),
    graph.reshape(base, flat),
  )
  return graph.reshape(result, base.shape)
}

/** How often each of `size` numbers comes in x [rows, n], or the sum of its weights: [rows, size]. */
function counts(graph: Graph, x: Node, weights: Node, size: number, isBinary: boolean): Node {
  const [rows, n] = x.shape as [number, number]
  const { dtype } = weights
  const values = graph.cast(x, 'int32')
  const isCounted = graph.map('less', values, graph.constant(size, x.shape, 'int32'))
  const start = graph.map('mul', graph.index(x.shape, 0), graph.constant(size, x.shape, 'int32'))
  const none = graph.constant(-1, x.shape, 'int32')
  const ids = graph.map('select', isCounted, graph.map('add', start, values), none)
  const each = isBinary || sizeOf(weights.shape) === 0 ? graph.constant(1, x.shape, dtype) : weights
  const sums = graph.scatter(
    graph.reshape(each, [rows * n, 1]),
    graph.reshape(ids, [rows * n]),
    rows * size,
  )
  const whole = graph.reshape(sums, [rows, size])
  return isBinary ? graph.cast(graph.cast(whole, 'bool'), dtype) : whole
}

interface CountAttrs {
  size: number
  binaryOutput?: boolean
}

const bincount = lowering<'x' | 'weights', CountAttrs>(
  (graph, { x, weights }, { size, binaryOutput = false }) => {
    if (x.shape.length === 2) return counts(graph, x, weights, size, binaryOutput)
    // tfjs looks at `binaryOutput` for matrices only.
    const row = graph.reshape(x, [1, sizeOf(x.shape)])
    const own = sizeOf(weights.shape) === 0 ? weights : graph.reshape(weights, row.shape)
    return graph.reshape(counts(graph, row, own, size, false), [size])
  },
)

/** [batch, n] sorted and [batch, m]: how many of the sorted are below (`left`), or not above. */
const searchSorted = lowering<'sortedSequence' | 'values', { side: 'left' | 'right' }>(
  (graph, { sortedSequence, values }, { side }) => {
    const [batch, n] = sortedSequence.shape as [number, number]
    const m = values.shape[1]!
    const all = [batch, m, n]
    const sorted = graph.broadcast(graph.reshape(sortedSequence, [batch, 1, n]), all)
    const sought = graph.broadcast(graph.reshape(values, [batch, m, 1]), all)
    const isBefore = graph.map(side === 'left' ? 'less' : 'lessEqual', sorted, sought)
    return graph.reshape(graph.reduce('sum', graph.cast(isBefore, 'int32'), [2]), [batch, m])
  },
)

interface OneHotAttrs {
  depth: number
  onValue: number
  offValue: number
  dtype: DType
}

export const indexing: Lowerings = {
  Bincount: bincount,
  DenseBincount: bincount,
  Diag: lowering<'x'>((graph, { x }) => {
    const size = sizeOf(x.shape)
    const square = [size, size]
    const isDiagonal = graph.map('equal', graph.index(square, 0), graph.index(square, 1))
    const values = graph.broadcast(graph.reshape(x, [1, size]), square)
    const none = graph.constant(0, square, x.dtype)
    return graph.reshape(graph.map('select', isDiagonal, values, none), [...x.shape, ...x.shape])
  }),
  GatherNd: lowering<'params' | 'indices'>((graph, { params, indices }) =>
    gatherNd(graph, params, indices),
  ),
  GatherV2: lowering<'x' | 'indices', { axis: number; batchDims?: number }>(
    (graph, { x, indices }, { axis, batchDims }) => gather(graph, x, indices, axis, batchDims ?? 0),
  ),
  OneHot: lowering<'indices', OneHotAttrs>(
    (graph, { indices }, { depth, onValue, offValue, dtype }) => {
      const shape = [...indices.shape, depth]
      const column = graph.reshape(graph.cast(indices, 'int32'), [...indices.shape, 1])
      const isHot = graph.map(
        'equal',
        graph.broadcast(column, shape),
        graph.index(shape, shape.length - 1),
      )
      const [on, off] = [onValue, offValue].map((value) => graph.constant(value, shape, dtype))
      return graph.map('select', isHot, on!, off!)
    },
  ),
  ScatterNd: lowering<'indices' | 'updates', { shape: number[] }>(
    (graph, { indices, updates }, { shape }) => {
      if (updates.dtype === 'bool') return undefined
      if (sizeOf(shape) === 0) return graph.constant(0, shape, updates.dtype)
      const { rows, ids, count } = scattered(graph, updates, indices, shape)
      return graph.reshape(scatter(graph, rows, ids, count), shape)
    },
  ),
  SearchSorted: searchSorted,
  SparseToDense: lowering<
    'sparseIndices' | 'sparseValues' | 'defaultValue',
    { outputShape: number[] }
  >((graph, { sparseIndices, sparseValues, defaultValue }, { outputShape }) => {
    const base = graph.cast(graph.expand(defaultValue, outputShape), sparseValues.dtype)
    return overwritten(graph, base, sparseValues, sparseIndices)
  }),
  TensorScatterUpdate: lowering<'tensor' | 'indices' | 'updates'>(
    (graph, { tensor, indices, updates }) =>
      tensor.dtype === updates.dtype ? overwritten(graph, tensor, updates, indices) : undefined,
  ),
  UnsortedSegmentSum: lowering<'x' | 'segmentIds', { numSegments: number }>(
    (graph, { x, segmentIds }, { numSegments }) => {
      if (segmentIds.shape.length !== 1) return undefined
      const [n, ...rest] = x.shape as [number, ...number[]]
      const rows = graph.reshape(graph.cast(x, 'float32'), [n, sizeOf(rest)])
      const sums = scatter(graph, rows, graph.cast(segmentIds, 'int32'), numSegments)
      return graph.reshape(sums, [numSegments, ...rest])
    },
  ),
}
