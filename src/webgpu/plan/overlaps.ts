// Values that share memory though both live: a launch may bind only one of them.
import { type Node, sizeOf } from '../graph/node.ts'
import type { Packed } from '../pack/pack.ts'

/** For each value, those whose memory is partly its own. */
export type Overlaps = ReadonlyMap<Node, ReadonlySet<Node>>

/** Packs, what is in them, and stretches of them. */
export function overlapsOf({ given, computed }: Pick<Packed, 'given' | 'computed'>): Overlaps {
  const overlaps = new Map<Node, Set<Node>>()
  const note = (node: Node, other: Node): void => {
    const known = overlaps.get(node)
    if (known) known.add(other)
    else overlaps.set(node, new Set([other]))
  }
  for (const { node, members, windows } of [
    ...given,
    ...computed.map((pack) => ({ ...pack, windows: [] })),
  ]) {
    // Members lie apart.
    const wide = [{ node, offset: 0 }, ...windows]
    for (const [i, one] of wide.entries())
      for (const other of [...wide.slice(i + 1), ...members]) {
        const isApart =
          one.offset + sizeOf(one.node.shape) <= other.offset ||
          other.offset + sizeOf(other.node.shape) <= one.offset
        if (isApart) continue
        note(one.node, other.node)
        note(other.node, one.node)
      }
  }
  return overlaps
}
