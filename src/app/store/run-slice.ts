// The run in progress and the one before it: state, metrics, references and marks. All others are kept in runs/.
import type { ErrorInfo } from '#sdk'
import type { EngineEvent, EventData, RunState } from '#protocol'
import { addMark, type Mark, markEnd, reduceMarks } from './run-marks.ts'
import { appendPoint, elapsedMs, emptySeries, type Series, seriesUntil } from './series.ts'

export interface Reference {
  metric: string
  label: string
  value: number
}

export interface RunRecord {
  readonly id: string
  /** Counts the runs of the workspace, from 1. */
  readonly number: number
  readonly state: RunState
  readonly startedAt: number
  /** When its first step would have been, had the run it goes on with had no break: times of points count from here. */
  readonly timeOrigin: number
  readonly endedAt: number | undefined
  readonly step: number
  readonly epoch: number
  readonly totalSteps: number
  readonly activity: string | undefined
  readonly reason: EventData<'run.state'>['reason']
  readonly message: string | undefined
  readonly error: ErrorInfo | undefined
  /** Name, seed, config and sizes; there once the model is built. */
  readonly setup: EventData<'run.begin'> | undefined
  readonly progress: EventData<'run.progress'> | undefined
  readonly series: Readonly<Record<string, Series>>
  readonly references: readonly Reference[]
  readonly marks: readonly Mark[]
}

export interface RunSlice {
  readonly current: RunRecord | undefined
  /** The one before, which may still have points on their way. */
  readonly previous: RunRecord | undefined
  /** Runs that the workspace ever had, as far as they are known. */
  readonly count: number
  /** What was kept of a run that may be gone on with: its charts then go on as well. */
  readonly remembered:
    | { readonly id: string; readonly series: Readonly<Record<string, Series>> }
    | undefined
}

export const initialRun: RunSlice = {
  current: undefined,
  previous: undefined,
  count: 0,
  remembered: undefined,
}

export function reduceRun(slice: RunSlice, event: EngineEvent): RunSlice {
  switch (event.type) {
    case 'run.state': {
      const { id, error, reason, message, activity, state, step, epoch, totalSteps } = event.data
      return change(slice, id, event.time, (run) => ({
        ...run,
        state,
        step,
        epoch,
        totalSteps,
        activity,
        reason,
        message,
        error,
        endedAt: state === 'ended' ? event.time : undefined,
        marks: markEnd(run, event),
      }))
    }
    case 'run.begin': {
      const { resumed } = event.data
      const series = seriesBefore(slice, resumed)
      const timeOrigin = event.time - elapsedMs(series)
      return change(slice, event.data.id, event.time, (run) => ({
        ...run,
        setup: event.data,
        totalSteps: event.data.totalSteps,
        timeOrigin,
        series,
        marks:
          resumed?.cause === undefined
            ? run.marks
            : addMark(
                { ...run, timeOrigin },
                { time: event.time, step: resumed.step },
                { kind: 'failure', label: 'went on by itself' },
              ),
      }))
    }
    case 'run.metrics':
      return change(slice, event.data.id, event.time, (run) => withPoints(run, event.data))
    case 'run.reference': {
      const { id, metric, label, value } = event.data
      return change(slice, id, event.time, (run) => ({
        ...run,
        references: [
          ...run.references.filter((r) => r.metric !== metric || r.label !== label),
          { metric, label, value },
        ],
      }))
    }
    case 'run.progress':
      return change(slice, event.data.id, event.time, (run) => ({
        ...run,
        progress: event.data,
        step: event.data.step,
        epoch: event.data.epoch,
      }))
    default: {
      const { current } = slice
      if (!current || current.state === 'ended') return slice
      const marks = reduceMarks(current, event)
      return marks === current.marks ? slice : { ...slice, current: { ...current, marks } }
    }
  }
}

/** Ends the current run, if one is going on: its engine is gone, and can't report it. */
export function abandonRun(
  slice: RunSlice,
  reason: 'failed' | 'stopped',
  message: string,
  time: number,
): RunSlice {
  const { current } = slice
  if (!current || current.state === 'ended') return slice
  return {
    ...slice,
    current: { ...current, state: 'ended', reason, message, endedAt: time },
  }
}

export const isActive = (run: RunRecord | undefined): boolean =>
  run !== undefined && run.state !== 'ended'

/** Applies `update` to the run of that id; a new id becomes the current run. */
function change(
  slice: RunSlice,
  id: string,
  time: number,
  update: (run: RunRecord) => RunRecord,
): RunSlice {
  const { current, previous } = slice
  if (current?.id === id) return { ...slice, current: update(current) }
  if (previous?.id === id) return { ...slice, previous: update(previous) }
  const count = slice.count + 1
  return { ...slice, current: update(newRun(id, count, time)), previous: current, count }
}

/** The slice once so many earlier runs of the workspace are known: its own come after them. */
export function afterEarlier(slice: RunSlice, count: number): RunSlice {
  const later = (run: RunRecord | undefined) => run && { ...run, number: run.number + count }
  const { current, previous } = slice
  return {
    ...slice,
    current: later(current),
    previous: later(previous),
    count: slice.count + count,
  }
}

/** The metrics of the run that another goes on with, up to where it does. */
function seriesBefore(
  { previous, current, remembered }: RunSlice,
  resumed: EventData<'run.begin'>['resumed'],
): RunRecord['series'] {
  if (!resumed) return {}
  const known = [current, previous, remembered].find((run) => run?.id === resumed.id)
  return seriesUntil(known?.series ?? {}, resumed.step)
}

function newRun(id: string, number: number, time: number): RunRecord {
  return {
    id,
    number,
    state: 'preparing',
    startedAt: time,
    timeOrigin: time,
    endedAt: undefined,
    step: 0,
    epoch: 0,
    totalSteps: 0,
    activity: undefined,
    reason: undefined,
    message: undefined,
    error: undefined,
    setup: undefined,
    progress: undefined,
    series: {},
    references: [],
    marks: [],
  }
}

function withPoints(run: RunRecord, { points }: EventData<'run.metrics'>): RunRecord {
  const series = { ...run.series }
  for (const { step, epoch, time, values } of points) {
    const at = { step, epoch, time: Math.max(0, time - run.timeOrigin) }
    for (const [metric, value] of Object.entries(values)) {
      series[metric] = appendPoint(series[metric] ?? emptySeries, at, value)
    }
  }
  // Progress is told a few times a second only, and marks belong where the curves end.
  return { ...run, series, step: Math.max(run.step, points.at(-1)?.step ?? 0) }
}
