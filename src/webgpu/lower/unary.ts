// Element-wise kernels of one tensor.
import type { Graph } from '../graph/graph.ts'
import type { MapFn, Node } from '../graph/node.ts'
import { lowering, type Lowering, type Lowerings } from './lowering.ts'

type Fn = Exclude<MapFn, 'cast'>

/** Through float32: of whole numbers the result is cut, as tfjs does. */
const real = (fn: Fn): Lowering =>
  lowering<'x'>((graph, { x }) => {
    if (x.dtype === 'bool') return undefined
    return graph.cast(graph.map(fn, graph.cast(x, 'float32')), x.dtype)
  })

/** On whole numbers as on others. */
const number = (fn: Fn): Lowering =>
  lowering<'x'>((graph, { x }) => (x.dtype === 'bool' ? undefined : graph.map(fn, x)))

/** Whole numbers stay what they are. */
const rounding = (fn: Fn): Lowering =>
  lowering<'x'>((graph, { x }) => (x.dtype === 'float32' ? graph.map(fn, x) : x))

const test = (fn: Fn): Lowering =>
  lowering<'x'>((graph, { x }) => graph.map(fn, graph.cast(x, 'float32')))

/** min(max(x, low), high); NaN stays. */
export function clip(graph: Graph, x: Node, low: number, high: number): Node {
  const { shape, dtype } = x
  const raised = graph.map('max', x, graph.constant(low, shape, dtype))
  return graph.map('min', raised, graph.constant(high, shape, dtype))
}

export const unary: Lowerings = {
  Abs: number('abs'),
  Acos: real('acos'),
  Acosh: real('acosh'),
  Asin: real('asin'),
  Asinh: real('asinh'),
  Atan: real('atan'),
  Atanh: real('atanh'),
  Cast: lowering<'x', { dtype: string }>((graph, { x }, { dtype }) =>
    dtype === 'float32' || dtype === 'int32' || dtype === 'bool' ? graph.cast(x, dtype) : undefined,
  ),
  Ceil: rounding('ceil'),
  ClipByValue: lowering<'x', { clipValueMin: number; clipValueMax: number }>(
    (graph, { x }, { clipValueMin, clipValueMax }) =>
      x.dtype === 'bool' ? undefined : clip(graph, x, clipValueMin, clipValueMax),
  ),
  Cos: real('cos'),
  Cosh: real('cosh'),
  Erf: real('erf'),
  Exp: lowering<'x'>((graph, { x }) => graph.map('exp', graph.cast(x, 'float32'))),
  Expm1: real('expm1'),
  Floor: rounding('floor'),
  Identity: lowering<'x'>((_, { x }) => x),
  IsFinite: test('isFinite'),
  IsInf: test('isInf'),
  IsNan: test('isNan'),
  Log: real('log'),
  Log1p: real('log1p'),
  LogicalNot: lowering<'x'>((graph, { x }) => graph.map('not', graph.cast(x, 'bool'))),
  Neg: number('neg'),
  Reciprocal: real('reciprocal'),
  Round: rounding('round'),
  Rsqrt: real('rsqrt'),
  Sigmoid: real('sigmoid'),
  Sign: number('sign'),
  Sin: real('sin'),
  Sinh: real('sinh'),
  Softplus: real('softplus'),
  Sqrt: real('sqrt'),
  Square: lowering<'x'>((graph, { x }) =>
    x.dtype === 'bool' ? undefined : graph.map('mul', x, x),
  ),
  Tan: real('tan'),
  Tanh: real('tanh'),
}
