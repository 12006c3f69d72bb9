// Shader text of small kernels.
import { expect, test } from 'vitest'
import { fuse } from '../fuse/fuse.ts'
import type { DeviceTraits } from '../fuse/kernel.ts'
import { Graph } from '../graph/graph.ts'
import { generate } from './generate.ts'
import { traits } from './traits.fixture.ts'

test('layers of one structure have one text, whatever they bind', () => {
  const graph = new Graph()
  const layers = [0, 1].map(() => {
    const x = graph.input([16, 32], 'float32')
    return graph.map('tanh', graph.map('mul', x, graph.constant(2, [16, 32])))
  })
  const shaders = fuse(layers, traits).map((kernel) =>
    generate([kernel], { traits, shared: new Map() }),
  )
  const texts = new Set(shaders.map(({ code }) => code))
  expect(texts.size).toBe(shaders.length / 2)
  expect(new Set(shaders.flatMap(({ bindings }) => bindings)).size).toBeGreaterThan(3)
})

test('a write in the memory of a read has no binding of its own', () => {
  const graph = new Graph()
  const x = graph.input([100], 'float32')
  const double = graph.map('add', x, x)
  const [kernel] = fuse([double], traits)
  const { code, bindings, workgroups } = generate([kernel!], {
    traits,
    shared: new Map([[double, x]]),
  })
  expect(bindings).toEqual([x])
  expect(workgroups).toEqual([2, 1, 1])
  expect(code).toContain('b0[item] = ')
  expect(code).not.toContain('b1')
})

test('more items than a dimension has workgroups for go along two', () => {
  const graph = new Graph()
  const x = graph.input([1000], 'float32')
  const [kernel] = fuse([graph.map('exp', x)], traits)
  const few = { ...traits, maxWorkgroupsPerDimension: 10 }
  const { code, workgroups } = generate([kernel!], { traits: few, shared: new Map() })
  expect(workgroups).toEqual([10, 2, 1])
  expect(code).toContain('id.x + id.y * 10u')
})

test('NaN and infinities are made from bits: WGSL has no literals of them', () => {
  const graph = new Graph()
  const x = graph.input([4], 'float32')
  const masked = graph.map(
    'select',
    graph.map('isNan', x),
    graph.constant(-Infinity, [4]),
    graph.constant(NaN, [4]),
  )
  const kernels = fuse([masked], traits)
  const { code } = generate([kernels.at(-1)!], { traits, shared: new Map() })
  expect(code).toContain('(-bitcast<f32>(infinity_bits))')
  expect(code).toContain('bitcast<f32>(nan_bits)')
  expect(code).not.toMatch(/\b(?:NaN|Infinity)\b/)
})

test('the largest of whole numbers begins with the smallest that there is', () => {
  const graph = new Graph()
  const x = graph.input([4, 3], 'int32')
  for (const [fn, first] of [
    ['max', 'i32(-2147483648)'],
    ['min', '2147483647i'],
  ] as const) {
    const [kernel] = fuse([graph.reduce(fn, x, [1])], traits)
    expect(generate([kernel!], { traits, shared: new Map() }).code).toContain(`i32 = ${first};`)
  }
})

test('a product that another one is added to is read, not computed', () => {
  const graph = new Graph()
  const product = (): ReturnType<Graph['dot']> =>
    graph.dot(graph.input([1, 16, 8], 'float32'), graph.input([1, 8, 16], 'float32'))
  const [first, second] = [product(), product()]
  const kernels = fuse([graph.map('add', first, second)], traits)
  expect(kernels.map(({ kind }) => kind)).toEqual(['dot', 'dot'])
  const shader = generate([kernels[1]!], { traits, shared: new Map() })
  expect(shader.bindings).toContain(first)
})

/** A product, a sum of rows and an element-wise value of one x, side by side. */
function sideBySide(own: DeviceTraits) {
  const graph = new Graph()
  const x = graph.input([1, 256, 64], 'float32')
  const product = graph.dot(x, graph.input([1, 64, 64], 'float32'))
  const kernels = [product, graph.reduce('sum', x, [2]), graph.map('exp', x)].map(
    (node) => fuse([node], own)[0]!,
  )
  const alone = kernels.map((kernel) => generate([kernel], { traits: own, shared: new Map() }))
  return { kernels, alone, shader: generate(kernels, { traits: own, shared: new Map() }) }
}

test.each([
  ['blocks', traits],
  ['tiles', { ...traits, hasFastBarriers: true }],
])('%s: kernels side by side bind what they share once, and each has its workgroups', (_, own) => {
  const { kernels, shader } = sideBySide(own)
  const { code, bindings, workgroups } = shader
  expect(bindings).toHaveLength(5)
  expect(new Set(bindings)).toEqual(new Set(kernels.flatMap((it) => [...it.reads, ...it.writes])))
  const ranges = [...code.matchAll(/group >= (\d+) && group < (\d+)\) \{ part/g)].map((it) => [
    Number(it[1]),
    Number(it[2]),
  ])
  expect(ranges).toHaveLength(3)
  ranges.forEach(([first], at) => expect(first).toBe(at === 0 ? 0 : ranges[at - 1]![1]))
  expect(workgroups).toEqual([ranges.at(-1)![1], 1, 1])
  const size = Number(/workgroup_size\((\d+)\)/.exec(code)![1])
  const values = ranges.at(-1)![1]! - ranges.at(-1)![0]!
  expect(values * size).toBe(256 * 64)
})

test('workgroup memory is that of the largest kernel', () => {
  const { alone, shader } = sideBySide({ ...traits, hasFastBarriers: true })
  const lengths = ({ code }: { code: string }): number[] =>
    [...code.matchAll(/var<workgroup> \w+: array<f32, (\d+)>/g)].map((it) => Number(it[1]))
  expect(lengths(alone[0]!)).toHaveLength(1)
  expect(lengths(shader)).toHaveLength(1)
  expect(lengths(shader)[0]! * 4).toBeLessThanOrEqual(traits.maxWorkgroupStorageBytes / 2)
})
