// Which events the timeline lists.
import type { EventRecord } from '#sdk'
import { type EventLine, eventLine } from './event-text.ts'

export const GROUPS = [
  { value: 'all', label: 'All events' },
  { value: 'plugin', label: 'Lifecycle' },
  { value: 'run', label: 'Runs' },
  { value: 'hook', label: 'Hooks' },
  { value: 'method', label: 'Calls' },
  { value: 'test', label: 'Tests' },
  { value: 'own', label: 'Plugins’ own' },
] as const
export type Group = (typeof GROUPS)[number]['value']

export const LEVELS = [
  { value: 'quiet', label: 'All levels' },
  { value: 'plain', label: 'No small ones' },
  { value: 'warning', label: 'Slow and failed' },
  { value: 'danger', label: 'Failed' },
] as const
export type Level = (typeof LEVELS)[number]['value']

/** In place of the name of a plugin: those of all. */
export const ALL = '*'

export interface TimelineFilter {
  /** A part of what stands in the line; any case. */
  readonly query: string
  readonly group: Group
  /** The least grave one shown. */
  readonly level: Level
  readonly plugin: string
}

const GRAVITY = { quiet: 0, plain: 1, ok: 1, warning: 2, danger: 3 } as const

/** Types of the engine's own events begin with one of these. */
const ENGINE_GROUPS: ReadonlySet<string> = new Set([
  'engine',
  'plugin',
  'run',
  'hook',
  'device',
  'panel',
  'asset',
  'artefact',
  'service',
  'method',
  'test',
  'tests',
  'error',
  'log',
  'profile',
])

function isInGroup({ type }: EventRecord, group: Group): boolean {
  if (group === 'all') return true
  const prefix = type.slice(0, Math.max(0, type.indexOf('.')))
  if (group === 'own') return !ENGINE_GROUPS.has(prefix)
  return prefix === group || (group === 'test' && prefix === 'tests')
}

/** Lines are made once for each record. */
const lines = new WeakMap<EventRecord, EventLine>()

export function lineOf(record: EventRecord): EventLine {
  let line = lines.get(record)
  if (!line) lines.set(record, (line = eventLine(record)))
  return line
}

/** Plugins that an event is about. */
export const pluginsOf = (record: EventRecord): readonly string[] => {
  const { subject } = lineOf(record)
  return subject === '' || record.type.startsWith('test') ? [] : subject.split(', ')
}

export function filterEvents(
  records: readonly EventRecord[],
  { query, group, level, plugin }: TimelineFilter,
): readonly EventRecord[] {
  const wanted = query.trim().toLowerCase()
  const least = GRAVITY[level]
  return records.filter((record) => {
    if (!isInGroup(record, group)) return false
    const { subject, text, tone, fields } = lineOf(record)
    if (GRAVITY[tone] < least) return false
    if (plugin !== ALL && !pluginsOf(record).includes(plugin)) return false
    if (wanted === '') return true
    return [subject, record.type, text, ...fields.flat()].join(' ').toLowerCase().includes(wanted)
  })
}
