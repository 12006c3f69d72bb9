// Recorded calls as one graph.
import { Graph } from '../graph/graph.ts'
import { type Node, sameShape } from '../graph/node.ts'
import { lowerings } from '../lower/index.ts'
import type { Call, External, Form, Ref } from './trace.ts'

/** The graph of the calls so far; one input for each external, as soon as it is used. */
export class LoweredCalls {
  readonly graph = new Graph()
  /** Results of each call. */
  readonly results: Node[][] = []
  /** The external of each input of the graph. */
  readonly inputs: number[] = []
  readonly #externals: readonly External[]
  readonly #nodes = new Map<number, Node>()

  constructor(externals: readonly External[]) {
    this.#externals = externals
  }

  /** Adds a call and tells the forms of its results; `undefined`, with nothing added, where it can't be expressed. */
  add({
    kernel,
    inputs,
    attrs,
  }: Omit<Call, 'outputs' | 'isList'>): Pick<Call, 'outputs' | 'isList'> | undefined {
    const lowering = lowerings.get(kernel)
    if (!lowering) return undefined
    const named = Object.fromEntries(
      inputs.map(([name, ref]) => [
        name,
        'source' in ref ? this.#seen(ref) : ref.map((each) => this.#seen(each)),
      ]),
    )
    const result = lowering(this.graph, named, attrs)
    if (!result) return undefined
    const isList = Array.isArray(result)
    const nodes = isList ? result : [result]
    this.results.push(nodes)
    return { isList, outputs: nodes.map(({ shape, dtype }): Form => ({ shape, dtype })) }
  }

  #seen({ source, shape, dtype }: Ref): Node {
    const node =
      source.kind === 'call'
        ? this.results[source.call]![source.output]!
        : source.kind === 'external'
          ? this.#external(source.index)
          : this.graph.constant(source.value, shape, source.dtype)
    const typed = this.graph.cast(node, dtype)
    return sameShape(typed.shape, shape) ? typed : this.graph.reshape(typed, shape)
  }

  #external(index: number): Node {
    let node = this.#nodes.get(index)
    if (!node) {
      const { shape, dtype } = this.#externals[index]!
      node = this.graph.input(shape, dtype)
      this.#nodes.set(index, node)
      this.inputs.push(index)
    }
    return node
  }
}
