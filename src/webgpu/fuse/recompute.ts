// Values that are cheaper to compute again than to store: what gradients need of the way forward.
import { type Node, sizeOf } from '../graph/node.ts'
import { accessOf } from './access.ts'
import { costOf, extraWork } from './cost.ts'
import { type Group, MOST_EXTRA_WORK } from './group.ts'
import type { Uses } from './uses.ts'

/** Simple operations that are faster than a store and a load of four bytes. */
const MOST_COST = 20

/** What is so much smaller than what is computed from it may be stored in its place. */
const SMALL = 1 / 16

/** Takes values out of what groups write, where all that read them can compute them again. */
export function recompute(groups: readonly Group[], uses: Uses, mostBindings: number): void {
  const written = groups.flatMap((group) => group.writes.map((node) => ({ node, group })))
  written.sort((a, b) => b.node.id - a.node.id)
  for (const { node, group } of written)
    if (!uses.isWanted(node) && sizeOf(node.shape) > 1)
      drop(node, group, groups, uses, mostBindings)
}

function drop(
  node: Node,
  home: Group,
  groups: readonly Group[],
  uses: Uses,
  mostBindings: number,
): void {
  const stored = new Set(groups.flatMap(({ writes }) => writes))
  const cone = coneOf(node, stored, uses)
  if (!cone) return
  const readers = groups.filter(({ access }) => access.loads.has(node))
  const changed: Group[] = []
  for (const reader of readers) {
    const group = computing(reader, cone, uses)
    if (!group || group.access.loads.size >= mostBindings) return
    changed.push(group)
  }
  // No more is read than is no longer written.
  const more = loadedBy(changed) - loadedBy(readers)
  if (more > sizeOf(node.shape) * (1 + readers.length * SMALL)) return
  const writes = home.writes.filter((one) => one !== node)
  const kept = [...new Set([...writes, ...cone.small])]
  if (kept.length === 0) return
  const access = accessOf(home.kind, kept, (one) => uses.isStoredFor(home.members, one))
  if (!access) return
  home.writes = kept
  home.access = access
  for (const [at, reader] of readers.entries()) Object.assign(reader, changed[at]!)
}

interface Cone {
  /** What has to be computed again. */
  readonly nodes: ReadonlySet<Node>
  /** What of it is read instead, stored only for this. */
  readonly small: ReadonlySet<Node>
}

/** What computing `node` from stored values takes; `undefined` where that is too much. */
function coneOf(node: Node, stored: ReadonlySet<Node>, uses: Uses): Cone | undefined {
  const nodes = new Set<Node>()
  const small = new Set<Node>()
  let cost = 0
  const limit = sizeOf(node.shape) * SMALL
  const visit = (at: Node): void => {
    if (nodes.has(at) || small.has(at) || cost > MOST_COST) return
    if (at !== node && uses.isPlaced(at)) {
      if (stored.has(at)) return
      if (sizeOf(at.shape) <= limit) {
        small.add(at)
        return
      }
    }
    if (uses.isPlaced(at)) nodes.add(at)
    cost += costOf(at)
    for (const input of at.inputs) visit(input)
  }
  visit(node)
  return cost <= MOST_COST ? { nodes, small } : undefined
}

/** Values read in all. */
function loadedBy(groups: readonly Group[]): number {
  let total = 0
  for (const { access } of groups)
    for (const node of access.loads.keys()) total += sizeOf(node.shape)
  return total
}

/** The reader, computing the cone itself; `undefined` where that doesn't fit. */
function computing(reader: Group, cone: Cone, uses: Uses): Group | undefined {
  // Rows would compute it for each of their values.
  if (reader.kind === 'rows') return undefined
  const members = new Set([...reader.members, ...cone.nodes])
  const access = accessOf(reader.kind, reader.writes, (one) => uses.isStoredFor(members, one))
  if (!access || extraWork(access) - extraWork(reader.access) > MOST_EXTRA_WORK) return undefined
  if (reader.kind === 'dot' && operandsChanged(reader, cone)) return undefined
  return { ...reader, members, access }
}

/** Whether a dot would compute in its inner loop. */
function operandsChanged({ members }: Group, { nodes }: Cone): boolean {
  const dot = [...members].find(({ op }) => op === 'dot')!
  const reaches = (node: Node): boolean =>
    nodes.has(node) ||
    (!members.has(node) &&
      (node.op === 'view' || node.op === 'reshape') &&
      node.inputs.some(reaches))
  return dot.inputs.some(reaches)
}
