// Updates in place that are the same for many variables, such as those of an optimizer.
import { type Node, sizeOf } from '../graph/node.ts'
import { Expressions } from './expression.ts'

/** What becomes of some variables together: new values that are computed of the same leaves. */
export interface Bundle {
  /** Numbers of the outputs. */
  readonly outputs: readonly number[]
  readonly leaves: readonly Node[]
  readonly size: number
  readonly text: string
}

/** Bundles of equal structure, two or more; `updates` are outputs by number. */
export function findBundles(updates: ReadonlyMap<number, Node>): Bundle[][] {
  const classes = new Map<string, Bundle[]>()
  for (const outputs of connected(updates)) {
    const expressions = new Expressions()
    if (!outputs.every((output) => expressions.add(updates.get(output)!))) continue
    const { leaves, text } = expressions
    const size = sizeOf(updates.get(outputs[0]!)!.shape)
    if (leaves.some((leaf) => leaf.dtype !== 'float32')) continue
    const known = classes.get(text)
    if (known) known.push({ outputs, leaves, size, text })
    else classes.set(text, [{ outputs, leaves, size, text }])
  }
  return [...classes.values()].filter((bundles) => bundles.length > 1)
}

/** Outputs that share leaves, directly or by others, each list in order. */
function connected(updates: ReadonlyMap<number, Node>): number[][] {
  const sets = new Map<Node, Set<number>>()
  for (const [output, node] of updates) {
    const own = new Expressions()
    own.add(node)
    const joined = new Set([output])
    for (const leaf of own.leaves) for (const other of sets.get(leaf) ?? []) joined.add(other)
    const leaves = new Set(own.leaves)
    for (const [leaf, set] of sets)
      if ([...set].some((other) => joined.has(other))) leaves.add(leaf)
    for (const leaf of leaves) sets.set(leaf, joined)
  }
  return [...new Set(sets.values())].map((set) => [...set].toSorted((a, b) => a - b))
}
