// Values in 16 bits: where in its word each one lies, and which kernels have both values of a word in one invocation.
import type { Halves, Kernel } from '../fuse/kernel.ts'
import { isWhole, placeOf, type Space } from '../fuse/space.ts'
import { type Node, sizeOf } from '../graph/node.ts'
import { Output } from './dot-output.ts'
import { Index } from './index-math.ts'
import { loopsOf } from './phases.ts'

/** Of the value at `place`; `half` is 0 or 1. */
export function wordOf(place: Index, distance: number): { word: Index; half: Index } {
  const half = place.dividedBy(distance).modulo(2)
  if (distance === 1) return { word: place.dividedBy(2), half }
  const pair = place.dividedBy(2 * distance).times(distance)
  return { word: pair.plus(place.modulo(distance)), half }
}

/** How many words hold `size` values. */
export const wordsOf = (size: number): number => Math.ceil(size / 2)

/** Two places, of which the first is even along some axis. */
export type Pair = readonly [first: Index, second: Index]

/** The `at`-th pair of values that lie `distance` apart. */
export function pairAt(at: Index, distance: number): Pair {
  const first = at
    .dividedBy(distance)
    .times(2 * distance)
    .plus(at.modulo(distance))
  return [first, first.plus(distance)]
}

/** The two places of a pair of rounds of one item. */
export const pairOfRounds = (space: Space, item: Index, pair: Index): Pair => [
  placeOf(space, item, pair.times(2)),
  placeOf(space, item, pair.times(2).plus(1)),
]

/** How far apart the places are, if they share a word then, wherever the pair lies. */
function distanceOf([first, second]: Pair, size: number): number | undefined {
  const distance = second.plus(first.times(-1)).value
  if (distance === undefined || distance < 1 || size % (2 * distance) !== 0) return undefined
  const [one, other] = [wordOf(first, distance), wordOf(second, distance)]
  const isShared = one.word.key === other.word.key && one.half.value === 0 && other.half.value === 1
  return isShared ? distance : undefined
}

/** As `Compiler.halve` says. */
export function halve(kernel: Kernel, nodes: readonly Node[], halves: Halves): Halves {
  const found = new Map<Node, number>()
  // Sums along rows stay whole.
  if (kernel.kind === 'rows') return found
  const distanceFor = kernel.kind === 'dot' ? ofRows(kernel) : ofLoop(kernel, halves)
  for (const node of nodes) {
    const distance = distanceFor(node)
    if (distance !== undefined) found.set(node, distance)
  }
  return found
}

type DistanceFor = (node: Node) => number | undefined

/** An invocation of a product has pairs of rows. */
function ofRows(kernel: Kernel): DistanceFor {
  const output = new Output(kernel)
  const [batch, m, n] = output.dot.shape as [number, number, number]
  if (m % 2 !== 0) return () => undefined
  const row = Index.variable('pair', m / 2, 0).times(2)
  const [matrix, column] = [Index.variable('matrix', batch, 0), Index.variable('column', n, 0)]
  return (node) => {
    const places = [row, row.plus(1)].map((it) => output.placeOf(node, [matrix, it, column]))
    return distanceOf(places as [Index, Index], sizeOf(node.shape))
  }
}

/** An invocation of a loop has pairs of rounds or, where it has none, pairs of items. */
function ofLoop(kernel: Kernel, halves: Halves): DistanceFor {
  const { phases, space } = loopsOf(kernel)
  if (space.inner === 1) {
    if (space.items % 2 !== 0 || phases.length > 0) return () => undefined
    // As what it reads place by place: both values of a word are needed then.
    const read = kernel.reads.find((node) => halves.has(node) && sizeOf(node.shape) === space.items)
    const distance = read ? halves.get(read)! : 1
    return () => distance
  }
  if (space.inner % 2 !== 0) return () => undefined
  const [item, pair] = [
    Index.variable('item', space.items, 0),
    Index.variable('pair', space.inner / 2, 1),
  ]
  const places = pairOfRounds(space, item, pair)
  return (node) => (isWhole(space, node) ? distanceOf(places, sizeOf(node.shape)) : undefined)
}
