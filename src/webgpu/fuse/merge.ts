// Loops over the same places as one kernel: gradients of a norm's weight and bias, biases that get one gradient.
import { type Node, sizeOf } from '../graph/node.ts'
import { accessOf } from './access.ts'
import type { Group } from './group.ts'
import { sameSpace } from './space.ts'
import type { Uses } from './uses.ts'

/** Groups in an order in which they can run, those with loops alike and long values in common merged. */
export function mergeLoops(given: readonly Group[], uses: Uses, mostBindings: number): Group[] {
  const groups = [...given]
  for (let late = 1; late < groups.length; late++)
    for (let early = 0; early < late; early++) {
      const merged = merge(groups[early]!, groups[late]!, uses, mostBindings)
      if (!merged) continue
      // The later one moves up if all that it reads is there by then; else the earlier one waits.
      if (isIndependent(groups[late]!, groups.slice(early, late))) {
        groups[early] = merged
        groups.splice(late, 1)
      } else if (
        groups.slice(early + 1, late + 1).every((it) => isIndependent(it, [groups[early]!]))
      ) {
        groups[late] = merged
        groups.splice(early, 1)
      } else continue
      late--
      break
    }
  return groups
}

/** Whether a group reads nothing that the others write. */
const isIndependent = ({ access }: Group, others: readonly Group[]): boolean =>
  others.every(({ writes }) => writes.every((node) => !access.loads.has(node)))

function merge(a: Group, b: Group, uses: Uses, mostBindings: number): Group | undefined {
  const { kind } = a
  if (kind !== b.kind || (kind !== 'loop' && kind !== 'rows') || a.access.space.inner === 1)
    return undefined
  if (!sameSpace(a.access.space, b.access.space)) return undefined
  const isLong = (node: Node): boolean => sizeOf(node.shape) > a.access.space.items
  if (![...a.access.loads.keys()].some((node) => isLong(node) && b.access.loads.has(node)))
    return undefined
  const members = new Set([...a.members, ...b.members])
  const writes = [...a.writes, ...b.writes]
  const access = accessOf(kind, writes, (node) => uses.isStoredFor(members, node))
  if (!access || access.loads.size + access.stores.size > mostBindings) return undefined
  return { kind, members, writes, access }
}
