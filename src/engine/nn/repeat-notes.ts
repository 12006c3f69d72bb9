// Counts the steps that are repeated without their code, and tells why that of the others runs.
import { type EventData, MAX_REPEAT_REASONS, MAX_TEXT } from '#protocol'
import type { Reason } from '../step-state/index.ts'

export type Repeats = NonNullable<EventData<'run.compiled'>['repeats']>
type Told = Repeats['reasons'][number]

/** Why the code of a step runs. */
export interface RunReason extends Reason {
  readonly kind: Told['kind']
}

/** Values in messages differ from step to step: `main.ts.n was 1, and is 2`. */
const withoutValues = (message: string): string =>
  message.replace(/ (?:was|is|had|has|takes) .*/, '').replaceAll(/\d+/g, '')

/** Reasons at one place that differ in values are one. */
const keyOf = ({ kind, message, location }: RunReason): string =>
  `${kind} ${location?.file}:${location?.line} ${withoutValues(message)}`

export class RepeatNotes {
  #steps = 0
  #repeated = 0
  /** By what they are about and where. */
  readonly #reasons = new Map<string, Told>()
  /** Of the step that was looked at last, for those that are not. */
  #last: readonly RunReason[] = []

  /** A step ran without its code. */
  repeated(): void {
    this.#steps++
    this.#repeated++
  }

  /** The code of a step ran; without `reasons` it was not looked at why, or has yet to run alike twice. */
  ran(reasons: readonly RunReason[] = this.#last): void {
    this.#steps++
    this.#last = reasons
    for (const [key, reason] of new Map(reasons.map((each) => [keyOf(each), each])))
      this.#count(key, reason)
  }

  #count(key: string, { kind, message, location }: RunReason): void {
    const steps = (this.#reasons.get(key)?.steps ?? 0) + 1
    if (steps === 1 && this.#reasons.size === MAX_REPEAT_REASONS) return
    this.#reasons.set(key, { kind, message: message.slice(0, MAX_TEXT), source: location, steps })
  }

  /** Says something new whenever a step more is counted. */
  get steps(): number {
    return this.#steps
  }

  /** What is told; the most frequent reasons first. */
  told(): Repeats {
    const reasons = [...this.#reasons.values()].toSorted((a, b) => b.steps - a.steps)
    return { steps: this.#steps, repeated: this.#repeated, reasons }
  }
}
