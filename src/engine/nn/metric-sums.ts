// Metrics as sums: measured on the device batch by batch, added up in double precision, summarised.
import * as tf from '@tensorflow/tfjs'
import { EngineError, type Metric, type Metrics, type TensorMap } from '#sdk'
import { inWords } from '../in-words.ts'
import { isThenable } from '../thenable.ts'
import { asyncPart } from './evaluate.ts'
import type { Part } from './part.ts'

/** Sums of each metric over one batch, each of shape [k]. */
export function measure(
  metrics: readonly Part<Metric>[],
  args: { outputs: TensorMap; batch: TensorMap },
): tf.Tensor1D[] {
  return metrics.map((metric) => {
    const sums = metric.call('measure', (instance) => instance.measure(args))
    if (sums instanceof tf.Tensor && sums.rank === 1) return sums
    if (isThenable(sums)) throw asyncPart(metric, 'measure()')
    throw new EngineError({
      code: 'contribution.contract',
      message: `measure() of ${metric.label} returned ${inWords(sums)}, but sums must have shape [k]`,
      plugin: metric.plugin,
      hint: 'return a one-dimensional tensor of sums, such as tf.stack([correct, total])',
    })
  })
}

/** Sums of some metrics over any number of batches. */
export class MetricTotals {
  readonly #metrics: readonly Part<Metric>[]
  readonly #totals: number[][]

  /** `totals` are those that were kept of the same metrics. */
  constructor(metrics: readonly Part<Metric>[], totals?: readonly (readonly number[])[]) {
    this.#metrics = metrics
    this.#totals = metrics.map((_, i) => [...(totals?.[i] ?? [])])
  }

  /** Sums of each metric so far; a copy. */
  get values(): number[][] {
    return this.#totals.map((totals) => [...totals])
  }

  /** Adds one batch: the metrics' sums one after another, `sizes[i]` values for metric `i`. */
  add(sums: Float32Array, sizes: readonly number[]): void {
    let at = 0
    sizes.forEach((size, i) => {
      const totals = this.#totals[i]!
      for (let k = 0; k < size; k++) totals[k] = (totals[k] ?? 0) + sums[at++]!
    })
  }

  /** Values by name; empty before anything was added. */
  summary(): Metrics {
    const values: Metrics = {}
    this.#metrics.forEach((metric, i) => {
      const totals = this.#totals[i]!
      if (totals.length === 0) return
      const summary = metric.call('summarize', (instance) => instance.summarize(totals))
      Object.assign(values, checkSummary(metric, summary))
    })
    return values
  }
}

/** Refuses what is not numbers by name: it would be left out without a word. */
function checkSummary(metric: Part<Metric>, summary: unknown): Metrics {
  if (isThenable(summary)) throw asyncPart(metric, 'summarize()')
  const isObject = typeof summary === 'object' && summary !== null && !Array.isArray(summary)
  const wrong = isObject && Object.entries(summary).find(([, value]) => typeof value !== 'number')
  if (isObject && !wrong) return summary as Metrics
  const found = wrong ? `${inWords(wrong[1])} as ${wrong[0]}` : inWords(summary)
  throw new EngineError({
    code: 'contribution.contract',
    message: `summarize() of ${metric.label} returned ${found}, but a summary is numbers by name`,
    plugin: metric.plugin,
    hint: 'return an object such as { accuracy: correct / total }, NaN where there is none',
  })
}
