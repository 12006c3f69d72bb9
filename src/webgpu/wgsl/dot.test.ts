// Structure of product kernels; that they compute the right values is tested on a device.
import { expect, test } from 'vitest'
import { fuse } from '../fuse/fuse.ts'
import type { DeviceTraits, Shader } from '../fuse/kernel.ts'
import { Graph } from '../graph/graph.ts'
import type { Node } from '../graph/node.ts'
import { generate } from './generate.ts'
import { traits } from './traits.fixture.ts'

const quads = { ...traits, hasSubgroups: true }
const tiles = { ...traits, hasFastBarriers: true }

/** x [b, m, k] · w [k, n] + bias [n], by `finish` on top of it. */
function linear(
  [b, m, k, n]: readonly [number, number, number, number],
  own: DeviceTraits,
  finish: (graph: Graph, y: Node) => Node = (_, y) => y,
): Shader {
  const graph = new Graph()
  const x = graph.input([b, m, k], 'float32')
  const w = graph.input([k, n], 'float32')
  const bias = graph.input([n], 'float32')
  const dot = graph.dot(x, graph.expand(w, [b, k, n]))
  const y = finish(graph, graph.map('add', dot, graph.expand(bias, dot.shape)))
  return generate([{ kind: 'dot', reads: [x, w, bias], writes: [y] }], {
    traits: own,
    shared: new Map(),
  })
}

const sizes = [
  [1, 64, 16, 32],
  [3, 17, 5, 9],
  [1, 1, 7, 1],
  [2, 1, 64, 33],
  [1, 1024, 64, 192],
  [1, 64, 1024, 64],
] as const

test.each([
  ['blocks', traits],
  ['quads', quads],
  ['tiles', tiles],
])('%s: equal structure has equal text, and all results are covered', (_, own) => {
  for (const size of sizes) {
    const shader = linear(size, own)
    expect(linear(size, own)).toMatchObject({ code: shader.code, workgroups: shader.workgroups })
    const results = size[0] * size[1] * size[3]
    const invocations = Number(/workgroup_size\((\d+)/.exec(shader.code)![1])
    const sums = [...shader.code.matchAll(/var a\d+: (?:f32|vec(\d)f)/g)]
      .map(([, width = '1']) => Number(width))
      .reduce((sum, width) => sum + width, 0)
    const [x, y, z] = shader.workgroups
    expect(x * y * z * invocations * sums).toBeGreaterThanOrEqual(results)
  }
})

test('tiles stay within the memory and size that every device has', () => {
  for (const size of sizes) {
    const { code } = linear(size, tiles)
    expect(Number(/shared_f32: array<f32, (\d+)>/.exec(code)![1]) * 4).toBeLessThanOrEqual(16384)
    expect(Number(/workgroup_size\((\d+)/.exec(code)![1])).toBeLessThanOrEqual(256)
  }
})

test('a small result of a long sum is shared by several invocations', () => {
  expect(linear([1, 64, 1024, 64], tiles).code).toContain('workgroup_size(128)')
  expect(linear([1, 2048, 1024, 2048], tiles).code).toContain('workgroup_size(256)')
})

test('workgroups go into a second dimension where one has too few', () => {
  for (const own of [traits, quads, tiles]) {
    const [x, y] = linear([4, 256, 8, 64], { ...own, maxWorkgroupsPerDimension: 3 }).workgroups
    expect(x).toBe(3)
    expect(y).toBeGreaterThan(1)
  }
})

test('only quads need an extension of the language', () => {
  expect(linear(sizes[0], quads).code).toMatch(/^enable subgroups;\n/)
  expect(linear(sizes[0], traits).code).not.toContain('enable')
})

test('where sizes divide nothing is bounded', () => {
  for (const own of [traits, quads, tiles]) {
    const { code } = linear([1, 1024, 64, 192], own)
    expect(code).not.toMatch(/min\(|if \(i/)
  }
})

test('results are stored through reshapes and transposes', () => {
  const { code, bindings } = linear([4, 16, 8, 32], quads, (graph, y) =>
    graph.reshape(graph.transpose(graph.reshape(y, [2, 2, 16, 32]), [0, 2, 1, 3]), [32, 64]),
  )
  expect(bindings.at(-1)!.shape).toEqual([32, 64])
  expect(code).toMatch(/b3\[.*\] = /)
})

test('what a product is not needed for is stored at the same place', () => {
  const graph = new Graph()
  const x = graph.input([1, 8, 4], 'float32')
  const other = graph.input([2, 16], 'float32')
  const dot = graph.dot(x, graph.transpose(x, [0, 2, 1]))
  const doubled = graph.map('add', graph.reshape(other, [32]), graph.constant(1, [32]))
  const writes = [dot, graph.concat([doubled, doubled], 0)]
  const shader = generate([{ kind: 'dot', reads: [x, other], writes }], {
    traits: quads,
    shared: new Map(),
  })
  expect(shader.bindings).toEqual([x, other, ...writes])
})

test('what a product kernel cannot store is told', () => {
  expect(() =>
    linear([1, 4, 4, 4], traits, (graph, y) => graph.slice(y, [0, 1, 0], [1, 2, 4])),
  ).toThrow(/can't store view/)
  expect(() =>
    linear([1, 4, 4, 4], traits, (graph, y) => graph.map('add', y, graph.transpose(y, [0, 2, 1]))),
  ).toThrow(/at another place/)
})

test('what was measured goes before what traits suggest', () => {
  const products = 'blocks' as const
  expect(linear(sizes[4], { ...tiles, products })).toEqual(linear(sizes[4], traits))
  expect(linear(sizes[4], { ...quads, products })).toEqual(linear(sizes[4], traits))
  expect(linear(sizes[4], { ...traits, products: 'tiles' })).toEqual(linear(sizes[4], tiles))
})

test('what has a value for each round of a product is of another kernel', () => {
  const graph = new Graph()
  const [a, v] = [graph.input([1, 1, 3], 'float32'), graph.input([1, 1, 3], 'float32')]
  const score = graph.dot(a, graph.input([1, 3, 1], 'float32'))
  const spread = graph.map('mul', graph.broadcast(graph.map('exp', score), [1, 1, 3]), v)
  const kernels = fuse([score, spread], traits)
  expect(kernels.find(({ writes }) => writes.includes(score))?.kind).toBe('dot')
  expect(kernels.find(({ writes }) => writes.includes(spread))?.kind).toBe('loop')
})
