// The services that every engine has: what a plugin's context gives by name, and three more.
import { defineService } from './services.ts'

/** Ends what it was given for; calling it again does nothing. */
export type Undo = () => void

/** Levels of log lines, the least severe first. */
export const logLevels = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof logLevels)[number]

/** What a log line says besides its message, by name; what is no plain data is written as text. */
export type LogFields = Readonly<Record<string, unknown>>

/**
 * Log lines carry the plugin's name. Those below the level that `logging:` of the project file sets are
 * dropped before anything is made of them.
 */
export interface Logger {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
  /** A logger whose lines all have these fields, in the values that they have now. */
  child(fields: LogFields): Logger
}
/** The plugin's own logger, `ctx.log`. */
export const Logger = defineService<Logger>('core.logger')

/**
 * A record of something that happened. `seq` counts without gaps; `time` is in ms since the epoch; `step` counts the
 * steps that the run had done, while one trains.
 */
export interface EventRecord<D = unknown> {
  seq: number
  time: number
  step?: number | undefined
  type: string
  plugin?: string | undefined
  data: D
}

/**
 * Data of plugins' own events, by type. Plugins that want theirs typed merge them into this interface; an event
 * that is not in it has data of any form.
 */
// oxlint-disable-next-line typescript/no-empty-object-type -- made to be merged into
export interface Events {}

/** Data of the events that a type or pattern stands for. */
export type DataOf<T extends string> = T extends keyof Events ? Events[T] : unknown

/** The one stream of events. Patterns are exact types or end in `*` (`plugin.*`, `*`). */
export interface EventStream {
  /** Emits an event under the plugin's name; `data` must be plain, cloneable data. */
  emit<T extends string>(
    type: T,
    ...data: undefined extends DataOf<T> ? [data?: DataOf<T>] : [data: DataOf<T>]
  ): void
  on<T extends string>(pattern: T, handler: (event: EventRecord<DataOf<T>>) => void): Undo
  /** The last events of a pattern, oldest first; older than the last 1,000 of the engine are gone. */
  recent(pattern?: string): readonly EventRecord[]
}
/** The event bus as the plugin sees it, `ctx.events`. */
export const EventStream = defineService<EventStream>('core.events')

/** The device that training runs on. */
export interface DeviceInfo {
  backend: 'webgpu' | 'webgl' | 'wasm' | 'cpu'
  /** Name for people, for example the adapter's description. */
  label: string
  /** Why this backend was chosen. */
  reason: string
  isSoftware: boolean
  features: readonly string[]
  /** What was measured on the adapter, now or by an engine before this one. */
  measured?: Measured | undefined
}
/** The fastest way to compute something on one adapter, by its description. */
export interface Measured {
  readonly adapter: string
  /** Products of matrices. */
  readonly products: string
}
/** `ctx.device`; asking for it throws `device.unavailable` while there is none. */
export const DeviceInfo = defineService<DeviceInfo>('core.device')

/** Time as the engine has it; tests put a clock of their own in its place. */
export interface Clock {
  /** In ms since the epoch. */
  now(): number
  /** Resolves after `delayMs`; rejects with the signal's reason as soon as that aborts. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>
}
export const Clock = defineService<Clock>('core.clock')

/** What was noted of one quantity. */
export interface MetricSummary {
  name: string
  /** `ms` for timers, empty for plain values. */
  unit: '' | 'ms'
  count: number
  total: number
  min: number
  max: number
}

/** Counts and times what a plugin does, by names of its own; shown with the plugin. */
export interface MetricsCollector {
  /** Notes a value; 1 for each thing that is only counted. */
  record(name: string, value: number): void
  /** Starts a timer. Calling what it returns notes the time since, once, and returns it in ms. */
  timer(name: string): () => number
  /** What this plugin has noted since it was loaded. */
  summaries(): readonly MetricSummary[]
}
export const MetricsCollector = defineService<MetricsCollector>('core.metrics')

/** A named piece of data as lists show it. */
export interface ArtefactInfo {
  name: string
  /** Media type, such as `text/plain`. */
  type: string
  sizeBytes: number
  /** The plugin that wrote it. */
  plugin: string
}

/**
 * Named pieces of data that plugins leave for the user, who may open and download them. They stay when
 * their plugin goes. A name belongs to the plugin that took it first.
 */
export interface Artefacts {
  /**
   * Keeps `content` under a name such as `logs/run.jsonl`; it takes the place of an earlier one. Throws
   * `artefact.invalid` for a bad name, one of another plugin, and for more than 64 MiB in one engine.
   */
  put(name: string, content: string | Uint8Array, options?: { type?: string }): ArtefactInfo
  /** Adds text at the end, to an empty artefact when there is none. Throws as `put` does. */
  append(name: string, text: string, options?: { type?: string }): ArtefactInfo
  /** A copy of its bytes; `undefined` when there is none. */
  read(name: string): Uint8Array<ArrayBuffer> | undefined
  list(): readonly ArtefactInfo[]
  /** Does nothing when there is none. */
  remove(name: string): void
}
export const Artefacts = defineService<Artefacts>('core.artefacts')
