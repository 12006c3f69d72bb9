// A graph with some nodes replaced.
import type { Graph } from '../graph/graph.ts'
import type { Node } from '../graph/node.ts'

/** Tells what becomes of `outputs` and all that they need; iterative, since graphs are thousands of nodes deep. */
export function rewrite(
  graph: Graph,
  outputs: readonly Node[],
  replaced: ReadonlyMap<Node, Node>,
): (node: Node) => Node {
  const now = new Map(replaced)
  if (replaced.size === 0) return (node) => node
  const visit = (root: Node): Node => {
    const stack = [root]
    for (let node = stack.at(-1); node; node = stack.at(-1)) {
      const missing = now.has(node) ? [] : node.inputs.filter((input) => !now.has(input))
      if (missing.length > 0) {
        stack.push(...missing)
        continue
      }
      stack.pop()
      if (now.has(node)) continue
      const inputs = node.inputs.map((input) => now.get(input)!)
      const isSame = inputs.every((input, i) => input === node.inputs[i])
      now.set(node, isSame ? node : graph.again(node, inputs))
    }
    return now.get(root)!
  }
  for (const output of outputs) visit(output)
  return visit
}
