// Tells the supervisor, at once and from inside synchronous work, that the worker lives and whose code runs.

/** Beats closer together than this cost more than they tell. */
const BEAT_INTERVAL_MS = 100
/** Labels sent in one second; the supervisor takes more for a flood. Each costs about 7 µs. */
const LABELS_PER_SECOND = 1500

export interface Activity {
  /** A sign of life from inside long work. Cheap enough for each kernel: one clock read, seldom a message. */
  beat(): void
  /** Names the plugin and stage whose code runs next; an empty label means the engine's own code. */
  enter(label: string): void
}

/** Answers the supervisor's pings, one per event-loop turn, and sends beats and labels. */
export function reportActivity(port: MessagePort): Activity {
  let entered = ''
  let labelsLeft = LABELS_PER_SECOND
  let secondStartedAt = -Infinity
  let beatAt = -Infinity
  port.onmessage = () => port.postMessage(['turn'])
  return {
    beat() {
      const now = performance.now()
      if (now - beatAt < BEAT_INTERVAL_MS) return
      beatAt = now
      port.postMessage(['beat'])
    },
    enter(label) {
      const now = performance.now()
      if (now - secondStartedAt >= 1000) {
        secondStartedAt = now
        labelsLeft = LABELS_PER_SECOND
      }
      if (label === entered || labelsLeft === 0) return
      labelsLeft--
      // Better no name than a stale one for the rest of the second.
      entered = labelsLeft === 0 ? '' : label
      port.postMessage(['enter', entered])
    },
  }
}
