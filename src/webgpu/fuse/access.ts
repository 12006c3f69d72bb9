// Which places of which values a kernel touches, found without writing text.
import { type DotNode, type Node, sizeOf } from '../graph/node.ts'
import { flatten, Index, reshaped, unflatten } from '../wgsl/index-math.ts'
import { viewed } from '../wgsl/values.ts'
import type { Kernel } from './kernel.ts'
import { pathToDot, resultAt } from './results.ts'
import { rowKernel } from './rows.ts'
import {
  type CombineNode,
  combineSpace,
  flatSpace,
  isCombine,
  isWhole,
  placeOf,
  type Space,
} from './space.ts'

/** What computing some values by one kernel takes. */
export interface Access {
  readonly space: Space
  /** Stored values that are read, and the coordinates at which. */
  readonly loads: ReadonlyMap<Node, ReadonlyMap<string, readonly Index[]>>
  /** How often each value that isn't stored is computed; in several loops over the same places counts once. */
  readonly work: ReadonlyMap<Node, number>
  /** The row-major place of each written value. */
  readonly stores: ReadonlyMap<Node, string>
  /** The same with one more written value, which `isStored` tells to be computed; not for a first loop. */
  with(node: Node, isStored: (node: Node) => boolean): Access | undefined
}

/** Combining nodes between stored values and `writes`, those of a dot's operands left out. */
function combinesOf(writes: readonly Node[], isStored: (node: Node) => boolean): CombineNode[] {
  const found: CombineNode[] = []
  const seen = new Set<Node>()
  const visit = (node: Node): void => {
    if (seen.has(node)) return
    seen.add(node)
    for (const input of node.inputs) if (!isStored(input)) visit(input)
    if (isCombine(node)) found.push(node)
  }
  for (const node of writes) visit(node)
  return found
}

/** `undefined` when one kernel can't compute `writes`: loops that don't fit together, results needed elsewhere. */
export function accessOf(
  kind: Kernel['kind'],
  writes: readonly Node[],
  isStored: (node: Node) => boolean,
): Access | undefined {
  if (kind === 'rows') return alongRows(writes, isStored)
  const combines = combinesOf(writes, isStored)
  const [first] = combines
  const space = first ? combineSpace(first) : flatSpace(sizeOf(writes[0]!.shape))
  if (!combines.every((node) => sameLoops(space, node))) return undefined
  const visitor = new Visitor(space, isStored, { dot: first?.op === 'dot' ? first : undefined })
  return visitor.run(writes, combines) ? visitor : undefined
}

/** Of a kernel along rows: which values it reads, not where. */
function alongRows(writes: readonly Node[], isStored: (node: Node) => boolean): Access | undefined {
  const kernel = rowKernel(writes, isStored)
  if (!kernel) return undefined
  const { items, inner } = kernel.space
  const segments = [
    { length: items, isLooped: false },
    { length: inner, isLooped: true },
  ]
  return {
    space: { segments, items, inner },
    loads: new Map([...kernel.loads].map((node) => [node, new Map()])),
    work: new Map(),
    stores: new Map(writes.map((node) => [node, 'row'])),
    with: () => undefined,
  }
}

function sameLoops(space: Space, node: CombineNode): boolean {
  const own = combineSpace(node)
  return (
    own.segments.length === space.segments.length &&
    own.segments.every(
      ({ length, isLooped }, at) =>
        space.segments[at]!.length === length && space.segments[at]!.isLooped === isLooped,
    )
  )
}

class Visitor implements Access {
  readonly loads = new Map<Node, ReadonlyMap<string, readonly Index[]>>()
  readonly work = new Map<Node, number>()
  readonly stores = new Map<Node, string>()
  readonly space: Space
  readonly isStored: (node: Node) => boolean
  /** Whose results are stored as soon as they are there. */
  readonly #dot: DotNode | undefined
  readonly #item: Index
  readonly #round: Index
  readonly #whole: Index
  readonly #seen = new Set<string>()

  constructor(
    space: Space,
    isStored: (node: Node) => boolean,
    { before, dot }: { before?: Visitor; dot?: DotNode | undefined },
  ) {
    this.space = space
    this.isStored = isStored
    this.#dot = before ? before.#dot : dot
    this.#item = before ? before.#item : Index.variable('item', space.items, 0)
    this.#round = before ? before.#round : Index.variable('round', space.inner, 1)
    this.#whole = before ? before.#whole : placeOf(space, this.#item, this.#round)
    if (!before) return
    this.loads = new Map(before.loads)
    this.work = new Map(before.work)
    this.stores = new Map(before.stores)
    this.#seen = new Set(before.#seen)
  }

  run(writes: readonly Node[], combines: readonly CombineNode[]): boolean {
    return (
      writes.every((node) => this.#write(node)) &&
      combines.every((node) => this.#contribution(node, this.#whole))
    )
  }

  /** This and one more written value. */
  with(node: Node, isStored: (node: Node) => boolean): Visitor | undefined {
    if (isCombine(node) && !sameLoops(this.space, node)) return undefined
    const visitor = new Visitor(this.space, isStored, { before: this })
    const isPossible =
      visitor.#write(node) && (!isCombine(node) || visitor.#contribution(node, this.#whole))
    return isPossible ? visitor : undefined
  }

  #write(node: Node): boolean {
    const isOfRounds = isWhole(this.space, node)
    if (!isOfRounds && sizeOf(node.shape) !== this.space.items) return false
    const coordinates = this.#coordinates(node, isOfRounds)
    this.stores.set(node, flatten(coordinates, node.shape).key)
    return this.#value(node, coordinates)
  }

  /** At which a written value is computed. */
  #coordinates(node: Node, isOfRounds: boolean): readonly Index[] {
    if (!this.#dot || isOfRounds)
      return unflatten(isOfRounds ? this.#whole : this.#item, node.shape)
    const path = pathToDot(node, this.isStored)
    return resultAt(node, path, this.#dot, unflatten(this.#item, this.#dot.shape))
  }

  #contribution(node: CombineNode, whole: Index): boolean {
    const [first, second] = node.inputs as [Node, Node]
    if (node.op === 'reduce') return this.#read(first, unflatten(whole, first.shape))
    const [batch, row, column] = unflatten(this.#item, node.shape) as [Index, Index, Index]
    if (node.op === 'scatter')
      return this.#read(first, [this.#round, row]) && this.#read(second, [this.#round])
    return (
      this.#read(first, [batch, row, this.#round]) &&
      this.#read(second, [batch, this.#round, column])
    )
  }

  /** A value that is stored or computed. */
  #read(node: Node, coordinates: readonly Index[]): boolean {
    if (!this.isStored(node)) return this.#value(node, coordinates)
    const places = coordinates.map((index, axis) =>
      node.shape[axis] === 1 ? Index.constant(0) : index,
    )
    const known = this.loads.get(node)
    const key = places.map((index) => index.key).join()
    if (!known?.has(key)) this.loads.set(node, new Map([...(known ?? []), [key, places]]))
    return true
  }

  /** A value that is computed. */
  #value(node: Node, coordinates: readonly Index[]): boolean {
    if (node.op === 'constant') return true
    const places = coordinates.map((index, axis) =>
      node.shape[axis] === 1 ? Index.constant(0) : index,
    )
    const key = `${node.id}:${places.map((index) => index.key).join()}`
    if (this.#seen.has(key)) return true
    this.#seen.add(key)
    const { items, inner } = this.space
    const isOfRounds = places.some((index) => index.depth > 0)
    this.work.set(node, (this.work.get(node) ?? 0) + items * (isOfRounds ? inner : 1))
    switch (node.op) {
      case 'input':
      case 'index':
        return true
      case 'reshape': {
        const [input] = node.inputs as [Node]
        return this.#read(input, reshaped(places, node.shape, input.shape))
      }
      case 'view':
        return this.#read(node.inputs[0]!, viewed(node, places).places)
      case 'map':
        return node.inputs.every((input) => this.#read(input, places))
      case 'gather': {
        const [batch, at, rest] = places as [Index, Index, Index]
        const [x, ids] = node.inputs as [Node, Node]
        const id = Index.variable(`${ids.id}[${batch.key},${at.key}]`, x.shape[1]!, 1)
        return this.#read(ids, [batch, at]) && this.#read(x, [batch, id, rest])
      }
      case 'chain': {
        const [row, column] = places as [Index, Index]
        const [values, first, next] = node.inputs as [Node, Node, Node]
        const at = Index.variable(`${node.id}[${row.key}]`, next.shape[0]!, 1)
        return (
          this.#read(first, [row]) && this.#read(next, [at]) && this.#read(values, [at, column])
        )
      }
      case 'concat': {
        let start = 0
        return node.inputs.every((part) => {
          const own = places.map((place, axis) => (axis === node.axis ? place.plus(-start) : place))
          start += part.shape[node.axis]!
          const along = own[node.axis]!
          return along.max < 0 || along.min >= part.shape[node.axis]! || this.#read(part, own)
        })
      }
      case 'random':
        return [0, 1, 2].every((at) => this.#read(node.inputs[0]!, [Index.constant(at)]))
      case 'reduce':
      case 'scatter':
      case 'dot':
        return flatten(places, node.shape).key === this.#item.key
    }
  }
}

/** Whether `write` may lie in the memory of `read`: each item reads that value only where it writes. */
export function canShare(kernel: Kernel, write: Node, read: Node): boolean {
  if (write.dtype !== read.dtype || sizeOf(write.shape) !== sizeOf(read.shape)) return false
  if (kernel.kind === 'rows') return false
  const stored = new Set(kernel.reads)
  const access = accessOf(kernel.kind, kernel.writes, (node) => stored.has(node))
  // Who writes a loop's result isn't the only one of its item that reads.
  if (
    !access ||
    (access.space.inner > 1 && kernel.kind === 'loop' && !isWhole(access.space, write))
  )
    return false
  const places = [...access.loads.get(read)!.values()]
  return places.every((at) => flatten(at, read.shape).key === access.stores.get(write))
}
