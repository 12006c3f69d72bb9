// Where variables that are updated together lie: side by side, in the same order for each kind of value.
import type { Graph } from '../graph/graph.ts'
import type { Node } from '../graph/node.ts'
import type { Bundle } from './bundles.ts'

/** Values begin at multiples of so many, which bindings of buffers are aligned to: 256 bytes. */
export const ALIGNED = 64

export const align = (size: number): number => Math.ceil(size / ALIGNED) * ALIGNED

/** Values that lie one after the other in the memory of `node`, [length]. What is between them is never used. */
export interface Pack {
  readonly node: Node
  readonly members: readonly { readonly node: Node; readonly offset: number }[]
}

/** A pack of inputs of the graph, and inputs that are stretches of it. */
export interface GivenPack extends Pack {
  readonly windows: readonly { readonly node: Node; readonly offset: number }[]
}

/** An input's place in the memory of `pack`, an input [length] of its own. */
export interface Seat {
  readonly pack: Node
  readonly offset: number
}

/** Where values of the sizes of bundles begin that lie one after the other, and where the last one ends. */
export function rowOf(bundles: readonly Bundle[]): { offsets: number[]; length: number } {
  let length = 0
  const offsets = bundles.map(({ size }) => {
    const offset = length
    length += align(size)
    return offset
  })
  return { offsets, length }
}

/** The places of all inputs that are updated together, and stretches of several of them. */
export class Seats {
  readonly #graph: Graph
  readonly #seats = new Map<Node, Seat>()
  readonly #windows = new Map<string, { pack: Node; node: Node; offset: number }>()

  constructor(graph: Graph, classes: readonly Bundle[][]) {
    this.#graph = graph
    for (const bundles of classes) {
      const { offsets, length } = rowOf(bundles)
      for (const slot of bundles[0]!.leaves.keys()) {
        const own = bundles.map(({ leaves }) => leaves[slot]!)
        if (own.some((leaf) => leaf.op !== 'input' || this.#seats.has(leaf))) continue
        const pack = graph.input([length], 'float32')
        for (const [i, leaf] of own.entries()) this.#seats.set(leaf, { pack, offset: offsets[i]! })
      }
    }
  }

  of(input: Node): Seat | undefined {
    return this.#seats.get(input)
  }

  /** An input of the graph that is `length` values of a pack. */
  window({ pack, offset }: Seat, length: number): Node {
    const key = `${pack.id} ${offset} ${length}`
    let window = this.#windows.get(key)
    if (!window) {
      window = { pack, offset, node: this.#graph.input([length], 'float32') }
      this.#windows.set(key, window)
    }
    return window.node
  }

  windowsOf(pack: Node): GivenPack['windows'] {
    return [...this.#windows.values()].filter((window) => window.pack === pack)
  }

  /** Packs of which a stretch is read. */
  get read(): ReadonlySet<Node> {
    return new Set([...this.#windows.values()].map(({ pack }) => pack))
  }
}
