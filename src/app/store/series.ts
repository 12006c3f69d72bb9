// Growing columns of one metric's points: appending is cheap, and older snapshots stay valid.

/** Points in order of arrival; only the first `length` entries of the columns count. */
export interface Series {
  readonly length: number
  readonly steps: Float64Array
  readonly values: Float64Array
}

const FIRST_CAPACITY = 256

export const emptySeries: Series = {
  length: 0,
  steps: new Float64Array(0),
  values: new Float64Array(0),
}

/**
 * The series with one point more. Columns are shared with the older snapshot, whose entries are never
 * changed, so only the newest snapshot of a series may be appended to.
 */
export function appendPoint(series: Series, step: number, value: number): Series {
  const { length } = series
  let { steps, values } = series
  if (length === steps.length) {
    const capacity = Math.max(FIRST_CAPACITY, 2 * length)
    steps = grown(steps, capacity)
    values = grown(values, capacity)
  }
  steps[length] = step
  values[length] = value
  return { length: length + 1, steps, values }
}

/** The last point, if there is one. */
export function lastPoint(series: Series): { step: number; value: number } | undefined {
  if (series.length === 0) return undefined
  return { step: series.steps[series.length - 1]!, value: series.values[series.length - 1]! }
}

/** The points up to a step, as series of their own. */
export function seriesUntil(
  series: Readonly<Record<string, Series>>,
  step: number,
): Record<string, Series> {
  const cut = Object.entries(series).map(([metric, { length, steps, values }]) => {
    let end = length
    while (end > 0 && steps[end - 1]! > step) end--
    const part = { length: end, steps: steps.slice(0, end), values: values.slice(0, end) }
    return [metric, part] as const
  })
  return Object.fromEntries(cut)
}

function grown(column: Float64Array, capacity: number): Float64Array {
  const next = new Float64Array(capacity)
  next.set(column)
  return next
}
