// The run in progress and those before it in this session: state, metrics, references and marks.
import type { ErrorInfo } from '#sdk'
import type { EngineEvent, EventData, RunState } from '#protocol'
import { addMark, type Mark, reduceMarks } from './run-marks.ts'
import { appendPoint, elapsedMs, emptySeries, type Series, seriesUntil } from './series.ts'

export interface Reference {
  metric: string
  label: string
  value: number
}

export interface RunRecord {
  readonly id: string
  /** Counts the runs of this session, from 1. */
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
  /** Newest last. */
  readonly past: readonly RunRecord[]
  /** Runs started in this session. */
  readonly count: number
  /** What was kept of a run that may be gone on with: its charts then go on as well. */
  readonly remembered:
    | { readonly id: string; readonly series: Readonly<Record<string, Series>> }
    | undefined
}

export const initialRun: RunSlice = {
  current: undefined,
  past: [],
  count: 0,
  remembered: undefined,
}

export const MAX_PAST_RUNS = 20

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
        marks:
          reason === 'early_stopped'
            ? addMark(run, event.time, { kind: 'stop', step, label: message ?? 'stopped early' })
            : run.marks,
      }))
    }
    case 'run.begin': {
      const series = seriesBefore(slice, event.data.resumed)
      return change(slice, event.data.id, event.time, (run) => ({
        ...run,
        setup: event.data,
        totalSteps: event.data.totalSteps,
        timeOrigin: event.time - elapsedMs(series),
        series,
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
  const { current, past } = slice
  if (current?.id === id) return { ...slice, current: update(current) }
  if (past.some((run) => run.id === id)) {
    return { ...slice, past: past.map((run) => (run.id === id ? update(run) : run)) }
  }
  const count = slice.count + 1
  return {
    ...slice,
    current: update(newRun(id, count, time)),
    past: current ? [...past, current].slice(-MAX_PAST_RUNS) : past,
    count,
  }
}

/** The metrics of the run that another goes on with, up to where it does. */
function seriesBefore(
  { past, current, remembered }: RunSlice,
  resumed: EventData<'run.begin'>['resumed'],
): RunRecord['series'] {
  if (!resumed) return {}
  const known = [current, ...past, remembered].find((run) => run?.id === resumed.id)
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
  return { ...run, series }
}
