// Conditions on the counters of hooks: every epoch but the first, each hundredth step.
import { EngineError } from './errors.ts'

/** A counter that conditions can be put on. */
export type Counter = 'epoch' | 'step'

/** A condition on the counters of a hook; counts start at 1. */
export interface Condition {
  /** Counters it reads; a hook without them refuses it. */
  readonly counters: readonly Counter[]
  readonly label: string
  holds(at: Partial<Record<Counter, number>>): boolean
  and(other: Condition): Condition
  or(other: Condition): Condition
  readonly not: Condition
}

/** A condition of one's own. `counters` names what `holds` reads. */
export function condition(
  label: string,
  counters: readonly Counter[],
  holds: Condition['holds'],
): Condition {
  const union = (other: Condition): Counter[] => [...new Set([...counters, ...other.counters])]
  return {
    label,
    counters,
    holds,
    and: (other) =>
      condition(
        `(${label} and ${other.label})`,
        union(other),
        (at) => holds(at) && other.holds(at),
      ),
    or: (other) =>
      condition(`(${label} or ${other.label})`, union(other), (at) => holds(at) || other.holds(at)),
    get not() {
      return condition(`not ${label}`, counters, (at) => !holds(at))
    },
  }
}

const onCounter = (counter: Counter, label: string, test: (count: number) => boolean): Condition =>
  condition(label, [counter], (at) => {
    const count = at[counter]
    return count !== undefined && test(count)
  })

/** A condition on how a counter stands to `n`, a whole number from `least` on. */
const compare =
  (counter: Counter, words: string, least: number, test: (count: number, n: number) => boolean) =>
  (n: number): Condition => {
    const label = words.replace('#', String(n))
    if (Number.isInteger(n) && n >= least) return onCounter(counter, label, (at) => test(at, n))
    throw new EngineError({
      code: 'hook.condition',
      message: `the condition "${label}" counts to ${n}, which is no whole number from ${least} on`,
      hint: 'counts of epochs and steps start at 1',
    })
  }

const isMultiple = (count: number, n: number): boolean => count % n === 0
const isAbove = (count: number, n: number): boolean => count > n
const isBelow = (count: number, n: number): boolean => count < n

/** Holds when the count is divisible by `n`. Throws `hook.condition` for anything but a whole number from 1 on. */
export const every = {
  epochs: compare('epoch', 'every # epochs', 1, isMultiple),
  steps: compare('step', 'every # steps', 1, isMultiple),
}
/** Holds from the epoch or step after `n` on; `n` may be 0. */
export const after = {
  epoch: compare('epoch', 'after epoch #', 0, isAbove),
  step: compare('step', 'after step #', 0, isAbove),
}
/** Holds up to the epoch or step before `n`. */
export const before = {
  epoch: compare('epoch', 'before epoch #', 1, isBelow),
  step: compare('step', 'before step #', 1, isBelow),
}
