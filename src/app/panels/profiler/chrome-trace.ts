// A recording in the Trace Event Format of Chrome, which Perfetto and chrome://tracing open.
// https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
import type { RecordedStep } from '../../store/profile-slice.ts'

interface TraceEvent {
  readonly name: string
  readonly cat: string
  /** `X` has a begin and a duration, `C` are values of counters, `M` names a thread. */
  readonly ph: 'X' | 'C' | 'M'
  readonly pid: number
  readonly tid: number
  /** In microseconds. */
  readonly ts: number
  readonly dur?: number
  readonly args?: Readonly<Record<string, unknown>>
}

/** Steps and phases on one row, calls into plugins below: they need not end with a phase. */
const ROWS = { steps: 1, calls: 2 }

const us = (ms: number): number => Math.round(ms * 1000)

export function traceOf(steps: readonly RecordedStep[]): { traceEvents: TraceEvent[] } {
  const rows = Object.entries({ [ROWS.steps]: 'steps and phases', [ROWS.calls]: 'plugins' })
  const named = rows.map(([tid, name]): TraceEvent => {
    return {
      name: 'thread_name',
      cat: '',
      ph: 'M',
      pid: 1,
      tid: Number(tid),
      ts: 0,
      args: { name },
    }
  })
  return { traceEvents: [...named, ...steps.flatMap(eventsOf)] }
}

function eventsOf(recorded: RecordedStep): TraceEvent[] {
  const { run, step, isExact, startMs, durationMs, phases, calls, kernels, launches } = recorded
  const { tensors, bytes, gpuBytes } = recorded
  const span = (
    tid: number,
    cat: string,
    name: string,
    at: { startMs: number; durationMs: number },
    args: Record<string, unknown> = {},
  ): TraceEvent => ({
    name,
    cat,
    ph: 'X',
    pid: 1,
    tid,
    ts: us(at.startMs),
    dur: us(at.durationMs),
    args,
  })
  const counters = { tensors, bytes, ...(gpuBytes !== undefined && { gpuBytes }) }
  return [
    span(
      ROWS.steps,
      'step',
      `step ${step}`,
      { startMs, durationMs },
      {
        run,
        isExact,
        kernels: Object.fromEntries(kernels.map(({ name, calls: count }) => [name, count])),
        ...(launches !== undefined && { launches }),
      },
    ),
    ...phases.map((phase) => span(ROWS.steps, 'phase', phase.name, phase)),
    ...calls.map((call) =>
      span(ROWS.calls, call.kind, `${call.plugin}: ${call.name}`, call, { tensors: call.tensors }),
    ),
    ...Object.entries(counters).map(([name, value]): TraceEvent => {
      return {
        name,
        cat: '',
        ph: 'C',
        pid: 1,
        tid: 0,
        ts: us(startMs + durationMs),
        args: { [name]: value },
      }
    }),
  ]
}
