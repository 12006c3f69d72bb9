// What a kernel of loops combines, in which order, over which space.
import type { Kernel } from '../fuse/kernel.ts'
import { type CombineNode, combineSpace, flatSpace, isCombine, type Space } from '../fuse/space.ts'
import { type Node, sizeOf } from '../graph/node.ts'

export interface Loops {
  /** What is combined in one loop each. */
  readonly phases: readonly (readonly CombineNode[])[]
  readonly space: Space
}

export function loopsOf(kernel: Kernel): Loops {
  const phases = phasesOf(kernel)
  const [first] = phases[0] ?? []
  return { phases, space: first ? combineSpace(first) : flatSpace(sizeOf(kernel.writes[0]!.shape)) }
}

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
