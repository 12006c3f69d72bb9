// Simplified graphs give what each operation gives by itself.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Graph } from './graph.ts'
import { interpret } from './interpret.ts'
import { type Node, sizeOf } from './node.ts'
import { along } from './view-axes.ts'

type Operation = (graph: Graph, x: Node, seed: number) => Node

const digit = (seed: number, place: number): number => Math.floor(seed / 7 ** place) % 7

const order = (rank: number, seed: number): number[] =>
  Array.from({ length: rank }, (_, axis) => axis).sort((a, b) => digit(seed, a) - digit(seed, b))

const chosen = ({ shape }: Node, seed: number): number[] =>
  shape.flatMap((_, axis) => (digit(seed, axis) % 2 === 0 ? [axis] : []))

const scalar = (graph: Graph, x: Node, seed: number): Node =>
  graph.constant([0, 1, -1, 2, 0.5, 3, 4][digit(seed, 0)]!, x.shape)

const operations: Readonly<Record<string, Operation>> = {
  transposed: (graph, x, seed) => graph.transpose(x, order(x.shape.length, seed)),
  sliced: (graph, x, seed) => {
    const begin = x.shape.map((length, axis) => digit(seed, axis) % length)
    const size = x.shape.map((length, axis) => Math.max(1, length - begin[axis]! - 1))
    return graph.slice(x, begin, size)
  },
  reversed: (graph, x, seed) => graph.reverse(x, chosen(x, seed)),
  padded: (graph, x, seed) =>
    graph.pad(
      x,
      x.shape.map((_, axis) => [digit(seed, axis) % 2, digit(seed, axis) % 3] as const),
      digit(seed, 6) % 2,
    ),
  spread: (graph, x, seed) =>
    graph.broadcast(
      x,
      x.shape.map((length, axis) => (length === 1 ? 1 + (digit(seed, axis) % 3) : length)),
    ),
  dilated: (graph, x) =>
    graph.view(
      x,
      x.shape.map((length) => 2 * length),
      x.shape.map((_, axis) => ({ terms: [[axis, 1] as const], offset: -1, divisor: 2 })),
      5,
    ),
  windows: (graph, x) => {
    const rank = x.shape.length
    const last = { terms: [[rank - 1, 1] as const, [rank, 2] as const], offset: -1, divisor: 1 }
    const axes = x.shape.map((_, axis) => (axis === rank - 1 ? last : along(axis)))
    return graph.view(x, [...x.shape, 2], axes, -3)
  },
  withOnes: (graph, x, seed) => graph.reshape(x, x.shape.toSpliced(digit(seed, 0) % 3, 0, 1)),
  withoutOnes: (graph, x) => graph.reshape(x, [1, ...x.shape.filter((length) => length !== 1)]),
  flattened: (graph, x) => graph.reshape(x, [sizeOf(x.shape)]),
  apart: (graph, x) => {
    const size = sizeOf(x.shape)
    return graph.reshape(x, size % 2 === 0 ? [2, size / 2] : [size, 1])
  },
  joined: (graph, x) => graph.concat([x, graph.reverse(x, [0]), x], 0),
  summed: (graph, x, seed) => graph.reduce('sum', x, chosen(x, seed)),
  largest: (graph, x, seed) => graph.reduce('max', x, chosen(x, seed)),
  doubled: (graph, x) => graph.map('add', x, x),
  added: (graph, x, seed) => graph.map('add', x, scalar(graph, x, seed)),
  subtracted: (graph, x, seed) => graph.map('sub', scalar(graph, x, seed), x),
  less: (graph, x, seed) => graph.map('sub', x, graph.map('neg', scalar(graph, x, seed))),
  multiplied: (graph, x, seed) => graph.map('mul', scalar(graph, x, seed), x),
  divided: (graph, x) => graph.map('div', x, graph.constant(-4, x.shape)),
  negated: (graph, x) => graph.map('neg', x),
  powered: (graph, x, seed) => {
    const positive = graph.map('add', graph.map('abs', x), graph.constant(0.5, x.shape))
    const exponent = [0, 0.5, -0.5, -1, 1, 2, 3][digit(seed, 0)]!
    return graph.map('pow', positive, graph.constant(exponent, x.shape))
  },
  chosen: (graph, x, seed) => {
    const isLess = graph.map('less', x, scalar(graph, x, seed))
    const [one, zero] = [1, 0].map((value) => graph.constant(value, x.shape, 'int32'))
    const whole = graph.map('select', graph.map('not', isLess), one!, zero!)
    return graph.map('add', graph.cast(whole, 'float32'), x)
  },
}

const program = fc.record({
  shape: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 }),
  steps: fc.array(fc.tuple(fc.constantFrom(...Object.keys(operations)), fc.nat(7 ** 7)), {
    minLength: 1,
    maxLength: 7,
  }),
})

/** What does not become too large, or too many axes. */
const fits = (x: Node): boolean => sizeOf(x.shape) <= 500 && x.shape.length <= 5

test('as a whole as step by step', () => {
  fc.assert(
    fc.property(program, ({ shape, steps }) => {
      const whole = new Graph()
      const start = Float32Array.from({ length: sizeOf(shape) }, (_, i) => ((i * 37) % 23) / 8 - 1)
      let result = whole.input(shape, 'float32')
      let alone: Float32Array = start
      for (const [name, seed] of steps) {
        const graph = new Graph()
        const input = graph.input(result.shape, 'float32')
        const next = operations[name]!(graph, input, seed)
        if (!fits(next)) continue
        result = operations[name]!(whole, result, seed)
        expect(result.shape).toEqual(next.shape)
        alone = interpret([next], [alone])[0] as Float32Array
      }
      const [values] = interpret([result], [start]) as [Float32Array]
      const off = values.map((value, i) => Math.abs(value - alone[i]!) / (1 + Math.abs(alone[i]!)))
      expect(Math.max(...off)).toBeLessThan(1e-5)
    }),
    { numRuns: 1000, seed: 1 },
  )
})

describe('less to compute', () => {
  const graph = new Graph()
  const x = graph.input([4, 6], 'float32')
  const constant = (value: number) => graph.constant(value, [4, 6])

  test('equal ones are one, in either order', () => {
    const y = graph.input([4, 6], 'float32')
    expect(graph.map('mul', x, y)).toBe(graph.map('mul', y, x))
    expect(graph.map('sub', x, y)).not.toBe(graph.map('sub', y, x))
  })

  test('views of views read the input', () => {
    const slice = graph.slice(graph.transpose(x, [1, 0]), [1, 1], [2, 3])
    expect(slice.inputs).toEqual([x])
    const padded = graph.pad(graph.transpose(x, [1, 0]), [
      [1, 0],
      [0, 0],
    ])
    expect(padded.inputs).toEqual([x])
    const column = graph.reshape(graph.slice(x, [0, 2], [4, 1]), [4])
    expect(graph.broadcast(graph.reshape(column, [4, 1]), [4, 6]).inputs).toEqual([x])
  })

  test('what is only reordered is computed before', () => {
    const graph = new Graph()
    const x = graph.input([2, 3, 4], 'float32')
    const half = (node: Node): Node => graph.map('mul', node, graph.constant(0.5, node.shape))
    expect(half(graph.transpose(x, [2, 0, 1]))).toBe(graph.transpose(half(x), [2, 0, 1]))
    // A part of the values, or each several times, is computed afterwards.
    const part = graph.slice(x, [0, 1, 0], [2, 2, 4])
    expect(half(part).op).toBe('map')
    expect(half(graph.expand(x, [5, 2, 3, 4])).op).toBe('map')
  })

  test('a slice of joined values reads its part', () => {
    const y = graph.input([4, 2], 'float32')
    const joined = graph.concat([x, y], 1)
    expect(graph.slice(joined, [0, 6], [4, 2])).toBe(y)
    expect(graph.slice(joined, [0, 5], [4, 2]).inputs).toEqual([joined])
  })

  test('a view of a slice that pads keeps the slice', () => {
    const slice = graph.slice(x, [1, 0], [2, 6])
    const padded = graph.pad(slice, [
      [1, 1],
      [0, 0],
    ])
    expect(padded.inputs).toEqual([slice])
  })

  test('factors are one factor', () => {
    const scaled = graph.map('div', graph.map('mul', x, constant(3)), constant(2))
    expect(scaled).toBe(graph.map('mul', x, constant(1.5)))
    expect(graph.map('neg', scaled)).toBe(graph.map('mul', x, constant(-1.5)))
    // A third is not exact.
    expect(graph.map('div', x, constant(3))).toMatchObject({ fn: 'div' })
  })

  test('a one-hot choice is a cast', () => {
    const isLess = graph.map('less', x, constant(1))
    const [one, zero] = [1, 0].map((value) => graph.constant(value, x.shape, 'int32'))
    const whole = graph.map('select', isLess, one!, zero!)
    expect(graph.cast(whole, 'float32')).toBe(graph.cast(isLess, 'float32'))
  })

  test('sums of what was spread are products', () => {
    const row = graph.input([1, 6], 'float32')
    const sum = graph.reduce('sum', graph.broadcast(row, [4, 6]), [0])
    expect(sum).toBe(graph.map('mul', row, graph.constant(4, [1, 6])))
    expect(graph.reduce('max', graph.broadcast(row, [4, 6]), [0])).toBe(row)
  })
})
