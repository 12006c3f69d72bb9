import type { Node } from './node.ts'

/** Nodes that `outputs` need, themselves included, each after its inputs. */
export function reachable(outputs: readonly Node[]): Node[] {
  const found = new Set<Node>()
  const waiting = [...outputs]
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (found.has(node)) continue
    found.add(node)
    waiting.push(...node.inputs)
  }
  // Numbers of inputs are lower than those of their users.
  return [...found].toSorted((a, b) => a.id - b.id)
}
