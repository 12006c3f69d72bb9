// What the timeline and the console list: bounded records of events and log lines.
import type { EventRecord, LogLevel, SourceLocation } from '#sdk'
import { type EngineEvent, isEngineEvent } from '#protocol'
import { appendBounded, type Bounded } from './bounded.ts'

export const MAX_TIMELINE = 5_000
export const MAX_LOGS = 2_000

/** The page's own record in the timeline: an engine can't report its end. */
export const ENGINE_LOST = 'engine.lost'

export interface LogLine {
  seq: number
  time: number
  plugin: string | undefined
  level: LogLevel
  message: string
  fields: Record<string, unknown> | undefined
  /** Where the plugin wrote it. */
  source: SourceLocation | undefined
}

/** A line that the page adds. */
export type OwnLine = Pick<LogLine, 'level' | 'plugin' | 'message'>

/** Streams with a view of their own, too frequent for a list of what happened. */
const OWN_VIEW: ReadonlySet<string> = new Set<EngineEvent['type']>([
  'run.metrics',
  'run.progress',
  'run.compiled',
  'panel.shown',
  'profile.step',
  'artefact.saved',
  'test.begin',
  'log',
])

export function reduceTimeline(
  timeline: Bounded<EventRecord>,
  records: readonly EventRecord[],
): Bounded<EventRecord> {
  return appendBounded(
    timeline,
    records.filter(({ type }) => !OWN_VIEW.has(type)),
    MAX_TIMELINE,
  )
}

export function reduceLogs(
  logs: Bounded<LogLine>,
  records: readonly EventRecord[],
): Bounded<LogLine> {
  const lines: LogLine[] = []
  for (const record of records) {
    if (!isEngineEvent(record) || record.type !== 'log') continue
    const { seq, time, plugin, data } = record
    const { level, message, fields, source } = data
    lines.push({ seq, time, plugin, level, message, fields, source })
  }
  return appendBounded(logs, lines, MAX_LOGS)
}

export const addLine = (logs: Bounded<LogLine>, line: OwnLine, time: number): Bounded<LogLine> =>
  appendBounded(logs, [{ ...line, seq: -1, time, fields: undefined, source: undefined }], MAX_LOGS)
