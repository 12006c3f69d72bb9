// Sums over a product that another product has already taken: what the gradient of softmax needs of each row.
import type { Graph } from '../graph/graph.ts'
import { type DotNode, type Node, sameShape } from '../graph/node.ts'
import { reachable } from '../graph/reachable.ts'

/**
 * Σ_j w[i, j] (a b)[i, j] is Σ_c a[i, c] (w bᵀ)[i, c], a sum over few values where w bᵀ is there. In attention w are
 * the weights, a is the gradient of what they gave and w bᵀ is what they gave (Dao et al. 2022, section 3.1).
 * Only for what `isWanted`: a product that is stored is added up where it is read in any case, with no launch more.
 */
export function knownSums(
  graph: Graph,
  outputs: readonly Node[],
  isWanted: (product: DotNode) => boolean,
): Map<Node, Node> {
  const nodes = reachable(outputs)
  const products = new Map<Node, DotNode[]>()
  for (const node of nodes)
    if (node.op === 'dot') {
      const known = products.get(node.inputs[1]!)
      if (known) known.push(node)
      else products.set(node.inputs[1]!, [node])
    }
  const replaced = new Map<Node, Node>()
  for (const node of nodes) {
    if (node.op !== 'reduce' || node.fn !== 'sum') continue
    const [long] = node.inputs as [Node]
    if (node.axes.length !== 1 || node.axes[0] !== long.shape.length - 1) continue
    const factors = factorsOf(long)
    for (const [at, dot] of factors.entries()) {
      if (dot.op !== 'dot' || dot.shape[2] !== long.shape.at(-1) || !isWanted(dot)) continue
      const weights = factors.toSpliced(at, 1)
      const [a, b] = dot.inputs as [Node, Node]
      const taken = (products.get(graph.transpose(b, [0, 2, 1])) ?? []).find(
        (it) => it.shape[1] === dot.shape[1] && isSame(factorsOf(it.inputs[0]!), weights),
      )
      if (!taken || !sameShape(taken.shape, a.shape)) continue
      const sum = graph.reduce('sum', graph.map('mul', a, taken), [2])
      replaced.set(node, graph.reshape(sum, node.shape))
      break
    }
  }
  return replaced
}

/** What is multiplied with each other, place by place, in the order of memory. */
function factorsOf(node: Node): Node[] {
  if (node.op === 'reshape') return factorsOf(node.inputs[0]!)
  return node.op === 'map' && node.fn === 'mul' ? node.inputs.flatMap(factorsOf) : [node]
}

/** Whether there is something, and the same in any order. */
function isSame(some: readonly Node[], others: readonly Node[]): boolean {
  const left = [...others]
  for (const node of some) {
    const at = left.indexOf(node)
    if (at < 0) return false
    left.splice(at, 1)
  }
  return left.length === 0 && some.length > 0
}
