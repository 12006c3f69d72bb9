// Which values are never stored, and that what is near the pattern of attention is.
import '@tensorflow/tfjs-backend-cpu'
import { expect, test } from 'vitest'
import { Graph } from '../graph/graph.ts'
import { type Node, sizeOf } from '../graph/node.ts'
import { attention } from '../lower/attention.fixture.ts'
import { recordedGraph } from '../lower/attention-graph.fixture.ts'
import { Draw } from '../lower/draw.fixture.ts'
import { knownSums } from '../pack/known-sums.ts'
import { rewrite } from '../pack/rewrite.ts'
import { makePlan } from '../plan/planning.ts'
import { generate } from '../wgsl/generate.ts'
import { halve } from '../wgsl/halves.ts'
import { traits } from '../wgsl/traits.fixture.ts'
import { canShare } from './access.ts'
import { fuse } from './fuse.ts'
import type { DeviceTraits, Kernel } from './kernel.ts'

const software: DeviceTraits = {
  ...traits,
  maxStorageBuffers: 10,
  hasSubgroups: true,
  products: 'quads',
}
/** One that binds no matrix of scores. */
const small: DeviceTraits = { ...software, maxBindingBytes: 1 }

interface Shape {
  readonly matrices: number
  readonly length: number
  readonly size: number
}

/** Softmax attention with gradients as tfjs takes them; `also` makes outputs of scores, weights and their gradient. */
function trained(
  { matrices, length, size }: Shape,
  also: (graph: Graph, scores: Node, weights: Node, gradient: Node) => Node[] = () => [],
): { graph: Graph; outputs: Node[] } {
  const graph = new Graph()
  const shape = [matrices, length, size]
  const [q, k, v, given] = [0, 1, 2, 3].map(() => graph.input(shape, 'float32')) as [
    Node,
    Node,
    Node,
    Node,
  ]
  const mask = graph.input([length, length], 'float32')
  const turned = (x: Node): Node => graph.transpose(x, [0, 2, 1])
  const product = graph.dot(q, turned(k))
  const scores = graph.map('add', product, graph.expand(mask, product.shape))
  const spread = (fn: 'max' | 'sum', x: Node): Node =>
    graph.broadcast(graph.reduce(fn, x, [2]), x.shape)
  const powers = graph.map('exp', graph.map('sub', scores, spread('max', scores)))
  const weights = graph.map('div', powers, spread('sum', powers))
  const toWeights = graph.map('mul', graph.dot(given, turned(v)), weights)
  const gradient = graph.map('sub', toWeights, graph.map('mul', spread('sum', toWeights), weights))
  const outputs = [
    graph.dot(weights, v),
    graph.dot(gradient, k),
    graph.dot(turned(gradient), q),
    graph.dot(turned(weights), given),
    ...also(graph, scores, weights, gradient),
  ]
  return {
    graph,
    outputs: outputs.map(
      rewrite(
        graph,
        outputs,
        knownSums(graph, outputs, () => true),
      ),
    ),
  }
}

const isLong = ({ matrices, length }: Shape, node: Node): boolean =>
  sizeOf(node.shape) === matrices * length * length

const longWrites = (shape: Shape, kernels: readonly Kernel[]): Node[] =>
  kernels.flatMap(({ writes }) => writes).filter((node) => isLong(shape, node))

const tall: Shape = { matrices: 16, length: 256, size: 16 }

test('attention and its gradients store no scores where that is faster', () => {
  const { graph, outputs } = trained(tall)
  const kernels = fuse(outputs, software)
  expect(longWrites(tall, kernels)).toEqual([])
  expect(kernels.filter(({ kind }) => kind === 'rows')).toHaveLength(3)
  const plan = makePlan({
    inputs: graph.inputs.map((node, external) => ({ node, external, isUpload: false })),
    outputs,
    donors: outputs.map(() => undefined),
    wholes: [],
    given: [],
    computed: [],
    tables: new Map(),
    traits: software,
    compiler: { fuse, generate, halve, canShare },
  })
  expect(plan.arenaBytes).toBeLessThan((tall.matrices * tall.length * tall.length * 4) / 8)
})

test.each<[string, Shape, DeviceTraits]>([
  ['few values, which caches keep', { ...tall, matrices: 4 }, software],
  ['short rows', { ...tall, matrices: 256, length: 128 }, software],
  ['large heads', { ...tall, size: 64 }, software],
  ['few rows', { matrices: 1, length: 2048, size: 16 }, { ...software, hasFastBarriers: true }],
  ['heads longer than a product that is computed again', { ...tall, size: 65 }, small],
  ['too few buffers to bind', tall, { ...small, maxStorageBuffers: 4 }],
])('scores are stored: %s', (_, shape, own) => {
  const kernels = fuse(trained(shape).outputs, own)
  expect(kernels.filter(({ kind }) => kind === 'rows')).toEqual([])
  expect(longWrites(shape, kernels).length).toBeGreaterThan(1)
})

test('scores that the device can not bind are never stored', () => {
  for (const shape of [
    { ...tall, size: 64 },
    { ...tall, length: 128 },
    { ...tall, matrices: 1 },
  ])
    expect(longWrites(shape, fuse(trained(shape).outputs, small))).toEqual([])
})

test('what else needs a value of each place has it stored', () => {
  const seen = trained(tall, (_graph, _scores, weights) => [weights])
  const summed = trained(tall, (graph, _scores, _weights, gradient) => [
    graph.reduce('sum', gradient, [0]),
  ])
  const picked = trained(tall, (graph, scores) => [
    graph.gather(scores, graph.constant(3, [16, 1], 'int32')),
  ])
  for (const { outputs } of [seen, summed, picked]) {
    const kernels = fuse(outputs, software)
    expect(kernels.filter(({ kind }) => kind === 'rows')).toEqual([])
    expect(longWrites(tall, kernels).length).toBeGreaterThan(1)
  }
})

test('what is summed along rows of scores as well belongs to them', () => {
  const { outputs } = trained(tall, (graph, scores, weights) => [
    graph.reduce('sum', graph.map('mul', weights, scores), [2]),
  ])
  expect(longWrites(tall, fuse(outputs, software))).toEqual([])
})

test('attention in many forms has kernels within the limits of bindings, and text for each', () => {
  let rows = 0
  for (let seed = 0; seed < 30; seed++) {
    const sizes = { matrices: 3, length: [24, 40], size: [1, 12] } as const
    const { simpler } = recordedGraph(() => attention(new Draw(seed), sizes))
    // Numbers are inputs here: each is a binding.
    for (const maxStorageBuffers of [10, 14]) {
      const own = { ...small, maxStorageBuffers }
      const kernels = fuse(simpler, own)
      for (const kernel of kernels) {
        const { reads, writes } = kernel
        expect(reads.length + writes.length).toBeLessThanOrEqual(maxStorageBuffers)
        expect(generate([kernel], { traits: own, shared: new Map() }).code).toContain('fn main')
      }
      if (kernels.some(({ kind }) => kind === 'rows')) rows++
    }
  }
  expect(rows).toBeGreaterThan(15)
})
