// Which kernels share a launch.
import { expect, test } from 'vitest'
import type { Kernel } from '../fuse/kernel.ts'
import { Graph } from '../graph/graph.ts'
import type { Node } from '../graph/node.ts'
import { type LaunchOptions, launchesOf } from './launches.ts'

const options: LaunchOptions = { mostBindings: 8, alone: new Set(), overlaps: new Map() }

const values = (count: number, size = 64): Node[] => {
  const graph = new Graph()
  return Array.from({ length: count }, () => graph.input([size], 'float32'))
}

const loop = (reads: Node[], writes: Node[]): Kernel => ({ kind: 'loop', reads, writes })

/** Numbers of the kernels of each launch. */
const numbers = (kernels: Kernel[], own: Partial<LaunchOptions> = {}): number[][] =>
  launchesOf(kernels, { ...options, ...own }).map((launch) =>
    launch.map((kernel) => kernels.indexOf(kernel)),
  )

test('kernels run side by side, what they wrote is read later', () => {
  const [x, a, b, c, d] = values(5) as [Node, Node, Node, Node, Node]
  const kernels = [loop([x], [a]), loop([a], [b]), loop([x], [c]), loop([b, c], [d])]
  expect(numbers(kernels)).toEqual([[0], [1, 2], [3]])
})

test('a launch has no more bindings than the device binds; one that is shared counts once', () => {
  const [x, ...written] = values(6) as [Node, ...Node[]]
  const kernels = written.map((node) => loop([x], [node]))
  expect(numbers(kernels, { mostBindings: 4 })).toEqual([
    [0, 1, 2],
    [3, 4],
  ])
})

test('updates in place and long work run alone', () => {
  const [x, a, b] = values(3) as [Node, Node, Node]
  const kernels = [loop([x], [a]), loop([x], [b])]
  expect(numbers(kernels, { alone: new Set([b]) })).toEqual([[0], [1]])
  expect(numbers(kernels.toReversed(), { alone: new Set([b]) })).toEqual([[0], [1]])
  const [long, sum] = [values(1, 1 << 23)[0]!, values(1)[0]!]
  expect(numbers([loop([x], [a]), loop([long], [sum])])).toEqual([[0], [1]])
})

test('one launch does not bind a value and what it is part of', () => {
  const [pack, member, a, b] = values(4) as [Node, Node, Node, Node]
  const kernels = [loop([pack], [a]), loop([member], [b])]
  const overlaps = new Map([
    [pack, new Set([member])],
    [member, new Set([pack])],
  ])
  expect(numbers(kernels)).toEqual([[0, 1]])
  expect(numbers(kernels, { overlaps })).toEqual([[0], [1]])
  expect(numbers(kernels.toReversed(), { overlaps })).toEqual([[0], [1]])
})

test('a value that only has its parts side by side is there when they are', () => {
  const [x, part, whole, a] = values(4) as [Node, Node, Node, Node]
  const place: Kernel = { kind: 'place', reads: [part], writes: [whole] }
  expect(numbers([loop([x], [part]), place, loop([whole], [a])])).toEqual([[0], [2]])
})

test('what was free to run long ago does not take memory from there on', () => {
  const nodes = values(12)
  const chain = nodes.slice(0, 10).map((node, i) => loop([node], [nodes[i + 1]!]))
  const free = loop([nodes[0]!], [nodes[11]!])
  const launches = numbers([...chain, free], { mostBindings: 4 })
  expect(launches.findIndex((launch) => launch.includes(10))).toBeGreaterThan(3)
})

test('what much has to wait for goes first, what nothing waits for beside it', () => {
  const [x, a, b, c, d, e, f] = values(7) as [Node, Node, Node, Node, Node, Node, Node]
  // b is needed by d as a is; c, which comes between them, by nothing.
  const kernels = [
    loop([x], [a]),
    loop([a], [c]),
    loop([x], [b]),
    loop([a, b], [d]),
    loop([d], [e]),
  ]
  expect(numbers(kernels)).toEqual([[0, 2], [1, 3], [4]])
  const other = [...kernels, loop([x], [f])]
  expect(numbers(other)).toEqual([
    [0, 2],
    [1, 3],
    [4, 5],
  ])
})
