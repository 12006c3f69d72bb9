// Which kernels run side by side in one launch: a launch costs time, and few kernels keep a device busy alone.
import type { Kernel } from '../fuse/kernel.ts'
import { type Node, sizeOf } from '../graph/node.ts'

export interface LaunchOptions {
  readonly mostBindings: number
  /** Values that must not be written beside others: they may take over memory that others read. */
  readonly alone: ReadonlySet<Node | undefined>
  /** What lies side by side in a value: one launch may not bind both. */
  readonly packs: ReadonlyMap<Node, readonly Node[]>
}

/** How many launches a kernel moves up at most: what it writes takes memory from there on. */
const FURTHEST = 6

/** Values that a kernel reads and writes at most to run beside others: it takes longer than another launch. */
const LARGEST = 1 << 20

interface Launch {
  readonly kernels: Kernel[]
  readonly bindings: Set<Node>
  readonly isOpen: boolean
}

/** Kernels by launch, in an order in which they can run, given one. What only puts values side by side is left out. */
export function launchesOf(
  kernels: readonly Kernel[],
  { mostBindings, alone, packs }: LaunchOptions,
): Kernel[][] {
  const launches: Launch[] = []
  const written = new Map<Node, number>()
  const packOf = new Map([...packs].flatMap(([pack, nodes]) => nodes.map((node) => [node, pack])))
  for (const kernel of kernels) {
    const { kind, reads, writes } = kernel
    const earliest = Math.max(-1, ...reads.map((node) => written.get(node) ?? -1))
    const at = kind === 'place' ? earliest : placeFor(kernel, earliest + 1)
    for (const node of writes) written.set(node, at)
  }
  return launches.map((launch) => launch.kernels)

  /** The latest launch that has room, or a new one. */
  function placeFor(kernel: Kernel, earliest: number): number {
    const bindings = [...kernel.reads, ...kernel.writes]
    const isOpen =
      kernel.writes.every((node) => !alone.has(node)) &&
      bindings.every((node) => sizeOf(node.shape) <= LARGEST)
    const furthest = Math.max(earliest, launches.length - FURTHEST)
    for (let at = launches.length - 1; isOpen && at >= furthest; at--)
      if (hasRoom(launches[at]!, bindings)) {
        launches[at]!.kernels.push(kernel)
        for (const node of bindings) launches[at]!.bindings.add(node)
        return at
      }
    return launches.push({ kernels: [kernel], bindings: new Set(bindings), isOpen }) - 1
  }

  function hasRoom(launch: Launch, more: readonly Node[]): boolean {
    if (!launch.isOpen) return false
    const all = new Set([...launch.bindings, ...more])
    return all.size <= mostBindings && ![...all].some((node) => all.has(packOf.get(node)!))
  }
}
