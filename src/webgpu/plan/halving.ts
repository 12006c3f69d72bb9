// Which values are stored in 16 bits.
import type { Compiler, Halves, Kernel } from '../fuse/kernel.ts'
import { type Node, sizeOf } from '../graph/node.ts'

/** Statistics of rows and losses are smaller: what matters for memory is larger. */
export const HALVE_FROM = 1024

export interface HalvingOptions {
  readonly compiler: Compiler
  readonly halveFrom: number
  /** What outlives the program, or lies side by side with what does. */
  readonly wanted: ReadonlySet<Node>
}

/** Of values that only kernels read; given in an order in which they can run. */
export function halvesOf(
  kernels: readonly Kernel[],
  { compiler, halveFrom, wanted }: HalvingOptions,
): Halves {
  const halves = new Map<Node, number>()
  for (const kernel of kernels) {
    const able = kernel.writes.filter(
      (node) => node.dtype === 'float32' && sizeOf(node.shape) >= halveFrom && !wanted.has(node),
    )
    if (able.length === 0) continue
    for (const [node, distance] of compiler.halve(kernel, able, halves)) halves.set(node, distance)
  }
  return halves
}
