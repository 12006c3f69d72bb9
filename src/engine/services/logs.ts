// Log lines of plugins and of the engine, as events of the stream: those that the project wants to have.
import { MAX_NAME, MAX_TEXT } from '#protocol'
import { errorInfo, type LogFields, type Logger, type LogLevel, logLevels } from '#sdk'
import type { Logging } from '../config/index.ts'
import type { EventBus } from '../events/event-bus.ts'
import { plainCopy } from '../plain.ts'

export class Logs {
  readonly #bus: Pick<EventBus, 'emit'>
  readonly #logging: () => Logging

  /** `logging` gives what the project says now: an edit of it holds from the next line on. */
  constructor(bus: Pick<EventBus, 'emit'>, logging: () => Logging) {
    this.#bus = bus
    this.#logging = logging
  }

  /** The logger of a plugin; without one, of the engine itself. */
  of(plugin?: string): Logger {
    return this.#logger(plugin, undefined)
  }

  #logger(plugin: string | undefined, bound: LogFields | undefined): Logger {
    const log =
      (level: LogLevel) =>
      (message: string, fields?: LogFields): void => {
        if (!this.#isKept(level, plugin)) return
        const text = String(message).slice(0, MAX_TEXT)
        const own = fields && plainFields(fields)
        const all = bound && own ? { ...bound, ...own } : (own ?? bound)
        this.#bus.emit('log', { level, message: text, fields: all }, plugin)
      }
    return {
      debug: log('debug'),
      info: log('info'),
      warn: log('warn'),
      error: log('error'),
      child: (fields) => this.#logger(plugin, { ...bound, ...plainFields(fields) }),
    }
  }

  #isKept(level: LogLevel, plugin: string | undefined): boolean {
    const { level: common, plugins } = this.#logging()
    const isNamed = plugin !== undefined && Object.hasOwn(plugins, plugin)
    return rank[level] >= rank[isNamed ? plugins[plugin]! : common]
  }
}

const rank = Object.fromEntries(logLevels.map((level, i) => [level, i])) as Record<LogLevel, number>

/** A copy of the fields, with those that are no plain data written out as text. */
function plainFields(fields: LogFields): Record<string, unknown> {
  const entries = Object.entries(fields).map(([key, value]): [string, unknown] => {
    try {
      return [key.slice(0, MAX_NAME), plainCopy(value)]
    } catch {
      return [key.slice(0, MAX_NAME), errorInfo(value).message]
    }
  })
  return Object.fromEntries(entries)
}
