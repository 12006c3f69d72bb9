// Kernels that loop: element-wise ones, reductions along any axes with what goes before and after them.
import type { DeviceTraits, Kernel } from '../fuse/kernel.ts'
import {
  type CombineNode,
  combineSpace,
  flatSpace,
  isCombine,
  isWhole,
  placeOf,
  type Space,
} from '../fuse/space.ts'
import { type Node, type ReduceFn, sizeOf } from '../graph/node.ts'
import type { Block } from './block.ts'
import { expressionTypes, neutralValues } from './functions.ts'
import { flatten, Index, unflatten } from './index-math.ts'
import { type Lanes, lanesFor } from './lanes.ts'
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
  readonly #phases: readonly (readonly CombineNode[])[]
  readonly #space: Space
  readonly #lanes: Lanes
  readonly #item: Index
  /** Names of what was combined, of the present item. */
  readonly #combined = new Map<Node, string>()

  constructor(module: Module, kernel: Kernel, traits: DeviceTraits, workgroup?: number) {
    this.#kernel = kernel
    this.#phases = phasesOf(kernel)
    const [first] = this.#phases[0] ?? []
    this.#space = first ? combineSpace(first) : flatSpace(sizeOf(kernel.writes[0]!.shape))
    this.#lanes = lanesFor(this.#space, traits, workgroup)
    this.#item = Index.variable('item', this.#space.items, 0)
    this.#program = new Program(module, kernel, (node, places) =>
      flatten(places, node.shape).key === this.#item.key ? this.#combined.get(node) : undefined,
    )
  }

  part(): Part {
    const { body } = this.#program
    const launch = this.#lanes.begin(body, this.#space.items)
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

  #rounds(block: Block, fill: (inner: Block, round: Index) => void): void {
    const { first, step } = this.#lanes
    if (this.#space.inner === 1) fill(block, Index.constant(0))
    else block.loop(this.#space.inner, fill, first, step)
  }

  /** Values before stores: a store may lie in the memory that a value was read from. */
  #store(block: Block): void {
    const { writes } = this.#kernel
    const { values } = this.#program
    const single = writes.filter((node) => !isWhole(this.#space, node))
    const whole = writes.filter((node) => isWhole(this.#space, node))
    const lines = single.map((node) =>
      values.store(
        node,
        this.#item,
        values.at(node, unflatten(this.#item, node.shape), block),
        block,
      ),
    )
    if (whole.length > 0)
      this.#lanes.guard(block, (guarded) => {
        this.#rounds(guarded, (inner, round) => {
          const place = placeOf(this.#space, this.#item, round)
          const stores = whole.map((node) =>
            values.store(node, place, values.at(node, unflatten(place, node.shape), inner), inner),
          )
          for (const line of stores) inner.add(line)
        })
      })
    if (lines.length > 0)
      this.#lanes.guardFirst(block, (guarded) => {
        for (const line of lines) guarded.add(line)
      })
  }
}

const fnOf = (node: CombineNode): ReduceFn => (node.op === 'reduce' ? node.fn : 'sum')

/** Combining nodes of a kernel, each after those it needs; those of one phase are independent of each other. */
function phasesOf({ reads, writes }: Kernel): CombineNode[][] {
  const phases: CombineNode[][] = []
  const known = new Map<Node, number>(reads.map((node) => [node, 0]))
  const visit = (node: Node): number => {
    let level = known.get(node)
    if (level === undefined) {
      level = Math.max(0, ...node.inputs.map(visit))
      if (isCombine(node)) (phases[level++] ??= []).push(node)
      known.set(node, level)
    }
    return level
  }
  for (const node of writes) visit(node)
  return phases
}
