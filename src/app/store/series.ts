// Growing columns of one metric's points: appending is cheap, and older snapshots stay valid.

/** Points in order of arrival; only the first `length` entries of the columns count. */
export interface Series {
  readonly length: number
  readonly steps: Float64Array
  /** Epoch that the point was made in, as the engine counts them; NaN where it is not known. */
  readonly epochs: Float64Array
  /** Milliseconds since the run began, the run it goes on with included; NaN where it is not known. */
  readonly times: Float64Array
  readonly values: Float64Array
}

/** Where a value belongs. */
export interface Position {
  step: number
  epoch: number
  /** Milliseconds since the run began. */
  time: number
}

/** A series as it may have been stored: those of earlier versions lack epochs and times. */
export type KeptSeries = Omit<Series, 'epochs' | 'times'> & Partial<Series>

const FIRST_CAPACITY = 256

const none = new Float64Array(0)
export const emptySeries: Series = {
  length: 0,
  steps: none,
  epochs: none,
  times: none,
  values: none,
}

/**
 * The series with one point more. Columns are shared with the older snapshot, whose entries are never
 * changed, so only the newest snapshot of a series may be appended to.
 */
export function appendPoint(series: Series, at: Position, value: number): Series {
  const { length } = series
  const room = length < series.steps.length ? series : grown(series)
  room.steps[length] = at.step
  room.epochs[length] = at.epoch
  room.times[length] = at.time
  room.values[length] = value
  const { steps, epochs, times, values } = room
  return { length: length + 1, steps, epochs, times, values }
}

/** The last point, if there is one. */
export function lastPoint(series: Series): (Position & { value: number }) | undefined {
  const last = series.length - 1
  if (last < 0) return undefined
  return {
    step: series.steps[last]!,
    epoch: series.epochs[last]!,
    time: series.times[last]!,
    value: series.values[last]!,
  }
}

/** The points up to a step, as series of their own. */
export function seriesUntil(
  series: Readonly<Record<string, Series>>,
  step: number,
): Record<string, Series> {
  const cut = Object.entries(series).map(([metric, whole]) => {
    let end = whole.length
    while (end > 0 && whole.steps[end - 1]! > step) end--
    return [metric, mapColumns(whole, end, (column) => column.slice(0, end))] as const
  })
  return Object.fromEntries(cut)
}

/** Milliseconds that the points span; 0 when none has a time. */
export function elapsedMs(series: Readonly<Record<string, Series>>): number {
  const ends = Object.values(series).map((it) => lastPoint(it)?.time ?? 0)
  return Math.max(0, ...ends.filter((time) => Number.isFinite(time)))
}

/** Kept series with all columns: what was not stored is not known. */
export function fromKept(kept: Readonly<Record<string, KeptSeries>>): Record<string, Series> {
  const whole = Object.entries(kept).map(([metric, series]) => {
    const unknown = () => new Float64Array(series.steps.length).fill(NaN)
    const { epochs = unknown(), times = unknown() } = series
    return [metric, { ...series, epochs, times }] as const
  })
  return Object.fromEntries(whole)
}

function grown(series: Series): Series {
  const capacity = Math.max(FIRST_CAPACITY, 2 * series.length)
  return mapColumns(series, series.length, (column) => {
    const next = new Float64Array(capacity)
    next.set(column)
    return next
  })
}

const mapColumns = (
  { steps, epochs, times, values }: Series,
  length: number,
  change: (column: Float64Array) => Float64Array,
): Series => ({
  length,
  steps: change(steps),
  epochs: change(epochs),
  times: change(times),
  values: change(values),
})
