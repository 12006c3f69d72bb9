// Histograms taken on the device: how gradients, weights, activations are spread, for panels.
import * as tf from '@tensorflow/tfjs'
import type { PanelContent } from '../panel-content.ts'
import { scalar } from './scalar.ts'

/** Largest table of values against edges: beyond it, edge by edge, which takes more kernels and less memory. */
const MAX_TABLE = 2 ** 20

/**
 * Smallest and largest value of `x`, then how many of its values lie in each of `bins` equally wide bins between
 * them: [2 + bins], on the device. A value on an edge counts in the bin above; the largest counts in the last.
 * Small enough for `run.observe`. No gradient.
 */
export function histogram(x: tf.Tensor, bins = 30): tf.Tensor1D {
  return tf.tidy(() => {
    const values = x.toFloat().flatten()
    const low = values.min().as1D()
    const high = values.max().as1D()
    const total: tf.Tensor1D = tf.fill([1], values.size)
    if (bins === 1) return tf.concat1d([low, high, total])
    const shares = tf.range(1, bins).mul(scalar(1 / bins))
    const edges = high.sub(low).mul(shares).add(low)
    const above = countAbove(values, edges)
    const counts = tf.concat1d([total, above]).sub<tf.Tensor1D>(tf.concat1d([above, tf.zeros([1])]))
    return tf.concat1d([low, high, counts])
  })
}

/** How many values are at least as large as each edge. */
function countAbove(values: tf.Tensor1D, edges: tf.Tensor): tf.Tensor1D {
  const [edgeCount = 0] = edges.shape
  if (values.size * edgeCount <= MAX_TABLE) {
    const table = values.expandDims(1).greaterEqual(edges.expandDims(0))
    return table.toFloat().sum(0)
  }
  const counts = Array.from({ length: edgeCount }, (_, i) =>
    values
      .greaterEqual(edges.slice([i], [1]))
      .toFloat()
      .sum()
      .as1D(),
  )
  return tf.concat1d(counts)
}

type HistogramRow = Extract<
  PanelContent,
  { histograms: unknown }
>['histograms'][number]['rows'][number]

/** What was read of a `histogram`, at a step; nothing where a value was not finite. */
function rowOf(at: number, values: Float32Array): HistogramRow | undefined {
  const [min, max] = [values[0]!, values[1]!]
  if (!Number.isFinite(min) || !Number.isFinite(max)) return undefined
  const counts = values.slice(2)
  // Values that are all the same have no width to spread over.
  if (min < max) return { at, min, max, counts }
  return { at, min, max, counts: [counts.reduce((sum, count) => sum + count, 0)] }
}

/** The row, neither first nor last, whose neighbours are closest together: the least is lost with it. */
function closest(rows: readonly HistogramRow[]): number {
  const gap = (i: number) => rows[i + 1]!.at - rows[i - 1]!.at
  let found = 1
  for (let i = 2; i + 1 < rows.length; i++) if (gap(i) < gap(found)) found = i
  return found
}

/** Histograms by name, over time: what a panel of the type `histogram` shows. */
export class HistogramSeries {
  readonly #keep: number
  readonly #rows = new Map<string, HistogramRow[]>()

  /** `keep` rows of each name, from 2 on; of more, those in between that are closest to their neighbours go. */
  constructor(keep: number) {
    this.#keep = keep
  }

  /** Adds what was read of a `histogram` at a step. */
  add(name: string, step: number, values: Float32Array): void {
    const row = rowOf(step, values)
    if (!row) return
    const rows = [...(this.#rows.get(name) ?? []), row]
    if (rows.length > this.#keep) rows.splice(closest(rows), 1)
    this.#rows.set(name, rows)
  }

  clear(): void {
    this.#rows.clear()
  }

  /** Content of the panel. */
  content(caption?: string): PanelContent {
    const histograms = [...this.#rows].map(([name, rows]) => ({ name, rows }))
    return { histograms, ...(caption === undefined ? {} : { caption }) }
  }
}
