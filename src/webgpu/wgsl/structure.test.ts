// Remembered shaders are those that would be made anew.
import { expect, test } from 'vitest'
import { fuse } from '../fuse/fuse.ts'
import type { Kernel } from '../fuse/kernel.ts'
import { Graph } from '../graph/graph.ts'
import type { Node } from '../graph/node.ts'
import { generate } from './generate.ts'
import { remembering } from './structure.ts'
import { traits } from './traits.fixture.ts'

const options = { traits, shared: new Map<Node, Node>() }

/** A kernel of `make` of two inputs. */
function kernelOf(make: (graph: Graph, a: Node, b: Node) => Node, shape = [4, 4]): Kernel {
  const graph = new Graph()
  const [a, b] = [graph.input(shape, 'float32'), graph.input(shape, 'float32')]
  return fuse([make(graph, a, b)], traits)[0]!
}

const kernels: Kernel[] = [
  kernelOf((graph, a, b) => graph.map('add', a, b)),
  kernelOf((graph, a, b) => graph.map('sub', a, b)),
  kernelOf((graph, a, b) => graph.map('sub', b, a)),
  kernelOf((graph, a) => graph.map('add', a, a)),
  kernelOf((graph, a, b) => graph.map('add', a, b), [2, 8]),
  kernelOf((graph, a) => graph.map('mul', a, graph.constant(2, [4, 4]))),
  kernelOf((graph, a) => graph.map('mul', a, graph.constant(3, [4, 4]))),
  kernelOf((graph, a) => graph.map('mul', a, graph.constant(0, [4, 4]))),
  kernelOf((graph, a) => graph.map('mul', a, graph.constant(-0, [4, 4]))),
  kernelOf((graph, a, b) => graph.map('add', a, graph.transpose(b, [1, 0]))),
  kernelOf((graph, a, b) => graph.map('add', a, graph.reverse(b, [1]))),
  kernelOf((graph, a) => graph.reduce('sum', a, [0])),
  kernelOf((graph, a) => graph.reduce('sum', a, [1])),
  kernelOf((graph, a) => graph.reduce('max', a, [1])),
  kernelOf((graph, a, b) => graph.concat([a, b], 0)),
  kernelOf((graph, a, b) => graph.concat([a, b], 1)),
  kernelOf((graph, a) =>
    graph.pad(
      graph.map('exp', a),
      [
        [1, 0],
        [0, 0],
      ],
      1,
    ),
  ),
  kernelOf((graph, a) =>
    graph.pad(
      graph.map('exp', a),
      [
        [1, 0],
        [0, 0],
      ],
      2,
    ),
  ),
  kernelOf((graph, a) => graph.map('add', a, graph.cast(graph.index([4, 4], 0), 'float32'))),
  kernelOf((graph, a) => graph.map('add', a, graph.cast(graph.index([4, 4], 1), 'float32'))),
]

test('each structure has its own text, the first and the second time', () => {
  const made = remembering()
  for (const round of [0, 1])
    for (const kernel of kernels)
      expect(made([kernel], options), `round ${round}`).toEqual(generate([kernel], options))
})

test('pairs of kernels differ by what they share', () => {
  const made = remembering()
  const [first, second] = [kernels[1]!, kernels[3]!]
  const [a] = first.reads as [Node]
  const { reads, writes } = kernelOf((graph, x) => graph.map('exp', x))
  const alike: Kernel = { kind: 'loop', reads, writes }
  const expOf = new Graph()
  const joined: Kernel = { kind: 'loop', reads: [a], writes: [expOf.map('exp', a)] }
  for (const pair of [
    [first, second],
    [alike, first],
    [first, joined],
    [first, alike],
  ])
    expect(made(pair, options)).toEqual(generate(pair, options))
})

test('a write in the memory of a read is another structure', () => {
  const made = remembering()
  const kernel = kernels[0]!
  const [read] = kernel.reads as [Node]
  const [write] = kernel.writes as [Node]
  for (const shared of [new Map<Node, Node>(), new Map([[write, read]])])
    expect(made([kernel], { traits, shared })).toEqual(generate([kernel], { traits, shared }))
})

test('equal structures of other values bind those', () => {
  const made = remembering()
  const [one, other] = [0, 1].map(() => kernelOf((graph, a, b) => graph.map('pow', a, b)))
  const [first, second] = [made([one!], options), made([other!], options)]
  expect(second.code).toBe(first.code)
  expect(second.bindings).toEqual([...other!.reads, ...other!.writes])
  expect(second.bindings.every((node) => !first.bindings.includes(node))).toBe(true)
})
