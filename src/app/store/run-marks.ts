// What happened during a run and belongs on its charts: swaps, plugins started or stopped, failures.
import type { EngineEvent, EventData, PluginState } from '#protocol'

/** Something that happened at a step. */
export interface Mark {
  kind: 'swap' | 'plugin' | 'failure' | 'stop'
  step: number
  /** Milliseconds since the run began. */
  time: number
  label: string
  /** The plugin that was started or stopped. */
  plugin?: string
}

/** What marks need to know of a run. */
interface Marked {
  readonly setup: unknown
  readonly step: number
  readonly timeOrigin: number
  readonly marks: readonly Mark[]
}

const MAX_MARKS = 500
const PLUGIN_VERBS: Partial<Record<PluginState, string>> = {
  running: 'enabled',
  stopped: 'stopped',
}

/** The marks of a run that is on, after an event; the same list where it leaves none. */
export function reduceMarks(run: Marked, event: EngineEvent): readonly Mark[] {
  switch (event.type) {
    case 'plugin.reloaded': {
      const { names, durationMs } = event.data
      const marks = withoutParts(run, names, event.time - durationMs)
      return addMark({ ...run, marks }, event, {
        kind: 'swap',
        label: `${whichOf(names)} swapped`,
      })
    }
    case 'plugin.reload_failed':
      return addMark(run, event, { kind: 'failure', label: notTaken(event.data) })
    case 'plugin.state': {
      const { name, state } = event.data
      const verb = PLUGIN_VERBS[state]
      if (verb === undefined || run.setup === undefined) return run.marks
      return addMark(run, event, { kind: 'plugin', label: `${name} ${verb}`, plugin: name })
    }
    case 'hook.failed':
      return event.data.isQuarantined
        ? addMark(run, event, { kind: 'failure', label: `${event.data.plugin} quarantined` })
        : run.marks
    default:
      return run.marks
  }
}

/** Ends that the device made. */
const DEVICE_ENDS: Partial<Record<string, string>> = {
  'device.lost': 'device lost',
  'device.memory': 'out of memory',
  'device.refused': 'command refused',
}

/** The marks of a run that is told to be in a state: its end may be one. */
export function markEnd(
  run: Marked,
  { time, data: { step, reason, message, error } }: Extract<EngineEvent, { type: 'run.state' }>,
): readonly Mark[] {
  if (reason === 'early_stopped')
    return addMark(run, { time, step }, { kind: 'stop', label: message ?? 'stopped early' })
  const label = error && DEVICE_ENDS[error.code]
  return label === undefined ? run.marks : addMark(run, { time, step }, { kind: 'failure', label })
}

/** The marks with one more, at the step in which it happened: that of the run, where no event has it. */
export function addMark(
  { marks, step, timeOrigin }: Omit<Marked, 'setup'>,
  event: Pick<EngineEvent, 'time' | 'step'>,
  made: Pick<Mark, 'kind' | 'label' | 'plugin'>,
): readonly Mark[] {
  const time = Math.max(0, event.time - timeOrigin)
  const added = { ...made, step: event.step ?? step, time }
  // The newest are kept.
  return [...marks, added].slice(-MAX_MARKS)
}

/** A swap stops its plugins and starts them anew: that is one thing, not three. */
function withoutParts(
  { marks, timeOrigin }: Marked,
  names: readonly string[],
  since: number,
): Mark[] {
  const isPart = ({ plugin, time }: Mark) =>
    plugin !== undefined && names.includes(plugin) && time >= since - timeOrigin
  return marks.filter((it) => !isPart(it))
}

/** A wrong setting keeps its whole file out, whichever plugins the edit was for. */
const notTaken = ({ names, error }: EventData<'plugin.reload_failed'>): string =>
  error.source && error.code.startsWith('config.')
    ? `${error.source.file} refused`
    : `${whichOf(names)} not swapped`

/** Names of plugins, short enough for a chart. */
const whichOf = (names: readonly string[]): string =>
  names.length === 1 ? names[0]! : names.length === 0 ? 'project' : `${names.length} plugins`
