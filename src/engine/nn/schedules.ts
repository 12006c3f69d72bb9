// Values that change over a run: what they are at a point of it, as numbers and on the device.
import * as tf from '@tensorflow/tfjs'
import type { ValueSchedule } from '../config/index.ts'

/** A point of a run: the epoch, and the step in the whole run, both from 1; 0 before the first. */
interface Point {
  readonly epoch: number
  readonly step: number
}

/**
 * The value at a point: exactly `start` up to `from`, exactly `end` from `to` on; in a run that ends with
 * `from` it stays `start`. A function of the point alone, so that a resumed run has the same values.
 */
export function valueAt(
  { start, end, by, from, to, shape }: ValueSchedule,
  at: Point,
  last: Point,
): number {
  const until = to ?? last[by]
  if (at[by] <= from) return start
  if (at[by] >= until) return end
  const progress = (at[by] - from) / (until - from)
  switch (shape) {
    case 'linear':
      return start + (end - start) * progress
    case 'cosine':
      return end + ((start - end) * (1 + Math.cos(Math.PI * progress))) / 2
    case 'exponential':
      return start * (end / start) ** progress
  }
}

/** The scheduled values of one run, by name. */
export class ScheduledValues {
  /** A new object when any of them has changed. */
  numbers: Readonly<Record<string, number>> = {}
  /** The same tensors over the whole run, so that a compiled step need not be compiled anew. */
  readonly scalars: Readonly<Record<string, tf.Scalar>>
  readonly #schedules: readonly (readonly [name: string, ValueSchedule])[]
  readonly #variables: ReadonlyMap<string, tf.Variable<tf.Rank.R0>>
  readonly #last: Point

  /** `last` is the last point that the run will reach. */
  constructor(schedules: Readonly<Record<string, ValueSchedule>>, last: Point) {
    this.#schedules = Object.entries(schedules)
    this.#last = last
    this.#variables = new Map(
      this.#schedules.map(([name]) => [name, tf.tidy(() => tf.variable(tf.scalar(0), false))]),
    )
    this.scalars = Object.fromEntries(this.#variables)
    this.moveTo({ epoch: 0, step: 0 })
  }

  /** Sends what has changed to the device. */
  moveTo(at: Point): void {
    const before = this.numbers
    const now = this.#schedules.map(([name, it]) => [name, valueAt(it, at, this.#last)] as const)
    const changed = now.filter(([name, value]) => before[name] !== value)
    if (changed.length === 0) return
    this.numbers = Object.fromEntries(now)
    tf.tidy(() => {
      for (const [name, value] of changed) this.#variables.get(name)!.assign(tf.scalar(value))
    })
  }

  dispose(): void {
    for (const variable of this.#variables.values()) variable.dispose()
  }
}
