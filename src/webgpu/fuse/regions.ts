// Long values that need not be stored: scores of attention, what softmax makes of them, and the gradients of both.
import { type Node, sizeOf } from '../graph/node.ts'
import { isReordering } from '../graph/view-axes.ts'
import { isShort, longSide, MOST_COLUMNS, type RowResult } from './rows.ts'

/** Values that are made of short products place by place, and what is added up along their rows: all that needs them. */
export interface Region {
  readonly values: ReadonlySet<Node>
  readonly results: ReadonlySet<RowResult>
}

interface OpenRegion {
  readonly values: Set<Node>
  readonly results: Set<RowResult>
  /** Whether nobody else needs one of its values. */
  isClosed: boolean
}

type Users = ReadonlyMap<Node, readonly Node[]>

/** All regions of `nodes`. Values that are `wanted` belong to none, nor does what they are made with. */
export function findRegions(nodes: readonly Node[], wanted: ReadonlySet<Node>): Region[] {
  const users = new Map<Node, Node[]>(nodes.map((node) => [node, []]))
  for (const node of nodes) for (const input of node.inputs) users.get(input)!.push(node)
  const regions: OpenRegion[] = []
  for (const seed of nodes) {
    if (!isSeed(seed) || regions.some(({ values }) => values.has(seed))) continue
    const region = regionOf(seed, users, wanted)
    // One that meets another is part of it.
    for (const other of regions.filter((it) =>
      [...it.values].some((node) => region.values.has(node)),
    )) {
      for (const node of other.values) region.values.add(node)
      for (const node of other.results) region.results.add(node)
      region.isClosed &&= other.isClosed
      regions.splice(regions.indexOf(other), 1)
    }
    regions.push(region)
  }
  const closed = regions.filter(isClosed)
  for (const region of closed) addSides(region, nodes, users, wanted)
  return closed
}

function regionOf(seed: Node, users: Users, wanted: ReadonlySet<Node>): OpenRegion {
  const region = { values: new Set([seed]), results: new Set<RowResult>(), isClosed: true }
  const waiting = [seed]
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    region.isClosed &&= !wanted.has(node)
    for (const user of users.get(node)!) {
      if (isElementwise(user)) {
        if (!region.values.has(user)) waiting.push(user)
        region.values.add(user)
      } else if (isRowResult(user, node)) region.results.add(user)
      else region.isClosed = false
    }
  }
  return region
}

/** Nor may a value be a factor of another one. */
function isClosed({ values, results, isClosed: isAlone }: OpenRegion): boolean {
  const factors = [...values].flatMap((node) => (node.op === 'dot' ? node.inputs : []))
  const others = [...results].flatMap((node) =>
    node.op === 'dot' ? [node.inputs[1 - longSide(node)]!] : [],
  )
  return isAlone && [...factors, ...others].every((node) => !values.has(node))
}

/** A product with more results than its factors have values. */
function isSeed(node: Node): boolean {
  if (!isShort(node)) return false
  const [, m, n] = node.shape as [number, number, number]
  const least = 2 * node.inputs[0]!.shape[2]!
  return m >= least && n >= least
}

const isElementwise = (node: Node): boolean =>
  node.op === 'map' || node.op === 'reshape' || (node.op === 'view' && isReordering(node))

function isRowResult(user: Node, value: Node): user is RowResult {
  if (user.op === 'reduce') return user.axes.length === 1 && user.axes[0] === value.shape.length - 1
  if (user.op !== 'dot') return false
  const side = longSide(user)
  return user.inputs[side] === value && user.shape[side === 0 ? 2 : 1]! <= MOST_COLUMNS
}

/** What else has a value for each place, such as the numbers that dropout draws, where nothing but the region needs it. */
function addSides(
  { values }: OpenRegion,
  nodes: readonly Node[],
  users: Users,
  wanted: ReadonlySet<Node>,
): void {
  const [{ shape }] = [...values] as [Node]
  const size = sizeOf(shape)
  for (const node of nodes.toReversed())
    if (
      sizeOf(node.shape) === size &&
      (isElementwise(node) || node.op === 'random') &&
      !wanted.has(node) &&
      users.get(node)!.every((user) => values.has(user))
    )
      values.add(node)
}
