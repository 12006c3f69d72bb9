// From outputs to kernels: which values are stored, and which kernel computes what.
import type { Node } from '../graph/node.ts'
import { reachable } from '../graph/reachable.ts'
import { groupNodes } from './group.ts'
import type { DeviceTraits, Kernel } from './kernel.ts'
import { mergeLoops } from './merge.ts'
import { recompute } from './recompute.ts'
import { fits, isWorthwhile } from './region-cost.ts'
import { findRegions } from './regions.ts'
import { splitByBindings } from './split.ts'
import { Uses } from './uses.ts'

/**
 * Kernels that compute `outputs`, in an order in which they can run. Empty values and inputs need none; `places` are
 * computed by kernels of their own.
 */
export function fuse(
  outputs: readonly Node[],
  traits: DeviceTraits,
  places: ReadonlySet<Node> = new Set(),
): Kernel[] {
  const nodes = reachable(outputs)
  const wanted = new Set(outputs)
  const regions = findRegions(nodes, wanted).filter((region) => isWorthwhile(region, traits))
  const able = regions.filter((region) => fits(region, new Uses(nodes, wanted, [region]), traits))
  const uses = new Uses(nodes, wanted, able)
  const groups = groupNodes(nodes, { uses, places, mostBindings: traits.maxStorageBuffers })
  recompute(groups, uses, traits.maxStorageBuffers)
  return mergeLoops(groups, uses, traits.maxStorageBuffers)
    .flatMap((group) => splitByBindings(group, uses, traits.maxStorageBuffers))
    .map(({ kind, access }) => ({
      kind,
      reads: [...access.loads.keys()],
      writes: [...access.stores.keys()],
    }))
}
