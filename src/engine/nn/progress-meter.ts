// Speed of a run over the last seconds.

const INTERVAL_MS = 300
const WINDOW_MS = 5000

export interface Speed {
  stepsPerSecond: number
  examplesPerSecond: number
}

/** Counts steps and examples over a moving window. Pauses do not count: call `restart` after one. */
export class ProgressMeter {
  /** Running totals, oldest first. */
  #marks: { time: number; steps: number; examples: number }[] = []
  #steps = 0
  #examples = 0
  #reportedAt = 0

  constructor(readonly now: () => number) {}

  restart(): void {
    this.#marks = [{ time: this.now(), steps: this.#steps, examples: this.#examples }]
  }

  count(examples: number): void {
    this.#steps += 1
    this.#examples += examples
  }

  /** The speed, when the last report is long enough ago or `isForced`. */
  report(isForced = false): Speed | undefined {
    const time = this.now()
    if (!isForced && time - this.#reportedAt < INTERVAL_MS) return undefined
    this.#reportedAt = time
    this.#marks.push({ time, steps: this.#steps, examples: this.#examples })
    while (this.#marks.length > 2 && this.#marks[1]!.time <= time - WINDOW_MS) this.#marks.shift()
    const first = this.#marks[0]!
    const seconds = (time - first.time) / 1000
    if (seconds <= 0) return { stepsPerSecond: 0, examplesPerSecond: 0 }
    return {
      stepsPerSecond: (this.#steps - first.steps) / seconds,
      examplesPerSecond: (this.#examples - first.examples) / seconds,
    }
  }
}
