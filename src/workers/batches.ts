// Collects events into few messages: each costs the page a task, and the supervisor counts them.
import type { EventRecord } from '#sdk'

/** Ten pictures a second look alive; more keep the page busy drawing, on small machines too busy to type in. */
const INTERVAL_MS = 100
/** What someone waits for: whether an edit was taken. */
const AT_ONCE: ReadonlySet<string> = new Set(['plugin.reloaded', 'plugin.reload_failed'])
/** Sent at once when reached, so that no batch outgrows what one message may hold. */
const MAX_EVENTS = 2000

/**
 * The first event after a pause and what became of an edit go out at once, the rest within `INTERVAL_MS`: a loop
 * that never returns to its timer keeps back what came within that time at most.
 */
export function batched(
  send: (events: readonly EventRecord[]) => void,
): (event: EventRecord) => void {
  let waiting: EventRecord[] = []
  let sentAt = -Infinity
  let timer: ReturnType<typeof setTimeout> | undefined

  function flush() {
    clearTimeout(timer)
    timer = undefined
    sentAt = performance.now()
    const events = waiting
    waiting = []
    send(events)
  }

  return (event) => {
    waiting.push(event)
    const wait = sentAt + INTERVAL_MS - performance.now()
    if (wait <= 0 || waiting.length >= MAX_EVENTS || AT_ONCE.has(event.type)) flush()
    else timer ??= setTimeout(flush, wait)
  }
}
