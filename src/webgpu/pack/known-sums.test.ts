// Sums of the gradient of softmax, taken from what attention gave.
import '@tensorflow/tfjs-backend-cpu'
import { expect, test } from 'vitest'
import { Graph } from '../graph/graph.ts'
import { interpret } from '../graph/interpret.ts'
import type { Node } from '../graph/node.ts'
import { attention } from '../lower/attention.fixture.ts'
import { recordedGraph } from '../lower/attention-graph.fixture.ts'
import { Draw } from '../lower/draw.fixture.ts'
import { knownSums } from './known-sums.ts'

const always = (): boolean => true

const SIZES = { matrices: 3, length: [1, 12], size: [1, 7] } as const

/** The largest difference as a share of the largest value. */
function gapOf(wanted: ArrayLike<number>, found: ArrayLike<number>): number {
  const size = Array.from(wanted).reduce((top, value) => Math.max(top, Math.abs(value)), 1e-2)
  return Array.from(wanted).reduce((worst, value, i) => {
    const gap = Object.is(value, found[i]) ? 0 : Math.abs(found[i]! - value) / size
    return Number.isNaN(gap) ? Infinity : Math.max(worst, gap)
  }, 0)
}

test('attention in many forms computes what it does on the CPU', () => {
  let replaced = 0
  for (let seed = 0; seed < 60; seed++) {
    const { graph, given, outputs, simpler, wanted } = recordedGraph(() =>
      attention(new Draw(seed), SIZES),
    )
    if (knownSums(graph, outputs, always).size > 0) replaced++
    interpret(simpler, given).forEach((values, i) =>
      expect(gapOf(wanted[i]!, values), `seed ${seed}, result ${i}`).toBeLessThan(1e-3),
    )
  }
  expect(replaced).toBeGreaterThan(15)
})

function weighted(sameWeights: boolean): { graph: Graph; sum: Node; output: Node } {
  const graph = new Graph()
  const [a, v] = [graph.input([2, 5, 3], 'float32'), graph.input([2, 4, 3], 'float32')]
  const [w, other] = [graph.input([2, 5, 4], 'float32'), graph.input([2, 5, 4], 'float32')]
  const long = graph.map('mul', graph.dot(a, graph.transpose(v, [0, 2, 1])), w)
  return {
    graph,
    sum: graph.reduce('sum', long, [2]),
    output: graph.dot(sameWeights ? w : other, v),
  }
}

test('a sum is taken from the product with the same weights only', () => {
  const known = weighted(true)
  expect([...knownSums(known.graph, [known.sum, known.output], always).keys()]).toEqual([known.sum])
  expect(knownSums(known.graph, [known.sum], always).size).toBe(0)
  expect(knownSums(known.graph, [known.sum, known.output], () => false).size).toBe(0)
  const unknown = weighted(false)
  expect(knownSums(unknown.graph, [unknown.sum, unknown.output], always).size).toBe(0)
})
