// Which kernels run side by side in one launch: a launch costs time, and few kernels keep a device busy alone.
import type { Kernel } from '../fuse/kernel.ts'
import { type Node, sizeOf } from '../graph/node.ts'
import type { Overlaps } from './overlaps.ts'

export interface LaunchOptions {
  readonly mostBindings: number
  /** Values that must not be written beside others: they may take over memory that others read. */
  readonly alone: ReadonlySet<Node | undefined>
  /** What one launch may not bind both of. */
  readonly overlaps: Overlaps
}

/** How many launches a kernel moves up at most: what it writes takes memory from there on. */
const FURTHEST = 6

/** Values that a kernel reads and writes at most to run beside others: it takes longer than another launch. */
const LARGEST = 1 << 20

/**
 * Loops over more values don't go before others to save a launch: where a processor imitates a graphics processor, each of
 * their many workgroups takes longer in one shader with long kernels.
 */
const LONG = 1 << 15

interface Launch {
  readonly kernels: Kernel[]
  readonly bindings: Set<Node>
  readonly isOpen: boolean
}

/** Kernels by launch, in an order in which they can run, given one. What only puts values side by side is left out. */
export function launchesOf(
  kernels: readonly Kernel[],
  { mostBindings, alone, overlaps }: LaunchOptions,
): Kernel[][] {
  const launches: Launch[] = []
  const written = new Map<Node, number>()
  const left = launchesLeft(kernels)
  /** As many launches as the longest chain of kernels takes that has begun. */
  let length = 0
  for (const kernel of kernels) {
    const { kind, reads, writes } = kernel
    const earliest = Math.max(-1, ...reads.map((node) => written.get(node) ?? -1))
    const at = kind === 'place' ? earliest : placeFor(kernel, earliest + 1)
    length = Math.max(length, at + left.get(kernel)!)
    for (const node of writes) written.set(node, at)
  }
  return launches.map((launch) => launch.kernels)

  /** The latest launch that has room and holds up nothing, else the first that has room, or a new one. */
  function placeFor(kernel: Kernel, earliest: number): number {
    const bindings = [...kernel.reads, ...kernel.writes]
    const isOpen =
      kernel.writes.every((node) => !alone.has(node)) &&
      bindings.every((node) => sizeOf(node.shape) <= LARGEST)
    const furthest = Math.max(earliest, launches.length - FURTHEST)
    const isLong = kernel.kind === 'loop' && bindings.some((node) => sizeOf(node.shape) > LONG)
    let chosen: number | undefined
    for (let at = launches.length - 1; isOpen && at >= furthest; at--) {
      if (!hasRoom(launches[at]!, bindings)) continue
      chosen = at
      if (isLong || at + left.get(kernel)! <= length) break
    }
    if (chosen === undefined)
      return launches.push({ kernels: [kernel], bindings: new Set(bindings), isOpen }) - 1
    launches[chosen]!.kernels.push(kernel)
    for (const node of bindings) launches[chosen]!.bindings.add(node)
    return chosen
  }

  function hasRoom(launch: Launch, more: readonly Node[]): boolean {
    if (!launch.isOpen) return false
    const all = new Set([...launch.bindings, ...more])
    if (all.size > mostBindings) return false
    return !more.some((node) => [...(overlaps.get(node) ?? [])].some((other) => all.has(other)))
  }
}

/** For each kernel, how many launches the longest chain takes that begins with it. */
function launchesLeft(kernels: readonly Kernel[]): Map<Kernel, number> {
  const left = new Map<Kernel, number>()
  const after = new Map<Node, number>()
  for (const kernel of kernels.toReversed()) {
    const own = kernel.kind === 'place' ? 0 : 1
    const longest = own + Math.max(0, ...kernel.writes.map((node) => after.get(node) ?? 0))
    left.set(kernel, longest)
    for (const node of kernel.reads) after.set(node, Math.max(after.get(node) ?? 0, longest))
  }
  return left
}
