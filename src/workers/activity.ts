// Tells the supervisor, at once and from inside synchronous work, that the worker lives and whose code runs.

/** Beats closer together than this cost more than they tell. */
const BEAT_INTERVAL_MS = 100
/** The supervisor takes more labels for a flood. Each costs about 7 µs. */
const LABEL_PERIOD_MS = 200
const LABELS_PER_PERIOD = 200

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
      const now = performance.now()
      if (now - periodStartedAt >= LABEL_PERIOD_MS) {
        periodStartedAt = now
        labelsLeft = LABELS_PER_PERIOD
      }
      if (label === entered || labelsLeft === 0) return
      labelsLeft--
      // Better no name than a stale one for the rest of the period.
      entered = labelsLeft === 0 ? '' : label
      port.postMessage(['enter', entered])
    },
  }
}
