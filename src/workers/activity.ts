// Tells the supervisor, at once and from inside synchronous work, that the worker lives and whose code runs.

/** Beats closer together than this cost more than they tell. */
const BEAT_INTERVAL_MS = 100
/** The supervisor takes more than 1,500 signs a second for a flood. A label costs about 7 µs. */
const LABEL_PERIOD_MS = 200
const LABELS_PER_PERIOD = 200
/** Over that, those come through that were not sent in this period; each makes two signs. */
const DIFFERENT_LABELS = 40

export interface Activity {
  /** A sign of life from inside long work. Cheap enough for each kernel: one clock read, seldom a message. */
  beat(): void
  /** Names the plugin and stage whose code runs next; an empty label means the engine's own code. */
  enter(label: string): void
  /** Marks a stretch that is long but not a plugin's fault, such as one kernel; an empty name ends it. */
  work(name: string): void
}

/** Answers the supervisor's pings, one per event-loop turn, and sends beats and labels. */
export function reportActivity(port: MessagePort): Activity {
  let entered = ''
  let labelsLeft = LABELS_PER_PERIOD
  const sent = new Set<string>()
  let periodStartedAt = -Infinity
  let beatAt = -Infinity
  port.onmessage = () => port.postMessage(['turn'])
  return {
    beat() {
      const now = performance.now()
      if (now - beatAt < BEAT_INTERVAL_MS) return
      beatAt = now
      port.postMessage(['beat'])
    },
    work(name) {
      port.postMessage(['work', name])
    },
    enter(label) {
      if (label === entered) return
      const now = performance.now()
      if (now - periodStartedAt >= LABEL_PERIOD_MS) {
        periodStartedAt = now
        labelsLeft = LABELS_PER_PERIOD
        sent.clear()
      }
      // Code that runs at every step must not take the name of code that runs now and then.
      const isSeldom = !sent.has(label) && sent.size < DIFFERENT_LABELS
      // Better no name than a stale one.
      const next = labelsLeft > 0 || isSeldom ? label : ''
      if (next === entered) return
      labelsLeft = Math.max(0, labelsLeft - 1)
      sent.add(next)
      entered = next
      port.postMessage(['enter', entered])
    },
  }
}
