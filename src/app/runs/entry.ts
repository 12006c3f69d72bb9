// A run as the page follows it, and as it is kept.
import { figuresOf, type KeptState, type RunDetails, type RunEntry } from '#workspace'
import type { RunRecord } from '../store/run-slice.ts'
import type { Series } from '../store/series.ts'

/** The workspace that a run begins with. */
export interface Beginning {
  /** Tells contents of workspaces apart. */
  readonly files: string
  readonly yaml: string
}

/** The engine that a run is on. */
export interface Surroundings {
  readonly device: string | undefined
  /** Versions of the plugins that are up. */
  readonly plugins: Readonly<Record<string, string>>
}

export const firstEntry = (
  { id, number, startedAt }: RunRecord,
  { files }: Beginning,
): RunEntry => ({
  id,
  number,
  name: '',
  state: 'running',
  startedAt,
  step: 0,
  epoch: 0,
  totalSteps: 0,
  metrics: {},
  tags: {},
  notes: '',
  files,
  plugins: {},
})

/** The entry of a run that went on: what the user wrote of it stays. */
export function updated(before: RunEntry, run: RunRecord, around?: Surroundings): RunEntry {
  const { number, step, epoch, totalSteps, endedAt, setup } = run
  const message = run.message ?? run.error?.message
  const metrics = Object.entries(run.series).flatMap(([metric, series]) => {
    const figures = figuresOf(series)
    return figures ? [[metric, figures] as const] : []
  })
  const isBuilt = setup !== undefined && before.setup === undefined
  return {
    ...before,
    number,
    state: stateOf(run),
    step,
    epoch,
    totalSteps,
    metrics: Object.fromEntries(metrics),
    ...(message !== undefined && { message }),
    ...(endedAt !== undefined && { endedAt }),
    ...(around?.device !== undefined && { device: around.device }),
    ...(setup && { setup: withoutParameters(setup) }),
    ...(isBuilt && {
      tags: { ...tagsIn(setup.config), ...before.tags },
      plugins: { ...around?.plugins },
    }),
  }
}

function stateOf({ state, reason }: RunRecord): KeptState {
  if (state !== 'ended') return 'running'
  return reason ?? 'finished'
}

function withoutParameters(setup: NonNullable<RunRecord['setup']>): RunEntry['setup'] {
  const { id: _id, parameters: _parameters, ...kept } = setup
  return kept
}

/** `experiment.tags` */
function tagsIn(config: unknown): Record<string, string> {
  const tags = typeof config === 'object' && config && 'tags' in config ? config.tags : undefined
  if (typeof tags !== 'object' || tags === null) return {}
  return Object.fromEntries(Object.entries(tags).map(([tag, value]) => [tag, String(value)]))
}

export function detailsOf({ timeOrigin, series, references, marks }: RunRecord, yaml: string) {
  const columns = Object.entries(series).map(([metric, whole]) => [metric, trimmed(whole)] as const)
  return {
    yaml,
    timeOrigin,
    series: Object.fromEntries(columns),
    references: [...references],
    marks: [...marks],
  } satisfies RunDetails
}

/** Columns without the room that they still have. */
const trimmed = ({ length, steps, epochs, times, values }: Series) => ({
  length,
  steps: steps.slice(0, length),
  epochs: epochs.slice(0, length),
  times: times.slice(0, length),
  values: values.slice(0, length),
})

/** A kept run as charts draw it. */
export function recordOf(entry: RunEntry, details: RunDetails): RunRecord {
  const { id, number, state, startedAt, endedAt, step, epoch, totalSteps, message, setup } = entry
  return {
    id,
    number,
    state: 'ended',
    startedAt,
    timeOrigin: details.timeOrigin,
    endedAt,
    step,
    epoch,
    totalSteps,
    activity: undefined,
    reason: state === 'running' || state === 'interrupted' ? 'stopped' : state,
    message,
    error: undefined,
    setup: setup && { ...setup, id, parameters: [] },
    progress: undefined,
    series: details.series,
    references: details.references,
    marks: details.marks,
  }
}
