// Batch normalization and local response normalization.
import type { Graph } from '../graph/graph.ts'
import { along } from '../graph/view-axes.ts'
import type { Node } from '../graph/node.ts'
import { lowering, type Lowerings } from './lowering.ts'

interface BatchNormAttrs {
  varianceEpsilon?: number
}

const batchNorm = lowering<'x' | 'mean' | 'variance', BatchNormAttrs, 'scale' | 'offset'>(
  (graph, { x, mean, variance, scale, offset }, { varianceEpsilon }) => {
    if (x.dtype !== 'float32') return undefined
    const epsilon = graph.constant(varianceEpsilon ?? 0.001, variance.shape)
    const inverse = graph.map('rsqrt', graph.map('add', variance, epsilon))
    const factor = scale
      ? graph.map('mul', graph.expand(inverse, x.shape), graph.expand(scale, x.shape))
      : graph.expand(inverse, x.shape)
    const centered = graph.map('sub', x, graph.expand(mean, x.shape))
    const scaled = graph.map('mul', centered, factor)
    return offset ? graph.map('add', scaled, graph.expand(offset, x.shape)) : scaled
  },
)

interface ResponseAttrs {
  depthRadius: number
  bias: number
  alpha: number
  beta: number
}

/** Sums over channels within the radius. */
function nearby(graph: Graph, x: Node, radius: number): Node {
  const axis = x.shape.length - 1
  const window = {
    terms: [[axis, 1] as const, [axis + 1, 1] as const],
    offset: -radius,
    divisor: 1,
  }
  const axes = x.shape.map((_, i) => (i === axis ? window : along(i)))
  const seen = graph.view(x, [...x.shape, 2 * radius + 1], axes, 0)
  return graph.reshape(graph.reduce('sum', seen, [axis + 1]), x.shape)
}

/** bias + alpha · sum of squares nearby. */
function normOf(graph: Graph, x: Node, { depthRadius, bias, alpha }: ResponseAttrs): Node {
  const squares = nearby(graph, graph.map('mul', x, x), depthRadius)
  const scaled = graph.map('mul', squares, graph.constant(alpha, x.shape))
  return graph.map('add', scaled, graph.constant(bias, x.shape))
}

const power = (graph: Graph, x: Node, exponent: number): Node =>
  graph.map('pow', x, graph.constant(exponent, x.shape))

export const normalizations: Lowerings = {
  FusedBatchNorm: batchNorm,
  LRN: lowering<'x', ResponseAttrs>((graph, { x }, attrs) =>
    graph.map('mul', x, power(graph, normOf(graph, x, attrs), -attrs.beta)),
  ),
  LRNGrad: lowering<'x' | 'y' | 'dy', ResponseAttrs>((graph, { x, y, dy }, attrs) => {
    const norm = normOf(graph, x, attrs)
    const own = graph.map('mul', dy, power(graph, norm, -attrs.beta))
    const shares = graph.map('div', graph.map('mul', dy, y), norm)
    const others = graph.map('mul', x, nearby(graph, shares, attrs.depthRadius))
    const factor = graph.constant(-2 * attrs.alpha * attrs.beta, x.shape)
    return graph.map('add', own, graph.map('mul', others, factor))
  }),
}
