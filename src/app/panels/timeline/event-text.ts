// One line of words for each event of the timeline.
import { type EngineEvent, isEngineEvent } from '#protocol'
import type { ErrorInfo, EventRecord, SourceLocation } from '#sdk'
import type { LostReason } from '../../remote/index.ts'
import { ENGINE_LOST } from '../../store/feed-slices.ts'
import { fieldsOf } from '../log-lines.ts'
import type { Subject } from '../plugin-source/source-places.ts'
import { deviceName } from '../../ui/names.ts'
import { formatBytes, formatDuration, formatValue, plural } from '../../ui/format.ts'

export interface EventLine {
  /** The plugin it is about. */
  subject: string
  text: string
  /** What stands at the end of the line: a time taken. */
  end: string
  tone: 'plain' | 'ok' | 'quiet' | 'warning' | 'danger'
  error: ErrorInfo | undefined
  /** Names and values of what a plugin's own event carries. */
  fields: readonly [name: string, value: string][]
  /** Where it comes from: a line, or a part of a plugin whose line is looked for. */
  from: SourceLocation | PluginPart | undefined
}

export interface PluginPart {
  readonly plugin: string
  readonly subject: Subject
  readonly name: string
}

const took = (durationMs: number | undefined): string =>
  durationMs === undefined ? '' : formatDuration(durationMs)

export function eventLine(record: EventRecord): EventLine {
  const { type, plugin, data } = record
  const line = {
    subject: plugin ?? '',
    end: '',
    tone: 'plain' as const,
    error: undefined,
    fields: [],
    from: undefined,
  }
  if (type === ENGINE_LOST) {
    const { message } = data as LostReason
    return { ...line, text: `engine lost: ${message}`, tone: 'danger' }
  }
  if (!isEngineEvent(record)) {
    const from =
      plugin === undefined ? undefined : ({ plugin, subject: 'event', name: type } as const)
    return { ...line, text: type, fields: fieldsOf({ fields: asFields(data) }), from }
  }
  const told = { ...line, ...words(record) }
  const { error, subject } = told
  const ofPlugin =
    subject === '' || record.type === 'test.result' || record.type === 'tests.end'
      ? undefined
      : ({ plugin: subject.split(', ')[0]!, subject: 'plugin', name: subject } as const)
  return { ...told, from: error?.source ?? told.from ?? ofPlugin }
}

/** What an event carries by name; what has none is its value. */
function asFields(data: unknown): Record<string, unknown> {
  if (data === undefined) return {}
  const isRecord = typeof data === 'object' && data !== null && !Array.isArray(data)
  return isRecord && !ArrayBuffer.isView(data) ? (data as Record<string, unknown>) : { value: data }
}

function words(event: EngineEvent): Partial<EventLine> & { text: string } {
  switch (event.type) {
    case 'device.ready':
      return { text: `device ready: ${deviceName(event.data)}` }
    case 'device.lost':
      return failure('device lost', event.data.error)
    case 'plugin.discovered':
      return { subject: event.data.manifest.name, text: 'discovered', tone: 'quiet' }
    case 'plugin.state': {
      const { name, state, durationMs, stage, cause, error } = event.data
      const base = { subject: name, end: took(durationMs) }
      if (state !== 'failed') return { ...base, text: state, tone: tones[state] ?? 'plain' }
      const where =
        stage === undefined || cause === 'quarantined' ? (cause ?? 'failed') : `failed to ${stage}`
      return { ...base, ...failure(where, error) }
    }
    case 'plugin.removed':
      return { subject: event.data.name, text: 'removed', tone: 'quiet' }
    case 'plugin.reloaded': {
      const { step } = event
      const { names, durationMs, rebuiltModel } = event.data
      const at = step === undefined ? '' : ` at step ${step}`
      const model = rebuiltModel ? ', model rebuilt with its weights' : ''
      return {
        subject: names.join(', '),
        text: `swapped${at}${model}`,
        end: took(durationMs),
        tone: 'ok',
      }
    }
    case 'plugin.reload_failed':
      return {
        subject: event.data.names.join(', '),
        end: took(event.data.durationMs),
        ...failure('kept as it was, the new version failed', event.data.error),
      }
    case 'hook.failed': {
      const { plugin, hook, failures, isQuarantined, error } = event.data
      const count = failures > 1 ? `, ${failures} times in a row` : ''
      const end = isQuarantined ? ' and is quarantined' : ''
      const from = { plugin, subject: 'hook', name: hook } as const
      return { subject: plugin, from, ...failure(`${hook} failed${count}${end}`, error) }
    }
    case 'hook.slow': {
      const { plugin, hook, durationMs } = event.data
      const from = { plugin, subject: 'hook', name: hook } as const
      const end = took(durationMs)
      return { subject: plugin, text: `${hook} is slow`, end, tone: 'warning', from }
    }
    case 'method.called': {
      const { plugin, method, durationMs } = event.data
      const from = { plugin, subject: 'hook', name: method } as const
      return { subject: plugin, text: `${method} was called`, end: took(durationMs), from }
    }
    case 'method.failed': {
      const { plugin, method, durationMs, error } = event.data
      const from = { plugin, subject: 'hook', name: method } as const
      return { subject: plugin, end: took(durationMs), from, ...failure(`${method} failed`, error) }
    }
    case 'error.uncaught':
      return failure('uncaught', event.data.error)
    case 'run.state': {
      const { state, reason, message, error, activity } = event.data
      if (state !== 'ended') return { text: `run ${state}${activity ? `: ${activity}` : ''}` }
      if (reason === 'failed') return failure('run failed', error)
      const ending = (reason ?? 'stopped').replaceAll('_', ' ')
      return { text: `run ${ending}${message ? `: ${message}` : ''}`, tone: 'ok' }
    }
    case 'run.begin':
      return { text: `run begins: ${event.data.name}, ${event.data.totalSteps} steps` }
    case 'run.checkpoint': {
      const { name, step, sizeBytes } = event.data
      return { text: `checkpoint ${name} at step ${step}`, end: formatBytes(sizeBytes) }
    }
    case 'run.checkpoint_removed':
      return { text: `checkpoint ${event.data.name} removed`, tone: 'quiet' }
    case 'run.reference':
      return {
        text: `reference ${event.data.label} = ${formatValue(event.data.value)}`,
        tone: 'quiet',
      }
    case 'service.provided':
      return { text: `provides the service ${event.data.name}`, tone: 'quiet' }
    case 'service.removed':
      return { text: `no longer provides the service ${event.data.name}`, tone: 'quiet' }
    case 'artefact.removed':
      return { text: `removes ${event.data.name}` }
    case 'panel.defined':
      return { text: `panel “${event.data.title}” defined`, tone: 'quiet' }
    case 'panel.removed':
      return { text: `panel ${event.data.id} removed`, tone: 'quiet' }
    case 'test.result': {
      const { file, names, state, durationMs, error, source } = event.data
      const base = { subject: file, end: took(durationMs), from: source }
      const test = names.join(' › ') || 'the file'
      if (state === 'failed') return { ...base, ...failure(`${test} failed`, error) }
      return { ...base, text: `${test} ${state}`, tone: state === 'passed' ? 'ok' : 'quiet' }
    }
    case 'tests.end': {
      const { passed, failed, skipped, durationMs, isStopped } = event.data
      const text = `tests ${isStopped ? 'stopped' : 'ended'}: ${passed} passed, ${failed} failed, ${skipped} skipped`
      return { text, end: took(durationMs), tone: failed > 0 ? 'danger' : 'ok' }
    }
    case 'asset.request':
      return { text: `reads ${event.data.path}`, tone: 'quiet' }
    case 'profile.state': {
      const { state, steps, done } = event.data
      return state === 'recording'
        ? { text: `profiler records ${plural(steps, 'step')}`, tone: 'quiet' }
        : { text: `profiler recorded ${plural(done, 'step')}`, tone: 'quiet' }
    }
    case 'profile.step':
    case 'log':
    case 'run.metrics':
    case 'run.progress':
    case 'run.compiled':
    case 'test.begin':
    case 'panel.shown':
    case 'artefact.saved':
      return { text: event.type }
    default:
      return event satisfies never
  }
}

const tones: Partial<Record<string, EventLine['tone']>> = { running: 'ok', cleaned: 'quiet' }

function failure(text: string, error: ErrorInfo | undefined) {
  return { text: error ? `${text}: ${error.message}` : text, error, tone: 'danger' as const }
}
