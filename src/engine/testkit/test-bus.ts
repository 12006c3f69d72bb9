// An event bus of its own, for what takes one, with all its events on record.
import type { EventRecord, EventStream, Undo } from '#sdk'
import { EventBus } from '../events/event-bus.ts'
import { EventLog } from './event-log.ts'

/** The stream to hand on, and the record of what went through it. */
export interface TestBus extends EventStream {
  readonly log: EventLog
}

/** The engine's own bus without an engine. What a subscriber throws is thrown by `emit`. */
export function createTestBus({ now = () => 0 }: { now?: () => number } = {}): TestBus {
  const log = new EventLog()
  const thrown: unknown[] = []
  const bus = new EventBus({
    now,
    step: () => undefined,
    onEvent: log.add,
    onFailure: (error) => void thrown.push(error),
  })
  return {
    log,
    emit(type: string, data?: unknown): void {
      bus.publish(type, structuredClone(data))
      if (thrown.length > 0) throw thrown.splice(0)[0]
    },
    on: (pattern: string, handler: (event: EventRecord<never>) => void): Undo =>
      bus.on(pattern, handler as (event: EventRecord) => void),
    recent: (pattern?: string): readonly EventRecord[] => bus.recent(pattern),
  }
}
