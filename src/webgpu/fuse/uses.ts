// Who uses whom, looking through what is never stored.
import { type Node, sizeOf } from '../graph/node.ts'
import { costOf } from './cost.ts'
import type { Region } from './regions.ts'

/** Ways to look at values, and values without memory. */
const isFree = (node: Node): boolean =>
  node.op === 'view' ||
  node.op === 'reshape' ||
  node.op === 'constant' ||
  node.op === 'index' ||
  node.op === 'input'

/** What inputs alone give at this cost is computed wherever it is used. */
const MOST_INLINE_COST = 4
const MOST_INLINE_READS = 2

interface Inline {
  readonly cost: number
  readonly leaves: ReadonlySet<Node>
}

export class Uses {
  /** Computed wherever they are used. */
  readonly #inline = new Map<Node, Inline>()
  readonly #users = new Map<Node, Node[]>()
  readonly #wanted: ReadonlySet<Node>
  /** Never stored. */
  readonly #long: ReadonlySet<Node>
  readonly #ofRows: ReadonlySet<Node>

  /** `nodes` are all that `wanted` need, each after its inputs. */
  constructor(nodes: readonly Node[], wanted: ReadonlySet<Node>, regions: readonly Region[]) {
    this.#wanted = wanted
    this.#long = new Set(regions.flatMap(({ values }) => [...values]))
    this.#ofRows = new Set(regions.flatMap(({ results }) => [...results]))
    const operands = operandsOf(nodes)
    for (const node of nodes) {
      const inline = this.#inlined(node)
      if (inline.cost > MOST_INLINE_COST || inline.leaves.size > MOST_INLINE_READS) continue
      const isApart = wanted.has(node) || (operands.has(node) && !isFree(node))
      if (node.op === 'input' || !isApart) this.#inline.set(node, inline)
    }
    for (const node of nodes)
      if (this.isPlaced(node))
        for (const source of this.sources(node)) {
          const users = this.#users.get(source)
          if (users) users.push(node)
          else this.#users.set(source, [node])
        }
  }

  /** What computing a node from inputs of the graph alone costs, and which those are. */
  #inlined(node: Node): Inline {
    const leaves = new Set<Node>(node.op === 'input' ? [node] : [])
    let cost = costOf(node)
    for (const input of node.inputs) {
      const known = this.#inline.get(input)
      cost += known ? known.cost : Infinity
      for (const leaf of known?.leaves ?? []) leaves.add(leaf)
    }
    return { cost, leaves }
  }

  /** Whether a kernel must be found for it. */
  isPlaced(node: Node): boolean {
    if (sizeOf(node.shape) === 0 || node.op === 'input' || this.#long.has(node)) return false
    return this.#wanted.has(node) || !(isFree(node) || this.#inline.has(node))
  }

  /** Whether it is added up along rows of values that are not stored. */
  isOfRows(node: Node): boolean {
    return this.#ofRows.has(node)
  }

  isWanted(node: Node): boolean {
    return this.#wanted.has(node)
  }

  /** Placed nodes that `node` uses. */
  sources(node: Node): Set<Node> {
    const found = new Set<Node>()
    const visit = (input: Node): void => {
      if (this.isPlaced(input)) found.add(input)
      else for (const further of input.inputs) visit(further)
    }
    for (const input of node.inputs) visit(input)
    return found
  }

  /** Members that somebody else needs. */
  writesOf(members: ReadonlySet<Node>): Node[] {
    return [...members].filter(
      (node) =>
        this.#wanted.has(node) || (this.#users.get(node) ?? []).some((user) => !members.has(user)),
    )
  }

  /** Whether a kernel of `members` reads `node` from memory. */
  isStoredFor(members: ReadonlySet<Node>, node: Node): boolean {
    return node.op === 'input' || (this.isPlaced(node) && !members.has(node))
  }
}

/** Operands of dots, and what they look at: read many times each. */
function operandsOf(nodes: readonly Node[]): Set<Node> {
  const operands = new Set<Node>()
  for (const node of nodes.toReversed())
    if (node.op === 'dot' || ((node.op === 'view' || node.op === 'reshape') && operands.has(node)))
      for (const input of node.inputs) operands.add(input)
  return operands
}
