// Kernels that make tensors of nothing, or of a shape.
import type { Graph } from '../graph/graph.ts'
import type { DType, Node, Shape } from '../graph/node.ts'
import { lowering, type Lowerings } from './lowering.ts'

/** start + step · index, of [count]. */
function sequence(graph: Graph, start: number, step: number, count: number, dtype: DType): Node {
  const shape = [count]
  const index = graph.cast(graph.index(shape, 0), dtype)
  const scaled = graph.map('mul', index, graph.constant(step, shape, dtype))
  return graph.map('add', scaled, graph.constant(start, shape, dtype))
}

const isKnown = (dtype: string): dtype is DType =>
  dtype === 'float32' || dtype === 'int32' || dtype === 'bool'

interface FillAttrs {
  shape: Shape
  value: number | string
  dtype?: string
}

interface RangeAttrs {
  start: number
  stop: number
  step: number
  dtype: 'float32' | 'int32'
}

export const creation: Lowerings = {
  CounterUniform: lowering<'key', { shape: Shape }>((graph, { key }, { shape }) =>
    graph.random(key, shape),
  ),
  Fill: lowering<never, FillAttrs>((graph, _, { shape, value, dtype = 'float32' }) =>
    typeof value === 'string' || !isKnown(dtype)
      ? undefined
      : graph.constant(Number(value), shape, dtype),
  ),
  LinSpace: lowering<never, { start: number; stop: number; num: number }>(
    (graph, _, { start, stop, num }) =>
      sequence(graph, start, num === 1 ? 0 : (stop - start) / (num - 1), num, 'float32'),
  ),
  OnesLike: lowering<'x'>((graph, { x }) => graph.constant(1, x.shape, x.dtype)),
  Range: lowering<never, RangeAttrs>((graph, _, { start, stop, step, dtype }) => {
    // The stock kernel cuts each sum to a whole number before it adds the next step.
    if (dtype === 'int32' && !(Number.isInteger(start) && Number.isInteger(step))) return undefined
    const isEmpty = start === stop || (start < stop && step < 0) || (stop < start && step > 1)
    const count = isEmpty ? 0 : Math.abs(Math.ceil((stop - start) / step))
    // A step of 1 is also what is taken where none was given.
    return sequence(graph, start, stop < start && step === 1 ? -1 : step, count, dtype)
  }),
  ZerosLike: lowering<'x'>((graph, { x }) => graph.constant(0, x.shape, x.dtype)),
}
