// What lies side by side: equal updates of many variables are one, and so are products of one value with some of them.
import type { Graph } from '../graph/graph.ts'
import { type Node, sizeOf } from '../graph/node.ts'
import { reachable } from '../graph/reachable.ts'
import { type Bundle, findBundles } from './bundles.ts'
import { Expressions, scalarOf, unshaped } from './expression.ts'
import { joinProducts } from './joint-products.ts'
import { rewrite } from './rewrite.ts'
import { align, ALIGNED, type GivenPack, type Pack, rowOf, Seats } from './seats.ts'

/** Outputs that are parts of one value. */
export interface Whole {
  readonly node: Node
  readonly parts: readonly { readonly output: number; readonly offset: number }[]
}

export interface Packed {
  /** In the order of the outputs before; what is part of a whole is in `wholes` only. */
  readonly outputs: readonly (Node | undefined)[]
  readonly wholes: readonly Whole[]
  /** Of inputs of the graph: their memory is to be made so. Their node is an input of its own. */
  readonly given: readonly GivenPack[]
  /** Of computed values: each is to be written to its place. Their node is a concatenation that nobody has to compute. */
  readonly computed: readonly Pack[]
  /** Inputs whose values are known now. */
  readonly tables: ReadonlyMap<Node, Int32Array>
}

/**
 * `updates` are the outputs, by number, that take over the memory of inputs of the graph. Products are made one where
 * that has at most `mostNumbers`.
 */
export function pack(
  graph: Graph,
  outputs: readonly Node[],
  updates: readonly number[],
  mostNumbers: number,
): Packed {
  const bundlesOf = (all: readonly Node[]): Bundle[][] =>
    findBundles(
      new Map(updates.flatMap((i) => (sizeOf(all[i]!.shape) > 1 ? [[i, all[i]!] as const] : []))),
    )
  const seats = new Seats(graph, bundlesOf(outputs))
  const joint = joinProducts(graph, outputs, seats, mostNumbers)
  const packing = new Packing(graph, bundlesOf(joint.outputs), seats)
  return packing.apply(joint.outputs, joint.computed)
}

class Packing {
  readonly #graph: Graph
  readonly #seats: Seats
  readonly #classes: Bundle[][] = []
  readonly #given: GivenPack[] = []
  readonly #tables = new Map<Node, Int32Array>()
  /** Computed leaves of all classes, in one pack. */
  readonly #places = new Map<Node, number>()
  #length = 0
  #computed: Node | undefined

  constructor(graph: Graph, classes: readonly Bundle[][], seats: Seats) {
    this.#graph = graph
    this.#seats = seats
    for (const bundles of classes) if (this.#accept(bundles)) this.#classes.push(bundles)
    if (this.#places.size === 0) return
    const parts = [...this.#places.keys()].map((node) => {
      const size = sizeOf(node.shape)
      return graph.pad(graph.reshape(node, [size]), [[0, align(size) - size]])
    })
    this.#computed = graph.concat(parts, 0)
  }

  /** A class can be packed when each of its leaves is an input in all bundles, or computed in all, for it alone. */
  #accept(bundles: readonly Bundle[]): boolean {
    const [{ leaves }] = bundles as [Bundle]
    const all = new Set(bundles.flatMap((bundle) => bundle.leaves))
    if (all.size < bundles.length * leaves.length) return false
    for (const slot of leaves.keys()) {
      const own = bundles.map((bundle) => bundle.leaves[slot]!)
      const inputs = own.filter(({ op }) => op === 'input').length
      if (inputs !== 0 && inputs !== own.length) return false
      if (own.some((leaf) => leaf.op === 'view' || this.#places.has(leaf))) return false
    }
    for (const slot of leaves.keys())
      for (const bundle of bundles) {
        const leaf = bundle.leaves[slot]!
        if (leaf.op === 'input') continue
        this.#places.set(leaf, this.#length)
        this.#length += align(bundle.size)
      }
    return true
  }

  /** `joint` are values that lie side by side for products. */
  apply(outputs: readonly Node[], joint: readonly Pack[]): Packed {
    const rewritten = rewrite(this.#graph, outputs, this.#sums(outputs))
    for (const node of [...this.#places.keys(), ...joint.map((each) => each.node)])
      if (rewritten(node) !== node)
        throw new Error('a value that is packed depends on sums of packed ones')
    const members = [...this.#places].map(([node, offset]) => ({ node, offset }))
    const computed = this.#computed ? [...joint, { node: this.#computed, members }] : joint
    const wholes = this.#classes.flatMap((bundles) => this.#update(bundles, rewritten, outputs))
    const given = new Set(this.#given.map(({ node }) => node))
    if ([...this.#seats.read].some((node) => !given.has(node)))
      throw new Error('values that are read as one are not packed')
    const inWhole = new Set(wholes.flatMap(({ parts }) => parts.map(({ output }) => output)))
    const rest = outputs.map((output, i) => (inWhole.has(i) ? undefined : rewritten(output)))
    return { outputs: rest, wholes, given: this.#given, computed, tables: this.#tables }
  }

  /** Sums over all of one computed leaf become rows of one sum. */
  #sums(outputs: readonly Node[]): Map<Node, Node> {
    const classes = new Map<string, { sums: Node[]; leaves: Node[] }>()
    for (const node of reachable(outputs)) {
      if (node.op !== 'reduce' || node.fn !== 'sum' || sizeOf(node.shape) !== 1) continue
      const own = new Expressions()
      const [leaf, ...others] = own.add(node.inputs[0]!) ? own.leaves : []
      if (!leaf || others.length > 0 || !this.#places.has(leaf)) continue
      const known = classes.get(own.text)
      if (known) {
        known.sums.push(node)
        known.leaves.push(leaf)
      } else classes.set(own.text, { sums: [node], leaves: [leaf] })
    }
    const replaced = new Map<Node, Node>()
    for (const { sums, leaves } of classes.values()) {
      if (sums.length < 2) continue
      const all = this.#segmentSums(sums[0]!.inputs[0]!, leaves)
      sums.forEach((sum, i) =>
        replaced.set(sum, this.#graph.reshape(this.#graph.slice(all, [i], [1]), sum.shape)),
      )
    }
    return replaced
  }

  /** Sums [count] of an expression over each of `leaves`: rows of 64, of which only those with values count. */
  #segmentSums(expression: Node, leaves: readonly Node[]): Node {
    const graph = this.#graph
    const rows = this.#length / ALIGNED
    const segment = new Int32Array(rows).fill(-1)
    const filled = new Int32Array(rows)
    leaves.forEach((leaf, i) => {
      const size = sizeOf(leaf.shape)
      const first = this.#places.get(leaf)! / ALIGNED
      for (let row = 0; row * ALIGNED < size; row++) {
        segment[first + row] = i
        filled[first + row] = Math.min(ALIGNED, size - row * ALIGNED)
      }
    })
    const shape = [rows, ALIGNED]
    const values = graph.reshape(
      this.#rebuild(
        expression,
        this.#length,
        () => this.#computed!,
        (scalar) => scalar,
      ),
      shape,
    )
    const isValue = graph.map(
      'less',
      graph.index(shape, 1),
      graph.broadcast(this.#table(filled, [rows, 1]), shape),
    )
    const kept = graph.map('select', isValue, values, graph.constant(0, shape))
    const sums = graph.reduce('sum', kept, [1])
    return graph.reshape(graph.scatter(sums, this.#table(segment, [rows]), leaves.length), [
      leaves.length,
    ])
  }

  #table(values: Int32Array, shape: number[]): Node {
    const node = this.#graph.input(shape, 'int32')
    this.#tables.set(node, values)
    return node
  }

  /** All updates of a class at once. */
  #update(
    bundles: readonly Bundle[],
    rewritten: (node: Node) => Node,
    outputs: readonly Node[],
  ): Whole[] {
    const graph = this.#graph
    const [first] = bundles as [Bundle]
    const { offsets, length } = rowOf(bundles)
    const packs = new Map<Node, Node>()
    first.leaves.forEach((leaf, slot) => {
      if (leaf.op !== 'input') {
        packs.set(leaf, graph.slice(this.#computed!, [this.#places.get(leaf)!], [length]))
        return
      }
      const { pack } = this.#seats.of(leaf)!
      const members = bundles.map(({ leaves }, i) => ({ node: leaves[slot]!, offset: offsets[i]! }))
      this.#given.push({ node: pack, members, windows: this.#seats.windowsOf(pack) })
      packs.set(leaf, pack)
    })
    return first.outputs.map((output, at) => ({
      node: this.#rebuild(outputs[output]!, length, (leaf) => packs.get(leaf)!, rewritten),
      parts: bundles.map((bundle, i) => ({ output: bundle.outputs[at]!, offset: offsets[i]! })),
    }))
  }

  /** The same expression of values of another length. */
  #rebuild(
    root: Node,
    length: number,
    leafOf: (leaf: Node) => Node,
    scalar: (node: Node) => Node,
  ): Node {
    const graph = this.#graph
    const known = new Map<Node, Node>()
    const build = (given: Node): Node => {
      const node = unshaped(given)
      let built = known.get(node)
      if (!built) {
        built = make(node)
        known.set(node, built)
      }
      return built
    }
    const make = (node: Node): Node => {
      if (node.op === 'constant') return graph.constant(node.value, [length], node.dtype)
      const single = scalarOf(node)
      if (single) return graph.expand(graph.reshape(scalar(single), [1]), [length])
      if (node.op !== 'map') return leafOf(node)
      return graph.again(node, node.inputs.map(build))
    }
    return build(root)
  }
}
