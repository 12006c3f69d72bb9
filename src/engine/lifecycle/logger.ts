// Log lines of a plugin, as events of the stream.
import { MAX_NAME, MAX_TEXT } from '#protocol'
import type { Logger, LogLevel } from '#sdk'
import type { EventBus } from '../events/event-bus.ts'
import { plainCopy } from '../plain.ts'

export function pluginLogger(bus: EventBus, plugin: string): Logger {
  const log =
    (level: LogLevel) =>
    (message: string, fields?: Record<string, unknown>): void => {
      const text = String(message).slice(0, MAX_TEXT)
      bus.emit('log', { level, message: text, fields: fields && plainFields(fields) }, plugin)
    }
  return { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') }
}

/** The fields, with those that are no plain data written out as text. */
function plainFields(fields: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(fields).map(([key, value]): [string, unknown] => {
    try {
      return [key.slice(0, MAX_NAME), plainCopy(value)]
    } catch {
      return [key.slice(0, MAX_NAME), String(value)]
    }
  })
  return Object.fromEntries(entries)
}
