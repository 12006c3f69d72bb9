// When a result may lie where an operand lay.
import { expect, test } from 'vitest'
import { Graph } from '../graph/graph.ts'
import { accessOf, canShare } from './access.ts'

const graph = new Graph()
const x = graph.input([8, 8], 'float32')
const y = graph.input([8, 8], 'float32')

test('a result takes the place of what is read at the same place only', () => {
  const flipped = graph.map('add', x, graph.transpose(y, [1, 0]))
  const kernel = { kind: 'loop', reads: [x, y], writes: [flipped] } as const
  expect([canShare(kernel, flipped, x), canShare(kernel, flipped, y)]).toEqual([true, false])
})

test('a row may be written over itself, a broadcast row may not', () => {
  const peak = graph.reduce('max', x, [1])
  const lower = graph.map('sub', x, graph.broadcast(peak, [8, 8]))
  const rows = { kind: 'loop', reads: [x], writes: [lower] } as const
  expect(canShare(rows, lower, x)).toBe(true)
  const other = graph.map('sub', lower, graph.broadcast(graph.slice(x, [0, 0], [1, 8]), [8, 8]))
  const kernel = { kind: 'loop', reads: [x, lower], writes: [other] } as const
  expect([canShare(kernel, other, lower), canShare(kernel, other, x)]).toEqual([true, false])
})

test('loops over different axes do not fit into one kernel', () => {
  const rows = graph.reduce('sum', x, [1])
  const columns = graph.reduce('sum', x, [0])
  const isStored = (node: unknown): boolean => node === x
  expect(accessOf('loop', [rows], isStored)?.space.inner).toBe(8)
  expect(accessOf('loop', [rows, columns], isStored)).toBeUndefined()
  const mixed = graph.map('mul', graph.broadcast(rows, [8, 8]), graph.broadcast(columns, [8, 8]))
  expect(accessOf('loop', [mixed], isStored)).toBeUndefined()
})

test('what rows were reduced to is known to their own row only', () => {
  const sums = graph.broadcast(graph.reduce('sum', x, [1]), [8, 8])
  const isStored = (node: unknown): boolean => node === x
  expect(accessOf('loop', [graph.map('mul', x, sums)], isStored)).toBeDefined()
  expect(
    accessOf('loop', [graph.map('mul', x, graph.transpose(sums, [1, 0]))], isStored),
  ).toBeUndefined()
})
