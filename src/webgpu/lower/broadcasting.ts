// Tensors of different shapes and types made alike, as numpy and tfjs do.
import { backend_util } from '@tensorflow/tfjs'
import type { Graph } from '../graph/graph.ts'
import type { DType, Node } from '../graph/node.ts'

/** All over the one shape that they broadcast to. Throws where there is none. */
export function alike(graph: Graph, ...nodes: Node[]): Node[] {
  const shape = nodes.reduce<number[]>(
    (common, node) => backend_util.assertAndGetBroadcastShape(common, [...node.shape]),
    [],
  )
  return nodes.map((node) => graph.expand(node, shape))
}

const order: readonly DType[] = ['bool', 'int32', 'float32']

/** The type that holds values of both. */
export const upcast = (a: DType, b: DType): DType =>
  order[Math.max(order.indexOf(a), order.indexOf(b))]!
