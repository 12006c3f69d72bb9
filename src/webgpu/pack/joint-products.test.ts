// Products of one value that are made one: the same values, and fewer products.
import { expect, test } from 'vitest'
import { Graph } from '../graph/graph.ts'
import type { Values } from '../graph/interpret.ts'
import { type Node, sizeOf } from '../graph/node.ts'
import { reachable } from '../graph/reachable.ts'
import { pack } from './pack.ts'
import { evaluate, valuesOf } from './pack.fixture.ts'

interface Form {
  readonly count: number
  /** Of the value, and of columns of each matrix. */
  readonly rows: number
  readonly inner: number
  readonly columns: number
  readonly hasBias: boolean
  /** Of the first result. */
  readonly scale: number
  /** What is done with results, [1, rows, columns] each. */
  readonly after?: (graph: Graph, results: readonly Node[]) => Node
  /** Gradients of the results; none unless told. */
  readonly gradients?: (graph: Graph, results: readonly Node[]) => Node[]
}

const turned = (graph: Graph, matrices: Node): Node => graph.transpose(matrices, [0, 2, 1])

const attention: Form = {
  count: 3,
  rows: 16,
  inner: 8,
  columns: 12,
  hasBias: true,
  scale: 0.25,
  after: (graph, [q, k, v]) => graph.dot(graph.map('exp', graph.dot(q!, turned(graph, k!))), v!),
  gradients: (graph, results) => results.map((result) => graph.map('tanh', result)),
}

/** A step that updates matrices and biases by their gradients, and gives what else is computed. */
function step(form: Form) {
  const { count, rows, inner, columns, hasBias, scale, after, gradients } = form
  const graph = new Graph()
  const inputs = new Map<Node, Values>()
  const add = (shape: number[]): Node => {
    const node = graph.input(shape, 'float32')
    const seed = inputs.size + 1
    inputs.set(
      node,
      Float32Array.from({ length: sizeOf(shape) }, (_, i) => Math.sin(i * 0.7 + seed) / 2),
    )
    return node
  }
  const given = add([rows, inner])
  const value = graph.reshape(graph.map('tanh', given), [1, rows, inner])
  const parameters = Array.from({ length: count }, () => ({
    matrix: add([inner, columns]),
    bias: add([columns]),
    // As large, of another shape.
    other: add([columns, inner]),
  }))
  const results = parameters.map(({ matrix, bias }, i) => {
    const product = graph.dot(value, graph.reshape(matrix, [1, inner, columns]))
    const flat = graph.reshape(product, [rows, columns])
    const whole = hasBias ? graph.map('add', flat, graph.expand(bias, flat.shape)) : flat
    const scaled =
      i === 0 && scale !== 1 ? graph.map('mul', whole, graph.constant(scale, whole.shape)) : whole
    return graph.reshape(scaled, product.shape)
  })
  const given2 = add([1, rows, columns])
  const backward = gradients
    ? gradients(graph, results)
    : results.map((_, i) => graph.map('mul', given2, graph.constant(i + 1, given2.shape)))
  const updates = parameters.flatMap(({ matrix, bias, other }, i) => {
    const flat = graph.dot(turned(graph, value), backward[i]!)
    const sums = graph.reshape(graph.reduce('sum', backward[i]!, [1]), [columns])
    return [
      graph.map('sub', matrix, graph.reshape(flat, matrix.shape)),
      graph.map('sub', bias, sums),
      graph.map(
        'sub',
        other,
        graph.reshape(graph.dot(turned(graph, backward[i]!), value), other.shape),
      ),
    ]
  })
  const ofValue = parameters.map(({ matrix }, i) =>
    graph.reshape(
      graph.dot(backward[i]!, turned(graph, graph.reshape(matrix, [1, inner, columns]))),
      [rows, inner],
    ),
  )
  const sum = ofValue.reduce((all, part) => graph.map('add', all, part), given)
  const others = [graph.map('sin', sum), ...(after ? [after(graph, results)] : results)]
  return { graph, inputs, outputs: [...updates, ...others], updates: [...updates.keys()] }
}

/** Products of the packed step, and the largest difference that packing makes to a value. */
function packed(form: Form, most = Infinity): { dots: string[]; off: number } {
  const { graph, inputs, outputs, updates } = step(form)
  const wanted = outputs.map((output) => evaluate(output, inputs))
  const result = pack(graph, outputs, updates, most)
  const got = valuesOf(result, inputs)
  let off = 0
  for (const [i, values] of wanted.entries())
    for (const [j, value] of values.entries()) off = Math.max(off, Math.abs(got[i]![j]! - value))
  const roots = [...result.outputs, ...result.wholes.map(({ node }) => node)]
  const dots = reachable(roots.filter((node) => node !== undefined))
    .filter(({ op }) => op === 'dot')
    .map(({ shape, inputs: [left] }) => `${shape.join('×')} of ${left!.shape[2]}`)
  return { dots, off }
}

test('queries, keys and values are one product, and so is the gradient of what they are made of', () => {
  const { dots, off } = packed(attention)
  expect(off).toBeLessThan(1e-5)
  expect(dots).toContain('3×16×12 of 8')
  expect(dots).toContain('1×16×8 of 36')
  expect(dots).not.toContain('1×16×12 of 8')
  expect(dots).not.toContain('1×16×8 of 12')
})

test.each<[string, Partial<Form>, joint: string]>([
  ['two', { count: 2, after: undefined }, '2×16×12 of 8'],
  ['many', { count: 6, after: undefined }, '6×16×12 of 8'],
  ['without biases', { hasBias: false, scale: 1 }, '3×16×12 of 8'],
  ['without a factor', { scale: 1 }, '3×16×12 of 8'],
  ['in sizes that leave gaps', { inner: 5, columns: 7, rows: 64 }, '1×64×5 of 21'],
  [
    'with a function of each',
    {
      scale: 1,
      after: (graph, results) =>
        graph.concat(
          results.map((one) => graph.map('exp', one)),
          0,
        ),
      gradients: undefined,
    },
    '3×16×12 of 8',
  ],
])('joint products compute the same: %s', (_, form, joint) => {
  const { dots, off } = packed({ ...attention, ...form })
  expect(off).toBeLessThan(1e-5)
  expect(dots).toContain(joint)
})

test.each<[string, Partial<Form>, apart: string, most?: number]>([
  ['results longer than the device binds', {}, '1×16×12 of 8', 3 * 16 * 12 - 1],
  ['a single one', { count: 1, after: undefined }, '1×16×12 of 8'],
  [
    'what is done with a result alone is done where its product is stored',
    {
      after: (graph, results) => results.reduce((sum, one) => graph.map('add', sum, one)),
      gradients: undefined,
    },
    '1×16×12 of 8',
  ],
  ['gradients that are one', { gradients: (_, all) => all.map(() => all[0]!) }, '1×16×8 of 12'],
  [
    'gradients that are inputs',
    { count: 2, after: undefined, gradients: undefined },
    '1×16×8 of 12',
  ],
  ['gradients that would not be aligned', { rows: 3 }, '1×3×8 of 12'],
])('products stay apart: %s', (_, form, apart, most) => {
  const { dots, off } = packed({ ...attention, ...form }, most)
  expect(off).toBeLessThan(1e-5)
  expect(dots).toContain(apart)
})
