// Tells the supervisor, at once and from inside synchronous work, that the worker lives and whose code runs.

/** Beats closer together than this cost more than they tell. */
const BEAT_INTERVAL_MS = 100
/** The supervisor takes more than 1,500 signs a second for a flood. A label costs about 7 µs. */
const LABEL_PERIOD_MS = 200
const SIGNS_PER_PERIOD = 240
/** Each label has a share of them, as each may make two signs: code that runs at every step leaves room for other. */
const LABELS_PER_PERIOD = SIGNS_PER_PERIOD / 2
const MOST_OF_ONE = LABELS_PER_PERIOD / 3

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
  let signsLeft = SIGNS_PER_PERIOD
  /** How often each label was sent in this period; 0 for those that found no room. */
  const sent = new Map<string, number>()
  let share = MOST_OF_ONE
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
        signsLeft = SIGNS_PER_PERIOD
        share = Math.max(1, Math.min(MOST_OF_ONE, LABELS_PER_PERIOD / Math.max(1, sent.size)))
        sent.clear()
      }
      const count = sent.get(label) ?? 0
      // One is left for the end of the last name: better none than a stale one.
      const isNamed = label !== '' && count < share && signsLeft > 1
      if (label !== '') sent.set(label, isNamed ? count + 1 : count)
      const next = isNamed ? label : ''
      if (next === entered) return
      signsLeft--
      entered = next
      port.postMessage(['enter', entered])
    },
  }
}
