// Attention with its gradients as one graph, with what the CPU computes of it.
import * as tf from '@tensorflow/tfjs'
import { rewrite } from '../pack/rewrite.ts'
import { knownSums } from '../pack/known-sums.ts'
import type { Graph } from '../graph/graph.ts'
import type { Values } from '../graph/interpret.ts'
import { type Node, sizeOf } from '../graph/node.ts'
import { lower, record, type Seen } from './recording.fixture.ts'

export interface RecordedGraph {
  readonly graph: Graph
  /** Values of the graph's inputs. */
  readonly given: readonly Values[]
  /** As recorded, and with sums that are known replaced: what is compiled. */
  readonly outputs: readonly Node[]
  readonly simpler: readonly Node[]
  readonly wanted: readonly ArrayLike<number>[]
}

/** The graph of what `run` gives. */
export function recordedGraph(run: () => tf.Tensor[]): RecordedGraph {
  const { result, calls } = record(() => tf.tidy(() => run().map((tensor) => tf.keep(tensor))))
  const { graph, given, results } = lower(calls)
  const made = new Map<object, { seen: Seen; node: Node }>()
  for (const { call, nodes } of results)
    for (const [i, seen] of call.outputs.entries())
      made.set(seen.dataId, { seen, node: nodes![i]! })
  const found = result.map(({ dataId }) => made.get(dataId)!)
  const outputs = found.map(({ node }) => node)
  return {
    graph,
    given,
    outputs,
    simpler: outputs.map(
      rewrite(
        graph,
        outputs,
        knownSums(graph, outputs, () => true),
      ),
    ),
    wanted: found.map(({ seen, node }) => Array.from(seen.values).slice(0, sizeOf(node.shape))),
  }
}
