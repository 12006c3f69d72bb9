// Parameters of one shape that lie one after the other, as one value.
import type { Graph } from '../graph/graph.ts'
import { type Node, sameShape, sizeOf, stridesOf, type ViewAxis } from '../graph/node.ts'
import { along } from '../graph/view-axes.ts'
import { align, type Seat, type Seats } from './seats.ts'

export class Together {
  readonly #graph: Graph
  readonly #seats: Seats

  constructor(graph: Graph, seats: Seats) {
    this.#graph = graph
    this.#seats = seats
  }

  /** The place of the parameter that `node` only looks at, if it does. */
  seatOf(node: Node): Seat | undefined {
    let at = node
    while (at.op === 'view' || at.op === 'reshape') at = at.inputs[0]!
    return this.#seats.of(at)
  }

  /** [count, ...shape] of nodes that look at parameters in the same way; `undefined` where they don't. */
  join(nodes: readonly Node[]): Node | undefined {
    const graph = this.#graph
    const [first] = nodes as [Node]
    const count = nodes.length
    const shape = [count, ...first.shape]
    if (!nodes.every(({ op, shape: own }) => op === first.op && sameShape(own, first.shape)))
      return undefined
    if (first.op === 'constant' && nodes.every((node) => node === first))
      return graph.constant(first.value, shape, first.dtype)
    if (first.op === 'input') return this.#side(nodes)
    if (first.op !== 'view' && first.op !== 'reshape') return undefined
    const inner = this.join(nodes.map(({ inputs }) => inputs[0]!))
    if (!inner) return undefined
    if (first.op === 'reshape') return graph.reshape(inner, shape)
    const isSame = nodes.every((node) => node.op === 'view' && looksAlike(node, first))
    const axes = first.axes.map((axis) => ({
      ...axis,
      terms: axis.terms.map(([at, factor]) => [at + 1, factor] as const),
    }))
    return isSame ? graph.view(inner, shape, [along(0), ...axes], first.fill) : undefined
  }

  #side(inputs: readonly Node[]): Node | undefined {
    const [{ shape }] = inputs as [Node]
    const [first, ...others] = inputs.map((input) => this.#seats.of(input))
    if (!first) return undefined
    const size = sizeOf(shape)
    const distance = align(size)
    const areNeighbours = others.every(
      (seat, i) => seat?.pack === first.pack && seat.offset === first.offset + (i + 1) * distance,
    )
    if (!areNeighbours) return undefined
    const terms = [distance, ...stridesOf(shape)].map((factor, axis) => [axis, factor] as const)
    const axis: ViewAxis = { terms, offset: 0, divisor: 1 }
    const window = this.#seats.window(first, others.length * distance + size)
    return this.#graph.view(window, [inputs.length, ...shape], [axis])
  }
}

const looksAlike = (a: Node & { op: 'view' }, b: Node & { op: 'view' }): boolean =>
  a.fill === b.fill && JSON.stringify(a.axes) === JSON.stringify(b.axes)
