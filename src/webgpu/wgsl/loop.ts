// Kernels that loop: element-wise ones, reductions along any axes with what goes before and after them.
import type { DeviceTraits, Kernel } from '../fuse/kernel.ts'
import { type CombineNode, flatSpace, isWhole, placeOf, type Space } from '../fuse/space.ts'
import type { Node, ReduceFn } from '../graph/node.ts'
import type { Block } from './block.ts'
import { expressionTypes, neutralValues } from './functions.ts'
import { pairAt, pairOfRounds } from './halves.ts'
import { flatten, Index, unflatten } from './index-math.ts'
import { type Lanes, lanesFor } from './lanes.ts'
import { type Loops, loopsOf } from './phases.ts'
import { type Module, type Part, Program } from './program.ts'

/** `workgroup` is the size that a workgroup has to have, if any. */
export function loopPart(
  module: Module,
  kernel: Kernel,
  traits: DeviceTraits,
  workgroup?: number,
): Part {
  return new LoopGenerator(module, kernel, traits, workgroup).part()
}

class LoopGenerator {
  readonly #program: Program
  readonly #kernel: Kernel
  readonly #phases: Loops['phases']
  readonly #space: Space
  /** Whose invocations they are: items or, where values in 16 bits are written item by item, pairs of them. */
  readonly #units: Space
  readonly #lanes: Lanes
  readonly #item: Index
  /** Of an invocation's values with one element for each item. */
  readonly #places: readonly Index[]
  /** Names of what was combined, of the present item. */
  readonly #combined = new Map<Node, string>()

  constructor(module: Module, kernel: Kernel, traits: DeviceTraits, workgroup?: number) {
    this.#kernel = kernel
    const { phases, space } = loopsOf(kernel)
    this.#phases = phases
    this.#space = space
    const halved = kernel.writes.find((node) => module.halves.has(node))
    const isOfPairs = space.inner === 1 && halved !== undefined
    this.#units = isOfPairs ? flatSpace(space.items / 2) : space
    this.#lanes = lanesFor(this.#units, traits, workgroup)
    this.#item = Index.variable('item', this.#units.items, 0)
    this.#places = isOfPairs ? pairAt(this.#item, module.halves.get(halved)!) : [this.#item]
    this.#program = new Program(module, kernel, (node, places) =>
      flatten(places, node.shape).key === this.#item.key ? this.#combined.get(node) : undefined,
    )
  }

  part(): Part {
    const { body } = this.#program
    const launch = this.#lanes.begin(body, this.#units.items)
    for (const phase of this.#phases) this.#combine(phase)
    this.#store(body)
    return { body, ...launch }
  }

  /** All that can be combined in one loop. */
  #combine(nodes: readonly CombineNode[]): void {
    const { body, module } = this.#program
    const { functions } = module
    const totals = nodes.map((node) =>
      body.var(
        expressionTypes[node.dtype],
        functions.literal(neutralValues[fnOf(node)], node.dtype),
      ),
    )
    this.#rounds(body, (inner, round) => {
      const lines = nodes.map((node, at) => {
        const value = this.#contribution(node, round, inner)
        return `${totals[at]} = ${functions.combine(fnOf(node), totals[at]!, value, node.dtype)};`
      })
      for (const line of lines) inner.add(line)
    })
    for (const [at, node] of nodes.entries())
      this.#combined.set(
        node,
        this.#lanes.combine(this.#program, fnOf(node), node.dtype, totals[at]!),
      )
  }

  /** What one round adds to a node. */
  #contribution(node: CombineNode, round: Index, block: Block): string {
    const { values, module } = this.#program
    const [first, second] = node.inputs as [Node, Node]
    if (node.op === 'reduce') {
      const place = placeOf(this.#space, this.#item, round)
      return values.at(first, unflatten(place, first.shape), block)
    }
    const places = unflatten(this.#item, node.shape)
    if (node.op === 'dot') {
      const [batch, row, column] = places as [Index, Index, Index]
      return `${values.at(first, [batch, row, round], block)} * ${values.at(second, [batch, round, column], block)}`
    }
    const id = values.at(second, [round], block)
    const value = values.at(first, [round, places[1]!], block)
    return `select(${module.functions.literal(0, node.dtype)}, ${value}, ${id} == ${block.index(places[0]!)})`
  }

  #rounds(
    block: Block,
    fill: (inner: Block, round: Index) => void,
    count = this.#space.inner,
  ): void {
    const { first, step } = this.#lanes
    if (this.#space.inner === 1) fill(block, Index.constant(0))
    else block.loop(count, fill, first, step)
  }

  /** Values before stores: a store may lie in the memory that a value was read from. */
  #store(block: Block): void {
    const { writes } = this.#kernel
    const single = writes.filter((node) => !isWhole(this.#space, node))
    const whole = writes.filter((node) => isWhole(this.#space, node))
    const lines = this.#stores(single, this.#places, block)
    const hasPairs = whole.some((node) => this.#program.module.halves.has(node))
    const fill = (inner: Block, round: Index): void => {
      const places = hasPairs
        ? pairOfRounds(this.#space, this.#item, round)
        : [placeOf(this.#space, this.#item, round)]
      for (const line of this.#stores(whole, places, inner)) inner.add(line)
    }
    const count = hasPairs ? this.#space.inner / 2 : this.#space.inner
    if (whole.length > 0) this.#lanes.guard(block, (guarded) => this.#rounds(guarded, fill, count))
    if (lines.length > 0)
      this.#lanes.guardFirst(block, (guarded) => {
        for (const line of lines) guarded.add(line)
      })
  }

  /** All values are there before the first is stored. */
  #stores(nodes: readonly Node[], places: readonly Index[], block: Block): string[] {
    const { values } = this.#program
    return nodes.flatMap((node) => {
      const own = places.map((place) => values.at(node, unflatten(place, node.shape), block))
      return values.store(node, places, own, block)
    })
  }
}

const fnOf = (node: CombineNode): ReduceFn => (node.op === 'reduce' ? node.fn : 'sum')
