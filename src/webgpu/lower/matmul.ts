// Products of matrices.
import { backend_util, util } from '@tensorflow/tfjs'
import type { Graph } from '../graph/graph.ts'
import { type Node, sizeOf } from '../graph/node.ts'
import { activate } from './activations.ts'
import { alike } from './broadcasting.ts'
import { lowering, type Lowerings } from './lowering.ts'

interface MatMulAttrs {
  transposeA: boolean
  transposeB: boolean
}

/** [.., rows, columns] over `outer`, as [batches, rows, columns]. */
function batched(graph: Graph, x: Node, outer: readonly number[], isTransposed: boolean): Node {
  const matrix = x.shape.slice(-2)
  const batches = sizeOf(outer)
  const spread =
    sizeOf(x.shape.slice(0, -2)) === batches ? x : graph.expand(x, [...outer, ...matrix])
  const flat = graph.reshape(spread, [batches, ...matrix])
  return isTransposed ? graph.transpose(flat, [0, 2, 1]) : flat
}

/** Over the last two axes, the others broadcast. Throws where the shapes don't fit. */
function matMul(graph: Graph, a: Node, b: Node, { transposeA, transposeB }: MatMulAttrs): Node {
  const [m, k] = transposeA ? [a.shape.at(-1)!, a.shape.at(-2)!] : a.shape.slice(-2)
  const [inner, n] = transposeB ? [b.shape.at(-1)!, b.shape.at(-2)!] : b.shape.slice(-2)
  util.assert(
    k === inner,
    () =>
      `Error in matMul: inner shapes (${k}) and (${inner}) of Tensors with shapes ${a.shape.join()} and ${b.shape.join()} and ` +
      `transposeA=${transposeA} and transposeB=${transposeB} must match.`,
  )
  const outer = backend_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2))
  const shape = [...outer, m!, n!]
  if (!transposeA && sizeOf(b.shape.slice(0, -2)) === 1) {
    // One matrix for all: their rows are rows of one product.
    const rows = graph.reshape(a, [1, sizeOf(a.shape.slice(0, -1)), k!])
    return graph.reshape(graph.dot(rows, batched(graph, b, [1], transposeB)), shape)
  }
  const product = graph.dot(
    batched(graph, a, outer, transposeA),
    batched(graph, b, outer, transposeB),
  )
  return graph.reshape(product, shape)
}

interface FusedAttrs extends MatMulAttrs {
  activation?: string
  leakyreluAlpha?: number
}

export const matMuls: Lowerings = {
  BatchMatMul: lowering<'a' | 'b', MatMulAttrs>((graph, { a, b }, attrs) => {
    if (a.dtype === 'bool' || b.dtype === 'bool') return undefined
    const product = matMul(graph, graph.cast(a, 'float32'), graph.cast(b, 'float32'), attrs)
    return graph.cast(product, a.dtype)
  }),
  _FusedMatMul: lowering<'a' | 'b', FusedAttrs, 'bias' | 'preluActivationWeights'>(
    (graph, { a, b, bias, preluActivationWeights }, attrs) => {
      if ([a, b, bias].some((x) => x && x.dtype !== 'float32')) return undefined
      const product = matMul(graph, a, b, attrs)
      const sum = bias ? graph.map('add', ...alike(graph, product, bias)) : product
      return activate(graph, sum, attrs.activation, preluActivationWeights, attrs.leakyreluAlpha)
    },
  ),
}
