// The one stream of events: numbered without gaps, kept in order, delivered to subscribers inside the engine.
import type { EventData, EventType } from '#protocol'
import { EngineError, type EventRecord, noteRead, type Undo } from '#sdk'
import { copyOf } from '../plain.ts'

/** Events kept for late subscribers inside the engine. */
const KEPT = 1000
/** Most events that one event may bring about through subscribers, and theirs, before they are left alone. */
const MAX_ANSWERS = 10_000

interface Subscriber {
  readonly matches: (type: string) => boolean
  readonly handle: (event: EventRecord) => void
}

/** Matches an exact type, or any that begins as a pattern ending in `*` does. */
function matcher(pattern: string): (type: string) => boolean {
  if (!pattern.endsWith('*')) return (type) => type === pattern
  const start = pattern.slice(0, -1)
  return (type) => type.startsWith(start)
}

/** The event for one reader: what it does to the data, of which it gets a copy when it asks, nobody else sees. */
function readable(record: EventRecord): EventRecord {
  let copy: unknown
  return {
    ...record,
    get data() {
      return (copy ??= copyOf(record.data))
    },
  }
}

const endless = ({ type }: EventRecord): EngineError =>
  new EngineError({
    code: 'hook.recursion',
    message: `subscribers answered each other with ${MAX_ANSWERS} events, the last of them \`${type}\`; they get no more of them`,
    hint: 'let a subscriber not emit, or log, what it subscribes to',
  })

export interface EventBusOptions {
  now(): number
  /** Steps that the run has done; `undefined` while none trains. */
  step(): number | undefined
  /** Gets every event, in order, before any subscriber. */
  onEvent(record: EventRecord): void
  /** A subscriber threw; the others were served. */
  onFailure(thrown: unknown, record: EventRecord): void
}

export class EventBus {
  readonly #options: EventBusOptions
  #seq = 0
  #subscribers: readonly Subscriber[] = []
  readonly #recent: EventRecord[] = []
  readonly #undelivered: EventRecord[] = []
  #isDelivering = false

  constructor(options: EventBusOptions) {
    this.#options = options
  }

  /** Emits one of the engine's own events. */
  emit<T extends EventType>(type: T, data: EventData<T>, plugin?: string): void {
    this.publish(type, data, plugin)
  }

  /** Emits an event of any type. */
  publish(type: string, data: unknown, plugin?: string): void {
    noteRead(`emits the event ${type}`)
    const record: EventRecord = { seq: ++this.#seq, time: this.#options.now(), type, data }
    const step = this.#options.step()
    if (step !== undefined) record.step = step
    if (plugin !== undefined) record.plugin = plugin
    this.#recent.push(record)
    if (this.#recent.length > KEPT) this.#recent.shift()
    this.#options.onEvent(record)
    if (this.#subscribers.length === 0) return
    // An event that a subscriber emits is delivered after the present one, so that all see one order.
    this.#undelivered.push(record)
    if (!this.#isDelivering) this.#deliver()
  }

  #deliver(): void {
    this.#isDelivering = true
    let left = MAX_ANSWERS
    for (let record = this.#undelivered.shift(); record; record = this.#undelivered.shift()) {
      if (left-- === 0) {
        // Those in the queue have gone to the host; subscribers of the engine do without.
        this.#undelivered.length = 0
        this.#options.onFailure(endless(record), record)
        this.#undelivered.length = 0
        break
      }
      const subscribers = this.#subscribers
      for (const subscriber of subscribers) {
        if (!subscriber.matches(record.type) || !this.#subscribers.includes(subscriber)) continue
        try {
          subscriber.handle(readable(record))
        } catch (thrown) {
          this.#options.onFailure(thrown, record)
        }
      }
    }
    this.#isDelivering = false
  }

  /** Subscribes to an exact type or, with a trailing `*`, to all that begin so. */
  on(pattern: string, handle: (event: EventRecord) => void): Undo {
    const subscriber: Subscriber = { matches: matcher(pattern), handle }
    this.#subscribers = [...this.#subscribers, subscriber]
    return () => {
      this.#subscribers = this.#subscribers.filter((other) => other !== subscriber)
    }
  }

  /** The last events of a pattern, oldest first; older than the last 1,000 events are gone. */
  recent(pattern = '*'): EventRecord[] {
    noteRead('looks at past events')
    const matches = matcher(pattern)
    return this.#recent.filter(({ type }) => matches(type)).map(readable)
  }
}
