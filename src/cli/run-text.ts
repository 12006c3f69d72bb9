// How a run reads in a terminal: numbers, progress, the summary at its end.
import type { EventData } from '#protocol'
import type { DeviceInfo } from '#sdk'

export type RunState = EventData<'run.state'>

/** What is known of a run so far. */
export interface RunSummary {
  begin: EventData<'run.begin'> | undefined
  progress: EventData<'run.progress'> | undefined
  /** Last value of each metric. */
  metrics: ReadonlyMap<string, number>
}

/** Four digits: `2.303`, `0.0001234`, `1.2e+6`. */
const short = (value: number): string => String(Number(value.toPrecision(4)))

/** `4.2 s`, `3 min 20 s`, `2 h 5 min`. */
function duration(ms: number): string {
  const seconds = ms / 1000
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  if (seconds < 60) return `${Math.round(seconds)} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

const values = (metrics: ReadonlyMap<string, number>): string[] =>
  [...metrics].map(([name, value]) => `${name} ${short(value)}`)

/** `val_loss 0.31 · val_accuracy 0.9667` */
export const metricsText = (metrics: ReadonlyMap<string, number>): string =>
  values(metrics).join(' · ')

/** Epoch, step, metrics, speed and time left, as one line; `undefined` before the first metrics. */
export function progressLine({ begin, progress, metrics }: RunSummary): string | undefined {
  if (!begin || !progress || metrics.size === 0) return undefined
  const { stepsPerEpoch, totalSteps } = begin
  const { epoch, step, stepsPerSecond, remainingMs } = progress
  return [
    `epoch ${epoch}/${Math.ceil(totalSteps / stepsPerEpoch)}`,
    `step ${step}/${totalSteps}`,
    ...values(metrics),
    `${short(stepsPerSecond)} steps/s`,
    ...(!remainingMs ? [] : [`${duration(remainingMs)} left`]),
  ].join(' · ')
}

const ENDINGS = {
  finished: 'Finished',
  stopped: 'Stopped',
  early_stopped: 'Stopped early',
  failed: 'Failed',
} as const satisfies Record<NonNullable<RunState['reason']>, string>

/** What the run came to, in a few lines. */
export function summaryText(
  { metrics }: RunSummary,
  { reason, step, epoch, message }: RunState,
  { label, reason: why }: DeviceInfo,
  durationMs: number,
): string {
  const lines = [
    `${ENDINGS[reason ?? 'finished']} after ${step} steps (epoch ${epoch}) in ${duration(durationMs)}${message ? `: ${message}` : ''}`,
    ...(metrics.size > 0 ? [`  ${metricsText(metrics)}`] : []),
    `  on ${label} (${why})`,
  ]
  return `${lines.join('\n')}\n`
}
