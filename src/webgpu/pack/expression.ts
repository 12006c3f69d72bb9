// Element-wise expressions over values of one size, told apart by their structure alone.
import { type Node, sizeOf } from '../graph/node.ts'

/** Whether a node only looks at one value everywhere; the node that has it. */
export function scalarOf(node: Node): Node | undefined {
  let at = node
  while ((at.op === 'view' && at.fill === undefined) || at.op === 'reshape') at = at.inputs[0]!
  return sizeOf(at.shape) === 1 ? at : undefined
}

/** The node whose values these are, in the same order under another shape. */
export function unshaped(node: Node): Node {
  let at = node
  while (at.op === 'reshape') at = at.inputs[0]!
  return at
}

/** Deeper than any optimizer's update; bounds the recursion. */
const DEEPEST = 100

/**
 * What several expressions over the same leaves compute, as text: equal texts compute the same of other leaves. Leaves
 * are all nodes that are not element-wise, numbered as they are met; single values count as themselves.
 */
export class Expressions {
  readonly leaves: Node[] = []
  text = ''
  readonly #known = new Map<Node, string>()

  /** False when it is too deep to be told. */
  add(root: Node): boolean {
    const text = this.#describe(root, 0)
    if (text === undefined) return false
    this.text += `${text};`
    return true
  }

  #describe(given: Node, depth: number): string | undefined {
    const node = unshaped(given)
    const known = this.#known.get(node)
    if (known !== undefined) return known
    const text = this.#tell(node, depth)
    if (text === undefined) return undefined
    const name = `#${this.#known.size}`
    this.#known.set(node, name)
    return `${name}=${text}`
  }

  #tell(node: Node, depth: number): string | undefined {
    if (node.op === 'constant') return `${node.dtype} ${node.value}`
    const scalar = scalarOf(node)
    if (scalar) return `scalar ${scalar.id}`
    if (node.op !== 'map') return `leaf ${node.dtype} ${this.leaves.push(node)}`
    if (depth > DEEPEST) return undefined
    const inputs = node.inputs.map((input) => this.#describe(input, depth + 1))
    if (inputs.includes(undefined)) return undefined
    return `${node.fn} ${node.dtype}(${inputs.join()})`
  }
}
