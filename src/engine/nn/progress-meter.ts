// Speed of a run over the last seconds of training.

const INTERVAL_MS = 300
const WINDOW_MS = 5000

export interface Speed {
  stepsPerSecond: number
  examplesPerSecond: number
}

/** Counts steps and examples over a moving window of time spent in training: pauses do not count. */
export class ProgressMeter {
  /** Running totals, oldest first; times as the stopwatch has them. */
  #marks: { time: number; steps: number; examples: number }[] = []
  #steps = 0
  #examples = 0
  #reportedAt = 0
  #heldAt: number | undefined
  #heldMs = 0

  constructor(readonly now: () => number) {}

  /** Stops the watch, for a pause or a validation. */
  hold(): void {
    this.#heldAt ??= this.now()
  }

  /** Lets the watch go on. */
  go(): void {
    if (this.#heldAt !== undefined) this.#heldMs += this.now() - this.#heldAt
    this.#heldAt = undefined
    if (this.#marks.length === 0) this.#mark()
  }

  count(examples: number): void {
    this.#steps += 1
    this.#examples += examples
  }

  /** The speed, when the last report is long enough ago or `isForced`. */
  report(isForced = false): Speed | undefined {
    if (!isForced && this.now() - this.#reportedAt < INTERVAL_MS) return undefined
    this.#reportedAt = this.now()
    const last = this.#mark()
    const first = this.#marks[0]!
    const seconds = (last.time - first.time) / 1000
    if (seconds <= 0) return { stepsPerSecond: 0, examplesPerSecond: 0 }
    return {
      stepsPerSecond: (last.steps - first.steps) / seconds,
      examplesPerSecond: (last.examples - first.examples) / seconds,
    }
  }

  /** Marks the present and drops marks until one is left at or before the window's begin. */
  #mark() {
    const time = (this.#heldAt ?? this.now()) - this.#heldMs
    const mark = { time, steps: this.#steps, examples: this.#examples }
    this.#marks.push(mark)
    while (this.#marks.length > 2 && this.#marks[1]!.time <= time - WINDOW_MS) this.#marks.shift()
    return mark
  }
}
