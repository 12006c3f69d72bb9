// Which kernels can store values in 16 bits, and where in memory these lie.
import { expect, test } from 'vitest'
import { fuse } from '../fuse/fuse.ts'
import { Graph } from '../graph/graph.ts'
import { type Node, sizeOf } from '../graph/node.ts'
import { generate } from './generate.ts'
import { halve, pairAt, wordOf } from './halves.ts'
import { Index } from './index-math.ts'
import { remembering } from './structure.ts'
import { traits } from './traits.fixture.ts'

const none = new Map<Node, number>()

/** The value of an index of one variable. */
function valueAt(index: Index, value: number): number {
  return index.terms.reduce((sum, [atom, factor]) => {
    if (atom.kind === 'variable') return sum + factor * value
    const of = valueAt(atom.of, value)
    return sum + factor * (atom.kind === 'div' ? Math.floor(of / atom.by) : of % atom.by)
  }, index.offset)
}

test.each([1, 3, 4])('each word has the two values that lie %i apart', (distance) => {
  const size = 4 * 2 * distance
  const seen = new Map<number, number[]>()
  const place = Index.variable('place', size, 0)
  const { word, half } = wordOf(place, distance)
  for (let at = 0; at < size; at++) {
    const own = seen.get(valueAt(word, at)) ?? []
    own[valueAt(half, at)] = at
    seen.set(valueAt(word, at), own)
  }
  const pairs = pairAt(Index.variable('pair', size / 2, 0), distance)
  const wanted = Array.from({ length: size / 2 }, (_, at) =>
    pairs.map((index) => valueAt(index, at)),
  )
  expect([...seen].toSorted(([a], [b]) => a - b).map(([, own]) => own)).toEqual(wanted)
  for (const [first, second] of wanted) expect(second! - first!).toBe(distance)
})

/** How far apart values share words, for what the last kernel of `make` writes. */
function distances(make: (graph: Graph) => Node): (number | undefined)[] {
  const graph = new Graph()
  const kernel = fuse([make(graph)], traits).at(-1)!
  const found = halve(kernel, kernel.writes, none)
  return kernel.writes.map((node) => found.get(node))
}

const tanh = (graph: Graph, shape: number[]): Node =>
  graph.map('tanh', graph.input(shape, 'float32'))

const product = (graph: Graph, [batch, m, n]: readonly [number, number, number]): Node =>
  graph.dot(graph.input([batch, m, 5], 'float32'), graph.input([batch, 5, n], 'float32'))

test('an element-wise kernel has neighbours, if they are even in number', () => {
  expect(distances((graph) => tanh(graph, [3, 4]))).toEqual([1])
  expect(distances((graph) => tanh(graph, [3, 5]))).toEqual([undefined])
})

test('a product has neighbours along its rows, wherever these are stored', () => {
  const distance = (
    size: readonly [number, number, number],
    after: (graph: Graph, y: Node) => Node,
  ) => {
    const graph = new Graph()
    const y = product(graph, size)
    const written = graph.map('tanh', after(graph, y))
    return halve({ kind: 'dot', reads: y.inputs, writes: [written] }, [written], none).get(written)
  }
  expect(distance([2, 6, 7], (_, y) => y)).toBe(7)
  expect(distance([2, 7, 6], (_, y) => y)).toBe(undefined)
  expect(distance([2, 6, 7], (graph, y) => graph.transpose(y, [0, 2, 1]))).toBe(1)
  const heads = (rows: number) => (graph: Graph, y: Node) =>
    graph.transpose(graph.reshape(y, [4, rows, 2, 3]), [0, 2, 1, 3])
  expect(distance([1, 32, 6], heads(8))).toBe(3)
  // Every other two rows are of two matrices.
  expect(distance([1, 28, 6], heads(7))).toBe(undefined)
})

test('a loop has neighbours along what it combines', () => {
  const soft = (shape: number[], axis: number) => (graph: Graph) => {
    const power = graph.map('exp', graph.input(shape, 'float32'))
    const sum = graph.expand(graph.reduce('sum', power, [axis]), shape)
    return graph.map('div', power, sum)
  }
  expect(distances(soft([32, 64], 1))).toEqual([1])
  expect(distances(soft([32, 63], 1))).toEqual([undefined])
  expect(distances(soft([64, 33], 0))).toEqual([33])
  // One result of each loop: an invocation has no other.
  expect(distances((graph) => graph.reduce('sum', graph.input([64, 32], 'float32'), [1]))).toEqual([
    undefined,
  ])
})

test('an element-wise kernel has the two values of each word that it reads', () => {
  const graph = new Graph()
  const stored = product(graph, [1, 6, 8])
  const after = graph.map('tanh', stored)
  const kernel = { kind: 'loop', reads: [stored], writes: [after] } as const
  const halves = new Map([...halve(kernel, [after], new Map([[stored, 8]])), [stored, 8]])
  expect(halves.get(after)).toBe(8)
  const { code } = generate([kernel], { traits, shared: new Map(), halves })
  const words = sizeOf(stored.shape) / 2
  expect(code).toContain(`b0: array<u32, ${words}>`)
  expect(code.match(/b0\[/g)).toHaveLength(1)
  expect(code).toContain('b1[item] = word_of(')
})

test('a value that is computed again is rounded as where it is stored', () => {
  const graph = new Graph()
  const x = graph.input([64], 'float32')
  const value = graph.map('tanh', x)
  const kernel = { kind: 'loop', reads: [x], writes: [graph.map('neg', value)] } as const
  const options = { traits, shared: new Map<Node, Node>() }
  expect(generate([kernel], options).code).not.toContain('rounded')
  expect(generate([kernel], { ...options, halves: new Map([[value, 1]]) }).code).toContain(
    '= rounded(',
  )
})

test('remembered text is that of values in 16 bits, or in 32', () => {
  const graph = new Graph()
  const x = graph.input([64], 'float32')
  const y = graph.map('tanh', x)
  const kernel = { kind: 'loop', reads: [x], writes: [y] } as const
  const remembered = remembering()
  const all = [none, new Map([[y, 1]]), new Map([[y, 8]]), new Map([[x, 1]])]
  for (const halves of [...all, ...all]) {
    const options = { traits, shared: new Map<Node, Node>(), halves }
    expect(remembered([kernel], options).code).toBe(generate([kernel], options).code)
  }
})
