// Updates in place that are the same for many variables, such as those of an optimizer.
import { type Node, type Shape, sizeOf } from '../graph/node.ts'
import { Expressions } from './expression.ts'

/** What becomes of some variables together: new values that are computed of the same leaves. */
export interface Bundle {
  /** Numbers of the outputs. */
  readonly outputs: readonly number[]
  readonly leaves: readonly Node[]
  readonly shape: Shape
  readonly size: number
  readonly text: string
}

/** Bundles of equal structure, two or more, those of one shape together; `updates` are outputs by number. */
export function findBundles(updates: ReadonlyMap<number, Node>): Bundle[][] {
  const classes = new Map<string, Bundle[]>()
  for (const outputs of connected(updates)) {
    const expressions = new Expressions()
    if (!outputs.every((output) => expressions.add(updates.get(output)!))) continue
    const { leaves, text } = expressions
    const { shape } = updates.get(outputs[0]!)!
    const size = sizeOf(shape)
    if (leaves.some((leaf) => leaf.dtype !== 'float32')) continue
    const known = classes.get(text)
    if (known) known.push({ outputs, leaves, shape, size, text })
    else classes.set(text, [{ outputs, leaves, shape, size, text }])
  }
  return [...classes.values()].filter((bundles) => bundles.length > 1).map(byShape)
}

/** Bundles of one shape follow each other, in the order given. */
function byShape(bundles: readonly Bundle[]): Bundle[] {
  const shapes = bundles.map(({ shape }) => shape.join())
  const first = (bundle: Bundle): number => shapes.indexOf(bundle.shape.join())
  return bundles.toSorted((a, b) => first(a) - first(b))
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
