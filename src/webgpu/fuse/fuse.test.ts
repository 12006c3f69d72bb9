// How many kernels the parts of a training step take.
import { expect, test } from 'vitest'
import { Graph } from '../graph/graph.ts'
import { type Node, type Shape, sizeOf } from '../graph/node.ts'
import { lowerings } from '../lower/index.ts'
import { fuse } from './fuse.ts'
import type { Kernel } from './kernel.ts'
import { traits } from '../wgsl/traits.fixture.ts'

const rows: Shape = [64, 32]
const spread = (graph: Graph, x: Node): Node => graph.expand(x, rows)
const sumOf = (graph: Graph, x: Node): Node => spread(graph, graph.reduce('sum', x, [1]))
const scaled = (graph: Graph, x: Node, by: number): Node =>
  graph.map('mul', x, graph.constant(by, x.shape))

function softmax(graph: Graph, x: Node): Node {
  const peak = spread(graph, graph.reduce('max', x, [1]))
  const powers = graph.map('exp', graph.map('sub', x, peak))
  return graph.map('div', powers, sumOf(graph, powers))
}

function normal(graph: Graph, x: Node): { centered: Node; inverse: Node; normal: Node } {
  const centered = graph.map('sub', x, scaled(graph, sumOf(graph, x), 1 / 32))
  const variance = scaled(graph, sumOf(graph, graph.map('mul', centered, centered)), 1 / 32)
  const inverse = graph.map('rsqrt', variance)
  return { centered, inverse, normal: graph.map('mul', centered, inverse) }
}

/** Each value is read after it is written, written once, and within the limit of bindings. */
function check(kernels: readonly Kernel[], outputs: readonly Node[]): readonly Kernel[] {
  const written = new Set<Node>()
  for (const { reads, writes } of kernels) {
    for (const node of reads) expect(node.op === 'input' || written.has(node)).toBe(true)
    for (const node of writes) expect(written.has(node)).toBe(false)
    for (const node of writes) written.add(node)
    expect(reads.length + writes.length).toBeLessThanOrEqual(traits.maxStorageBuffers)
  }
  for (const node of outputs) expect(written.has(node)).toBe(true)
  return kernels
}

const compile = (...outputs: Node[]): readonly Kernel[] => check(fuse(outputs, traits), outputs)

test('softmax is one kernel, and so is its gradient', () => {
  const graph = new Graph()
  const shares = softmax(graph, graph.input(rows, 'float32'))
  expect(compile(shares)).toHaveLength(1)
  const given = graph.input(rows, 'float32')
  const kept = graph.input(rows, 'float32')
  const through = graph.map('mul', given, kept)
  const gradient = graph.map('sub', through, graph.map('mul', kept, sumOf(graph, through)))
  expect(compile(gradient)).toHaveLength(1)
})

test('layer norm is one kernel; its gradients take one for rows and one for columns', () => {
  const graph = new Graph()
  const x = graph.input(rows, 'float32')
  const weight = graph.input([32], 'float32')
  const forward = normal(graph, x)
  const output = graph.map('mul', forward.normal, spread(graph, weight))
  expect(compile(output)).toHaveLength(1)
  const given = graph.input(rows, 'float32')
  const share = graph.map('mul', given, spread(graph, weight))
  const along = graph.map(
    'mul',
    forward.normal,
    sumOf(graph, graph.map('mul', share, forward.normal)),
  )
  const rest = graph.map('sub', graph.map('sub', share, along), sumOf(graph, share))
  const toInput = graph.map('mul', rest, forward.inverse)
  const toWeight = graph.reduce('sum', graph.map('mul', given, forward.normal), [0])
  const toBias = graph.reduce('sum', given, [0])
  expect(compile(toInput, toWeight, toBias)).toHaveLength(2)
})

test('the gradient of an activation computes again what was cheap on the way forward', () => {
  const graph = new Graph()
  const x = graph.reshape(
    graph.dot(graph.input([1, 64, 8], 'float32'), graph.input([1, 8, 32], 'float32')),
    rows,
  )
  const cube = graph.map('mul', graph.map('mul', x, x), x)
  const inner = graph.map('tanh', graph.map('add', x, scaled(graph, cube, 0.044715)))
  const active = graph.map('mul', x, graph.map('add', inner, graph.constant(1, rows)))
  const next = graph.dot(graph.reshape(active, [1, 64, 32]), graph.input([1, 32, 16], 'float32'))
  const given = graph.dot(next, graph.input([1, 16, 32], 'float32'))
  const slope = graph.map('sub', graph.constant(1, rows), graph.map('mul', inner, inner))
  const gradient = graph.map('mul', graph.reshape(given, rows), graph.map('mul', x, slope))
  const kernels = compile(gradient)
  expect(kernels.map(({ kind }) => kind)).toEqual(['dot', 'dot', 'dot'])
  // The activation, one value for its gradient, and that gradient.
  const writes = kernels.flatMap((kernel) => kernel.writes)
  expect(writes.filter(({ shape }) => sizeOf(shape) === 2048)).toHaveLength(3)
})

test('cross-entropy with its gradient is one kernel and a sum', () => {
  const graph = new Graph()
  const logits = graph.input(rows, 'float32')
  const labels = graph.input([64, 1], 'int32')
  const hot = graph.cast(graph.map('equal', spread(graph, labels), graph.index(rows, 1)), 'float32')
  const lower = graph.map('sub', logits, spread(graph, graph.reduce('max', logits, [1])))
  const total = graph.map('log', sumOf(graph, graph.map('exp', lower)))
  const likely = graph.map('sub', lower, total)
  const each = graph.reduce('sum', graph.map('mul', likely, hot), [1])
  const loss = graph.reduce('sum', each, [0])
  const gradient = graph.map('sub', graph.map('exp', likely), hot)
  expect(compile(loss, gradient)).toHaveLength(2)
})

test('Adam is one kernel, in the one that makes the gradient where bindings allow', () => {
  const graph = new Graph()
  const [weight, first, second] = [0, 1, 2].map(() => graph.input(rows, 'float32')) as [
    Node,
    Node,
    Node,
  ]
  const adam = (gradient: Node): Node[] => {
    const mean = graph.map('add', scaled(graph, first, 0.9), scaled(graph, gradient, 0.1))
    const squares = graph.map('mul', gradient, gradient)
    const spreads = graph.map('add', scaled(graph, second, 0.999), scaled(graph, squares, 0.001))
    const step = graph.map('div', mean, graph.map('sqrt', spreads))
    return [graph.map('sub', weight, scaled(graph, step, 0.01)), mean, spreads]
  }
  expect(compile(...adam(graph.input(rows, 'float32')))).toHaveLength(1)
  const product = graph.dot(graph.input([1, 64, 8], 'float32'), graph.input([1, 8, 32], 'float32'))
  expect(compile(...adam(graph.reshape(product, rows)))).toHaveLength(1)
})

test('an expensive value is not computed again for each place that it is spread over', () => {
  const graph = new Graph()
  const row = graph.map('tanh', graph.map('exp', graph.input([1, 32], 'float32')))
  const wide = graph.map('add', graph.input(rows, 'float32'), spread(graph, row))
  expect(compile(wide)).toHaveLength(2)
  const cheap = graph.map('neg', graph.input([1, 32], 'float32'))
  expect(
    compile(graph.map('add', graph.input(rows, 'float32'), spread(graph, cheap))),
  ).toHaveLength(1)
})

test('values that are read shifted many times over are stored', () => {
  const graph = new Graph()
  let x = graph.map('exp', graph.input([256], 'float32'))
  for (let i = 0; i < 12; i++) {
    const left = graph.pad(graph.slice(x, [1], [255]), [[0, 1]])
    x = graph.map('tanh', graph.map('add', x, graph.map('add', left, graph.reverse(x, [0]))))
  }
  const kernels = compile(x)
  expect(kernels.length).toBeGreaterThan(5)
})

test('more writes than bindings are spread over kernels', () => {
  const graph = new Graph()
  const x = graph.input([64], 'float32')
  const outputs = Array.from({ length: 20 }, (_, i) =>
    graph.map('add', x, graph.constant(i + 1, [64])),
  )
  expect(compile(...outputs)).toHaveLength(3)
})

test('values of one kernel lie side by side though others read them that way', () => {
  const graph = new Graph()
  const x = graph.input(rows, 'float32')
  const parts = [graph.reduce('sum', x, [1]), graph.reduce('max', x, [1])]
  const place = graph.concat(parts, 0)
  const doubled = scaled(graph, place, 2)
  const kernels = check(fuse([...parts, place, doubled], traits, new Set([place])), [doubled])
  expect(kernels.map(({ kind }) => kind)).toEqual(['loop', 'place', 'loop'])
  expect(kernels[1]!.writes).toEqual([place])
  expect(kernels[2]!.reads).toEqual([place])
})

test('more values than bindings are joined in several kernels', () => {
  const graph = new Graph()
  const sums = Array.from({ length: 40 }, () =>
    graph.reduce('sum', graph.input([64], 'float32'), [0]),
  )
  const joined = lowerings.get('Pack')!(graph, { parts: sums }, { axis: 0 })
  expect(compile(joined as Node).length).toBeGreaterThan(1)
})

test('results of a product are stored in another order by its kernel', () => {
  const graph = new Graph()
  const [a, b] = [graph.input([8, 16, 4], 'float32'), graph.input([8, 4, 16], 'float32')] as const
  const heads = graph.reshape(graph.dot(a, b), [2, 4, 16, 16])
  const rowsOfHeads = graph.transpose(heads, [0, 2, 1, 3])
  const outputs = [graph.map('exp', rowsOfHeads)]
  expect(check(fuse(outputs, traits), outputs).map(({ kind }) => kind)).toEqual(['dot'])
  // Each result is computed at one place: not with what lies elsewhere.
  const mixed = [graph.map('add', rowsOfHeads, graph.transpose(heads, [0, 3, 1, 2]))]
  expect(check(fuse(mixed, traits), mixed).map(({ kind }) => kind)).toEqual(['dot', 'loop'])
})
