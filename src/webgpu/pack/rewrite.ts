// A graph with some nodes replaced.
import type { Graph } from '../graph/graph.ts'
import type { Node } from '../graph/node.ts'
import { reachable } from '../graph/reachable.ts'

/** What takes the place of a node, made of other nodes of the graph as they are once rewritten. */
export interface Replacement {
  readonly inputs: readonly Node[]
  readonly make: (inputs: readonly Node[]) => Node
}

/**
 * Tells what becomes of `outputs` and all that they need; iterative, since graphs are thousands of nodes deep. Nodes that
 * replace others are taken as they are.
 */
export function rewrite(
  graph: Graph,
  outputs: readonly Node[],
  replaced: ReadonlyMap<Node, Node | Replacement>,
): (node: Node) => Node {
  if (replaced.size === 0) return (node) => node
  const now = new Map<Node, Node>()
  const pending = new Map<Node, Replacement>()
  for (const [node, by] of replaced)
    if ('make' in by) pending.set(node, by)
    else now.set(node, by)
  const visit = (root: Node): Node => {
    const stack = [root]
    for (let node = stack.at(-1); node; node = stack.at(-1)) {
      const given = (pending.get(node) ?? node).inputs
      const missing = now.has(node) ? [] : given.filter((input) => !now.has(input))
      if (missing.length > 0) {
        stack.push(...missing)
        continue
      }
      stack.pop()
      if (now.has(node)) continue
      const inputs = given.map((input) => now.get(input)!)
      const isSame = inputs.every((input, i) => input === given[i])
      const made = pending.get(node)?.make(inputs)
      now.set(node, made ?? (isSame ? node : graph.again(node, inputs)))
    }
    return now.get(root)!
  }
  // In the order of the graph, which kernels follow.
  for (const node of reachable(outputs)) visit(node)
  return visit
}
