// Log lines of plugins and of the engine, as events of the stream: those that the project wants to have.
import { type EventData, MAX_NAME, MAX_TEXT } from '#protocol'
import {
  errorInfo,
  type LogFields,
  type Logger,
  type LogLevel,
  logLevels,
  noteRead,
  type SourceLocation,
} from '#sdk'
import type { Logging } from '../config/index.ts'
import type { EventBus } from '../events/event-bus.ts'
import { plainCopy } from '../plain.ts'

/** Lines of a level in a second that are told with their place, which costs 50 µs: nobody reads more. */
const PLACED_PER_SECOND = 200

export class Logs {
  readonly #bus: Pick<EventBus, 'emit'>
  readonly #logging: () => Logging

  readonly #place: () => SourceLocation | undefined
  /** How many lines of a level had their place since when. */
  readonly #told = new Map<LogLevel, { sinceMs: number; lines: number }>()

  /**
   * `logging` gives what the project says now: an edit of it holds from the next line on. `place` gives where user
   * code is at the moment.
   */
  constructor(
    bus: Pick<EventBus, 'emit'>,
    logging: () => Logging,
    place: () => SourceLocation | undefined,
  ) {
    this.#bus = bus
    this.#logging = logging
    this.#place = place
  }

  /** The logger of a plugin; without one, of the engine itself. */
  of(plugin?: string): Logger {
    return this.#logger(plugin, undefined)
  }

  #logger(plugin: string | undefined, bound: LogFields | undefined): Logger {
    const log =
      (level: LogLevel) =>
      (message: string, fields?: LogFields): void => {
        noteRead('writes to the log')
        // Before anything that costs.
        if (!this.#isKept(level, plugin)) return
        const own = fields && plainFields(fields)
        const all = bound && own ? { ...bound, ...own } : (own ?? bound)
        const source = plugin === undefined ? undefined : this.#placed(level)
        this.write({ level, message: String(message), fields: all, source }, plugin)
      }
    return {
      debug: log('debug'),
      info: log('info'),
      warn: log('warn'),
      error: log('error'),
      child: (fields) => this.#logger(plugin, { ...bound, ...plainFields(fields) }),
    }
  }

  /** The place of a line, but for those of a flood. */
  #placed(level: LogLevel): SourceLocation | undefined {
    const nowMs = performance.now()
    let told = this.#told.get(level)
    if (!told || nowMs - told.sinceMs > 1000)
      this.#told.set(level, (told = { sinceMs: nowMs, lines: 0 }))
    return ++told.lines <= PLACED_PER_SECOND ? this.#place() : undefined
  }

  /** Emits a line, where the project wants to have it. */
  write(line: EventData<'log'>, plugin?: string): void {
    if (!this.#isKept(line.level, plugin)) return
    this.#bus.emit('log', { ...line, message: line.message.slice(0, MAX_TEXT) }, plugin)
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
