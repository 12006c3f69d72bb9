// Moving average and reduction of long series, so that a chart draws few points and hides no peak.
import type { Series } from '../../store/series.ts'

/** Columns of a curve, ready to draw. */
export interface Curve {
  steps: Float64Array
  values: Float64Array
}

/**
 * Exponential moving average with weight `smoothing` (0 ≤ s < 1) on the past, divided by 1 - s^n so that
 * the first values are not pulled towards zero (Kingma and Ba, Adam, section 3). Gaps (not finite) are
 * passed through and don't count.
 */
export function smooth(series: Series, smoothing: number): Curve {
  const { length } = series
  const steps = series.steps.subarray(0, length)
  if (smoothing === 0) return { steps, values: series.values.subarray(0, length) }
  const values = new Float64Array(length)
  let average = 0
  let weight = 1
  for (let i = 0; i < length; i++) {
    const value = series.values[i]!
    if (!Number.isFinite(value)) {
      values[i] = value
      continue
    }
    average = smoothing * average + (1 - smoothing) * value
    weight *= smoothing
    values[i] = average / (1 - weight)
  }
  return { steps, values }
}

/**
 * At most about `limit` points: of each run of neighbours the smallest and the largest, in their order;
 * first and last point stay.
 */
export function reduce({ steps, values }: Curve, limit: number): Curve {
  const { length } = values
  if (length <= limit) return { steps, values }
  const buckets = Math.max(1, Math.floor(limit / 2) - 1)
  const picked: number[] = [0]
  for (let bucket = 0; bucket < buckets; bucket++) {
    const from = 1 + Math.floor((bucket * (length - 2)) / buckets)
    const to = 1 + Math.floor(((bucket + 1) * (length - 2)) / buckets)
    let low = from
    let high = from
    for (let i = from; i < to; i++) {
      if (values[i]! < values[low]!) low = i
      if (values[i]! > values[high]!) high = i
    }
    picked.push(Math.min(low, high))
    if (low !== high) picked.push(Math.max(low, high))
  }
  picked.push(length - 1)
  return {
    steps: Float64Array.from(picked, (i) => steps[i]!),
    values: Float64Array.from(picked, (i) => values[i]!),
  }
}
