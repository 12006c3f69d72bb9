// Packed updates: the same values, in one expression.
import { expect, test } from 'vitest'
import { Graph } from '../graph/graph.ts'
import type { Values } from '../graph/interpret.ts'
import { type Node, sizeOf } from '../graph/node.ts'
import { pack } from './pack.ts'
import { evaluate, valuesOf } from './pack.fixture.ts'

const SHAPES = [[3, 5], [7], [64], [2, 65], [4, 4, 4]]

/** Momentum with a finite guard, for parameters of several shapes; the gradients are reductions. */
function momentum() {
  const graph = new Graph()
  const rate = graph.input([], 'float32')
  const inputs: { node: Node; values: Values }[] = [{ node: rate, values: Float32Array.of(0.1) }]
  const add = (shape: number[], seed: number): Node => {
    const node = graph.input(shape, 'float32')
    const values = Float32Array.from({ length: sizeOf(shape) }, (_, i) => Math.sin(i * seed + seed))
    inputs.push({ node, values })
    return node
  }
  const slots = SHAPES.map((shape, i) => ({
    weight: add(shape, 1.1 + i),
    mean: add(shape, 2.3 + i),
    gradient: graph.reshape(graph.reduce('sum', add([3, ...shape], 3.7 + i), [0]), shape),
  }))
  const sums = slots.map(({ gradient, weight }) => {
    const axes = weight.shape.map((_, axis) => axis)
    return graph.reshape(graph.reduce('sum', graph.map('mul', gradient, gradient), axes), [1])
  })
  const total = graph.reduce('sum', graph.concat(sums, 0), [0])
  const limit = graph.map('div', graph.constant(1, [1]), graph.map('sqrt', total))
  const outputs = slots.flatMap(({ weight, mean, gradient }) => {
    const { shape } = weight
    const clipped = graph.map('mul', gradient, graph.expand(limit, shape))
    const kept = graph.map('mul', mean, graph.constant(0.9, shape))
    const moved = graph.map('add', kept, clipped)
    const step = graph.map('mul', moved, graph.expand(rate, shape))
    return [moved, graph.map('sub', weight, step)]
  })
  return { graph, inputs, outputs: [...outputs, graph.concat(sums, 0)] }
}

test('updates of many shapes become one of each kind, with the same values', () => {
  const { graph, inputs, outputs } = momentum()
  const before = new Map(inputs.map(({ node, values }) => [node, values]))
  const wanted = outputs.map((output) => evaluate(output, before))
  const updates = outputs.slice(0, -1).map((_, i) => i)
  const packed = pack(graph, outputs, updates, Infinity)
  expect(packed.wholes).toHaveLength(2)
  expect(packed.given.map(({ members }) => members.length)).toEqual([5, 5])
  expect(packed.computed[0]!.members).toHaveLength(5)
  const got = valuesOf(packed, before)
  wanted.forEach((values, i) => {
    const own = got[i]!.slice(0, values.length)
    values.forEach((value, j) => expect(own[j]).toBeCloseTo(value, 5))
  })
})

test('members begin where buffers may be bound', () => {
  const { graph, outputs } = momentum()
  const { given, computed } = pack(graph, outputs, [...outputs.keys()].slice(0, -1), Infinity)
  for (const { members } of [...given, ...computed])
    for (const { offset } of members) expect((offset * 4) % 256).toBe(0)
})

test('sums over packed values are one sum', () => {
  const { graph, outputs } = momentum()
  const sums = pack(graph, outputs, [...outputs.keys()].slice(0, -1), Infinity).outputs.at(-1)!
  const ops = new Set<string>()
  for (let node: Node | undefined = sums; node; node = node.inputs[0]) ops.add(node.op)
  expect([...ops]).toContain('scatter')
})

test('a single update, and updates that differ, stay as they are', () => {
  const graph = new Graph()
  const [a, b] = [graph.input([8], 'float32'), graph.input([9], 'float32')] as const
  const outputs = [graph.map('neg', a), graph.map('exp', b)]
  const packed = pack(graph, outputs, [0, 1], Infinity)
  expect(packed.wholes).toEqual([])
  expect(packed.outputs).toEqual(outputs)
})
