// Events on record, and what a test can ask of them.
import { chai, equals, iterableEquality, subsetEquality } from '@vitest/expect'
import type { EventData, EventType } from '#protocol'
import type { EventRecord } from '#sdk'

interface Waiting {
  readonly isIt: (record: EventRecord) => boolean
  resolve(record: EventRecord): void
}

/** Exact type, or all that begin as a pattern ending in `*` does. */
const matches = (pattern: string, type: string): boolean =>
  pattern.endsWith('*') ? type.startsWith(pattern.slice(0, -1)) : type === pattern

export class EventLog {
  readonly #records: EventRecord[] = []
  readonly #waiting = new Set<Waiting>()

  /** Takes an event on record. */
  readonly add = (record: EventRecord): void => {
    this.#records.push(record)
    for (const waiting of this.#waiting) {
      if (!waiting.isIt(record)) continue
      this.#waiting.delete(waiting)
      waiting.resolve(record)
    }
  }

  /** Events of a type, or of a pattern such as `plugin.*`, oldest first. */
  all(pattern = '*'): readonly EventRecord[] {
    return this.#records.filter(({ type }) => matches(pattern, type))
  }

  /** Data of the events of one of the engine's types. */
  data<T extends EventType>(type: T): EventData<T>[] {
    return this.all(type).map(({ data }) => data as EventData<T>)
  }

  /** Resolves with the first event of a pattern that `isIt` holds for: one on record, or one to come. */
  once(pattern: string, isIt: (record: EventRecord) => boolean = () => true): Promise<EventRecord> {
    const wanted = (record: EventRecord): boolean => matches(pattern, record.type) && isIt(record)
    const known = this.#records.find(wanted)
    if (known) return Promise.resolve(known)
    return new Promise((resolve) => void this.#waiting.add({ isIt: wanted, resolve }))
  }

  /**
   * The last event of a pattern whose data has all of `data`: keys that `data` leaves out may be anything,
   * as with `toMatchObject`. Throws an assertion error that lists what was emitted instead.
   */
  assertEmitted(pattern: string, data?: unknown): EventRecord {
    const found = this.all(pattern)
    const fitting = found.findLast((record) => data === undefined || isLike(record.data, data))
    if (fitting) return fitting
    const problem =
      found.length > 0
        ? `none of the ${found.length} events \`${pattern}\` has the data expected`
        : `no event \`${pattern}\` was emitted; there were ${this.#types()}`
    const difference = found.length > 0 ? { actual: found.at(-1)!.data, expected: data } : undefined
    throw new chai.AssertionError(problem, difference, this.assertEmitted)
  }

  /** Throws an assertion error when there is an event of the pattern. */
  assertNotEmitted(pattern: string): void {
    const [found] = this.all(pattern)
    if (!found) return
    const problem = `an event \`${found.type}\` was emitted, number ${found.seq}`
    throw new chai.AssertionError(problem, undefined, this.assertNotEmitted)
  }

  /** Forgets what was emitted so far. */
  clear(): void {
    this.#records.length = 0
  }

  #types(): string {
    return [...new Set(this.#records.map(({ type }) => type))].join(', ') || 'none at all'
  }
}

const isLike = (actual: unknown, expected: unknown): boolean =>
  equals(actual, expected, [iterableEquality, subsetEquality])
