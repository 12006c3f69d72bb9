// What the steps of an epoch gave: sums of loss and metrics, and the latest value of each.
import type { Metric, Metrics } from '#sdk'
import type { EpochSums } from '../checkpoint/index.ts'
import { MetricTotals } from './metric-sums.ts'
import type { Part } from './part.ts'

export class EpochBooks {
  /** Latest value of each metric. */
  readonly latest: Metrics = {}
  #metrics: readonly Part<Metric>[]
  /** Sums since the epoch began, or since the metrics were swapped. */
  #totals: MetricTotals
  #loss = { sum: 0, steps: 0 }

  constructor(metrics: readonly Part<Metric>[]) {
    this.#metrics = metrics
    this.#totals = new MetricTotals(metrics)
  }

  beginEpoch(): void {
    this.swap(this.#metrics)
    this.#loss = { sum: 0, steps: 0 }
  }

  /** Other metrics take the place of those before: their sums begin here. */
  swap(metrics: readonly Part<Metric>[]): void {
    this.#metrics = metrics
    this.#totals = new MetricTotals(metrics)
  }

  /** Books a step that was made with `metrics`. Returns its values by name. */
  add(
    metrics: readonly Part<Metric>[],
    step: { loss: number; sums: Float32Array; sizes: readonly number[] },
  ): Metrics {
    const own = new MetricTotals(metrics)
    own.add(step.sums, step.sizes)
    // Steps that were sent ahead of a swap have other sums.
    if (metrics === this.#metrics) this.#totals.add(step.sums, step.sizes)
    this.#loss.sum += step.loss
    this.#loss.steps += 1
    return { loss: step.loss, ...own.summary() }
  }

  /** Means over the epoch, and what else was last heard of. */
  means(): Metrics {
    const { sum, steps } = this.#loss
    const means: Metrics = steps > 0 ? { loss: sum / steps, ...this.#totals.summary() } : {}
    return { ...this.latest, ...means }
  }

  save(): EpochSums {
    const totals = this.#totals.values
    return {
      loss: { ...this.#loss },
      metrics: this.#metrics.map(({ label }, i) => [label, totals[i]!] as const),
    }
  }

  /** Goes on where another left off; metrics that are not the same begin anew. */
  restore({ loss, metrics }: EpochSums, latest: Metrics): void {
    Object.assign(this.latest, latest)
    this.#loss = { ...loss }
    const labels = metrics.map(([label]) => label)
    if (labels.join('\n') !== this.#metrics.map(({ label }) => label).join('\n')) return
    this.#totals = new MetricTotals(
      this.#metrics,
      metrics.map(([, totals]) => totals),
    )
  }
}
