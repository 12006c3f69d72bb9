// Activations, alone and fused to a product or convolution.
import { backend_util } from '@tensorflow/tfjs'
import type { Graph } from '../graph/graph.ts'
import type { Node } from '../graph/node.ts'
import { alike } from './broadcasting.ts'
import { lowering, type Lowering, type Lowerings } from './lowering.ts'
import { clip } from './unary.ts'

const like = (graph: Graph, value: number, x: Node): Node => graph.constant(value, x.shape, x.dtype)

const relu = (graph: Graph, x: Node): Node => graph.map('max', x, like(graph, 0, x))

/** `negative` where x < 0; NaN stays. */
const whereNegative = (graph: Graph, x: Node, negative: Node, otherwise = x): Node =>
  graph.map('select', graph.map('less', x, like(graph, 0, x)), negative, otherwise)

const expm1 = (graph: Graph, x: Node): Node =>
  graph.map('sub', graph.map('exp', x), like(graph, 1, x))

const elu = (graph: Graph, x: Node): Node => whereNegative(graph, x, expm1(graph, x))

function selu(graph: Graph, x: Node): Node {
  const scaled = (factor: number, of: Node) => graph.map('mul', of, like(graph, factor, of))
  const negative = scaled(backend_util.SELU_SCALEALPHA, expm1(graph, x))
  return whereNegative(graph, x, negative, scaled(backend_util.SELU_SCALE, x))
}

function prelu(graph: Graph, x: Node, alpha: Node): Node {
  const [values, slopes] = alike(graph, x, alpha) as [Node, Node]
  return whereNegative(graph, values, graph.map('mul', slopes, values))
}

const leakyRelu = (graph: Graph, x: Node, alpha: number): Node =>
  whereNegative(graph, x, graph.map('mul', x, like(graph, alpha, x)))

/** 1 above 0, else `alpha`; NaN stays. */
function step(graph: Graph, x: Node, alpha: number): Node {
  const isNan = graph.map('isNan', graph.cast(x, 'float32'))
  const otherwise = graph.map('select', isNan, x, like(graph, alpha, x))
  const isPositive = graph.map('greater', x, like(graph, 0, x))
  return graph.map('select', isPositive, like(graph, 1, x), otherwise)
}

/** What tfjs's fused kernels apply at last; `undefined` for a name that none has. */
export function activate(
  graph: Graph,
  x: Node,
  activation: string | undefined,
  preluAlpha: Node | undefined,
  leakyAlpha: number | undefined,
): Node | undefined {
  switch (activation) {
    case undefined:
    case 'linear':
      return x
    case 'relu':
      return relu(graph, x)
    case 'relu6':
      return clip(graph, x, 0, 6)
    case 'elu':
      return elu(graph, x)
    case 'sigmoid':
      return graph.map('sigmoid', x)
    case 'prelu':
      return preluAlpha && prelu(graph, x, preluAlpha)
    case 'leakyrelu':
      return leakyRelu(graph, x, leakyAlpha ?? 0)
    default:
      return undefined
  }
}

/** Of whole numbers as well as of others. */
const ofNumbers = (apply: (graph: Graph, x: Node) => Node): Lowering =>
  lowering<'x'>((graph, { x }) => (x.dtype === 'bool' ? undefined : apply(graph, x)))

const ofFloats = (apply: (graph: Graph, x: Node) => Node): Lowering =>
  lowering<'x'>((graph, { x }) => (x.dtype === 'float32' ? apply(graph, x) : undefined))

export const activations: Lowerings = {
  Elu: ofFloats(elu),
  EluGrad: lowering<'dy' | 'y'>((graph, { dy, y }) =>
    whereNegative(graph, y, graph.map('mul', dy, graph.map('add', y, like(graph, 1, y))), dy),
  ),
  LeakyRelu: lowering<'x', { alpha: number }>((graph, { x }, { alpha }) =>
    leakyRelu(graph, graph.cast(x, 'float32'), alpha),
  ),
  Prelu: lowering<'x' | 'alpha'>((graph, { x, alpha }) =>
    prelu(graph, graph.cast(x, 'float32'), graph.cast(alpha, 'float32')),
  ),
  Relu: ofNumbers(relu),
  Relu6: ofNumbers((graph, x) => clip(graph, x, 0, 6)),
  Selu: ofFloats(selu),
  Step: lowering<'x', { alpha: number }>((graph, { x }, { alpha }) =>
    x.dtype === 'bool' ? undefined : step(graph, x, alpha),
  ),
}
