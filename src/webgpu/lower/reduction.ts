// Kernels that combine along axes, and those made of them: argmax, softmax.
import { util } from '@tensorflow/tfjs'
import type { Graph } from '../graph/graph.ts'
import type { DType, Node, ReduceFn } from '../graph/node.ts'
import { upcast } from './broadcasting.ts'
import { lowering, type Lowering, type Lowerings } from './lowering.ts'

interface AxisAttrs {
  axis: number | number[]
  keepDims?: boolean
}

const axesOf = (x: Node, axis: number | number[]): number[] =>
  util.parseAxisParam(axis, [...x.shape])

/** Without the axes that were reduced, unless they are to be kept. */
function dropped(graph: Graph, reduced: Node, axes: readonly number[], keepDims = false): Node {
  if (keepDims) return reduced
  return graph.reshape(
    reduced,
    reduced.shape.filter((_, axis) => !axes.includes(axis)),
  )
}

function reduction(fn: ReduceFn, typeOf: (dtype: DType) => DType): Lowering {
  return lowering<'x', AxisAttrs>((graph, { x }, { axis, keepDims }) => {
    const axes = axesOf(x, axis)
    return dropped(graph, graph.reduce(fn, graph.cast(x, typeOf(x.dtype)), axes), axes, keepDims)
  })
}

const asNumber = (dtype: DType): DType => upcast(dtype, 'int32')

/** Of bools the largest is whether any is true. */
const extremum = (fn: 'max' | 'min', ofBools: 'any' | 'all'): Lowering =>
  lowering<'x', AxisAttrs & { reductionIndices: number | number[] }>(
    (graph, { x }, { axis, reductionIndices, keepDims }) => {
      const axes = axesOf(x, reductionIndices ?? axis)
      const reduced = graph.reduce(x.dtype === 'bool' ? ofBools : fn, x, axes)
      return dropped(graph, reduced, axes, keepDims)
    },
  )

const lengthOf = (x: Node, axes: readonly number[]): number =>
  axes.reduce((length, axis) => length * x.shape[axis]!, 1)

/** The first place of the largest or smallest; 0 where NaN leaves none. */
const place = (fn: 'max' | 'min'): Lowering =>
  lowering<'x', { axis: number }>((graph, { x: values }, { axis }) => {
    const x = graph.cast(values, asNumber(values.dtype))
    const axes = axesOf(x, axis).slice(0, 1)
    const length = lengthOf(x, axes)
    const best = graph.broadcast(graph.reduce(fn, x, axes), x.shape)
    const none = graph.constant(length, x.shape, 'int32')
    const places = graph.map(
      'select',
      graph.map('equal', x, best),
      graph.index(x.shape, axes[0]!),
      none,
    )
    const first = graph.reduce('min', places, axes)
    const isPlace = graph.map('less', first, graph.constant(length, first.shape, 'int32'))
    const found = graph.map('select', isPlace, first, graph.constant(0, first.shape, 'int32'))
    return dropped(graph, found, axes)
  })

const softmax = lowering<'logits', { dim: number }>((graph, { logits }, { dim }) => {
  const axes = axesOf(logits, dim)
  if (logits.dtype !== 'float32' || axes[0] !== logits.shape.length - 1) return undefined
  const largest = graph.broadcast(graph.reduce('max', logits, axes), logits.shape)
  const exponentials = graph.map('exp', graph.map('sub', logits, largest))
  const sum = graph.broadcast(graph.reduce('sum', exponentials, axes), logits.shape)
  return graph.map('div', exponentials, sum)
})

export const reductions: Lowerings = {
  All: reduction('all', () => 'bool'),
  Any: reduction('any', () => 'bool'),
  ArgMax: place('max'),
  ArgMin: place('min'),
  Max: extremum('max', 'any'),
  Mean: lowering<'x', AxisAttrs>((graph, { x }, { axis, keepDims }) => {
    const axes = axesOf(x, axis)
    const sum = graph.reduce('sum', graph.cast(x, 'float32'), axes)
    const share = graph.constant(1 / Math.max(lengthOf(x, axes), 1), sum.shape)
    return dropped(graph, graph.map('mul', sum, share), axes, keepDims)
  }),
  Min: extremum('min', 'all'),
  Prod: reduction('prod', asNumber),
  Softmax: softmax,
  Sum: reduction('sum', asNumber),
}
