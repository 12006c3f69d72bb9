// Which nodes are computed together: each joins the latest kernel that it depends on, or a later one that suits.
import { type Node, sizeOf } from '../graph/node.ts'
import { type Access, accessOf } from './access.ts'
import { extraWork } from './cost.ts'
import type { Kernel } from './kernel.ts'
import { isCombine, isWhole } from './space.ts'
import type { Uses } from './uses.ts'

/** Nodes computed by one kernel. */
export interface Group {
  readonly kind: Kernel['kind']
  members: ReadonlySet<Node>
  /** Members that others need. */
  writes: readonly Node[]
  access: Access
}

/** More work than this for each round is too much to save a store and a load. */
export const MOST_EXTRA_WORK = 4

/** A loop that few invocations run is no place to write long values from. */
const FEWEST_ITEMS = 16
const LONGEST_ALONE = 1024

export interface GroupOptions {
  readonly uses: Uses
  /** Concatenations that are kernels of their own. */
  readonly places: ReadonlySet<Node>
  readonly mostBindings: number
}

/** Groups in an order in which they can run. */
export function groupNodes(nodes: readonly Node[], options: GroupOptions): Group[] {
  const { uses } = options
  const grouping = new Grouping(options)
  for (const node of nodes) if (uses.isPlaced(node)) grouping.place(node)
  return grouping.groups.map(({ kind, members, writes }) => {
    const access = accessOf(kind, writes, (node) => uses.isStoredFor(members, node))
    if (!access) throw new Error('a group that has grown can no longer be computed')
    return { kind, members, writes, access }
  })
}

class Grouping {
  readonly groups: Group[] = []
  readonly #uses: Uses
  readonly #places: ReadonlySet<Node>
  readonly #mostBindings: number
  readonly #groupOf = new Map<Node, number>()

  constructor({ uses, places, mostBindings }: GroupOptions) {
    this.#uses = uses
    this.#places = places
    this.#mostBindings = mostBindings
  }

  place(node: Node): void {
    const sources = [...this.#uses.sources(node)]
    const latest = Math.max(-1, ...sources.map((source) => this.#groupOf.get(source)!))
    const kind = this.#kindOf(node)
    const alone = this.#describe(kind, new Set([node]))
    if (!alone) throw new Error(`no kernel computes ${node.op} of [${node.shape.join()}]`)
    if (kind === 'loop' || kind === 'rows')
      for (const at of this.#candidates(alone, latest)) if (this.#join(at, node)) return
    this.#groupOf.set(node, this.groups.length)
    this.groups.push(alone)
  }

  #kindOf(node: Node): Kernel['kind'] {
    if (this.#places.has(node)) return 'place'
    if (this.#uses.isOfRows(node)) return 'rows'
    return node.op === 'dot' ? 'dot' : 'loop'
  }

  /** The group of the latest source; then, latest first, groups after it that read the same or from the same group. */
  #candidates({ kind, access }: Group, latest: number): number[] {
    const candidates = latest >= 0 ? [latest] : []
    const origins = this.#origins(access)
    for (let at = this.groups.length - 1; at > latest; at--) {
      const other = this.groups[at]!
      if (other.kind === kind && [...this.#origins(other.access)].some((it) => origins.has(it)))
        candidates.push(at)
    }
    return candidates
  }

  /** Long values that are read: inputs, and groups of computed ones. */
  #origins({ loads }: Access): Set<Node | number> {
    const long = [...loads.keys()].filter((node) => sizeOf(node.shape) > 1)
    return new Set(long.map((node) => this.#groupOf.get(node) ?? node))
  }

  #join(at: number, node: Node): boolean {
    const before = this.groups[at]!
    const isOfRows = this.#uses.isOfRows(node)
    if (before.kind === 'place' || (before.kind === 'rows') !== isOfRows) return false
    if (before.kind === 'dot' && isCombine(node)) return false
    const { space } = before.access
    const members = new Set([...before.members, node])
    // Loops that a group has stay as they are; a first one changes the places of all that is computed.
    const isFirstLoop = isCombine(node) && space.inner === 1
    const group =
      isFirstLoop || isOfRows
        ? this.#describe(before.kind, members)
        : this.#extended(before, members, node)
    if (!group || !this.#isWorthwhile(before, group)) return false
    this.groups[at] = group
    this.#groupOf.set(node, at)
    return true
  }

  #extended({ kind, access }: Group, members: ReadonlySet<Node>, node: Node): Group | undefined {
    const size = sizeOf(node.shape)
    const { items, inner } = access.space
    if (!isCombine(node) && size !== items && size !== items * inner) return undefined
    const grown = access.with(node, (other) => this.#uses.isStoredFor(members, other))
    return grown && { kind, members, writes: this.#uses.writesOf(members), access: grown }
  }

  #describe(kind: Group['kind'], members: ReadonlySet<Node>): Group | undefined {
    const writes = this.#uses.writesOf(members)
    const access = accessOf(kind, writes, (node) => this.#uses.isStoredFor(members, node))
    return access && { kind, members, writes, access }
  }

  #isWorthwhile(before: Group, { kind, writes, access }: Group): boolean {
    const { space, loads, stores } = access
    if (loads.size >= this.#mostBindings) return false
    if (kind === 'rows') return loads.size + stores.size <= this.#mostBindings
    // A product stores what has its items, nothing for each round of their sums.
    if (kind === 'dot' && writes.some((node) => isWhole(space, node))) return false
    const isAlone = kind === 'loop' && space.items < FEWEST_ITEMS && space.inner > LONGEST_ALONE
    if (isAlone && writes.some((node) => isWhole(space, node))) return false
    return extraWork(access) - extraWork(before.access) <= MOST_EXTRA_WORK
  }
}
