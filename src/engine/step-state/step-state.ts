// Whether anything that the code of a step could depend on has changed since it last ran.
import * as tf from '@tensorflow/tfjs'
import { notingReads, numbersDrawn, type SourceLocation } from '#sdk'
import type { Check } from './checks.ts'
import { type Reason, type StepRoots, type Walked, walkState } from './walk.ts'

/**
 * The state that the JavaScript of a step can reach. A step whose code was seen to run, without a note and without a
 * change of state, does the same again for as long as `changed` finds nothing: it may be repeated without that code.
 */
export class StepState {
  readonly #find: () => StepRoots
  #checks: readonly Check[] = []
  #placeOf: Walked['placeOf'] = () => undefined
  #reasons: readonly Reason[] = []

  /** `find` tells where to start from, at each `take`. Nothing is looked at before. */
  constructor(find: () => StepRoots) {
    this.#find = find
  }

  /** Takes all state as it is now for what later changes are told from. Costs some milliseconds. */
  take(): void {
    const walked = walkState(this.#find())
    this.#checks = walked.checks
    this.#placeOf = (change) => walked.placeOf(change)
    this.#reasons = walked.reasons
  }

  /** The first change since `take`, such as `model gpt.layers.0.drop.rate was 0.1, and is 0.2`. */
  changed(): string | undefined {
    for (const check of this.#checks) {
      const change = check.changed()
      if (change !== undefined) return change
    }
    return undefined
  }

  /** The same, with the place where its source writes what has changed. */
  change(): Reason | undefined {
    const message = this.changed()
    return message === undefined ? undefined : { message, location: this.#placeOf(message) }
  }

  /** Why the step can't be repeated without its code, as of the last `take`; none when it can. */
  reasons(): readonly Reason[] {
    return this.#reasons
  }

  /** Number of comparisons that `changed` makes. */
  get size(): number {
    return this.#checks.length
  }
}

/** What a step did that its tensors don't show. */
export interface Noted<T> {
  readonly result: T
  /** Reads and effects that a repetition would miss, each once. */
  readonly reasons: readonly Reason[]
}

/** Runs the code of a step. `callers` are the places in user code that called, innermost first. */
export function noteStep<T>(work: () => T, callers: () => readonly SourceLocation[]): Noted<T> {
  const notes = new Map<string, Reason>()
  const drawn = numbersDrawn()
  const onRead = (message: string): void => {
    const location = callers()[0]
    const key = `${message} ${location?.file}:${location?.line}`
    if (!notes.has(key)) notes.set(key, { message: `the step ${message}`, location })
  }
  const result = notingReads(onRead, () => watchingCalls(onRead, work))
  const reasons = [...notes.values()]
  if (numbersDrawn() !== drawn)
    reasons.push({
      message:
        'the step draws random numbers in JavaScript; nn.uniform, nn.normal and nn.dropout draw them on the device',
    })
  return { result, reasons }
}

/**
 * Does `work`; tells of what tfjs calls on a step's behalf, which no rewriting of the step's code shows: chance
 * (`tf.randomNormal`, `tf.dropout`), the clock (`tf.util.now`), and code that goes on after the step.
 */
function watchingCalls<T>(onCall: (message: string) => void, work: () => T): T {
  const undo = [
    watched(Math, 'random', () => onCall('uses Math.random')),
    watched(tf.env().platform, 'now', () => onCall('reads the clock')),
    watched(tf.engine(), 'memory', () => onCall('reads tf.memory()')),
    watched(Promise.prototype, 'then', () => onCall('has code run after it, by a promise')),
  ]
  try {
    return work()
  } finally {
    for (const each of undo) each()
  }
}

function watched<T extends object, K extends keyof T>(
  holder: T,
  key: K,
  onCall: () => void,
): () => void {
  const before = Object.getOwnPropertyDescriptor(holder, key)
  const method = holder[key] as (...args: unknown[]) => unknown
  const value = function (this: unknown, ...args: unknown[]): unknown {
    onCall()
    return method.apply(this, args)
  }
  Object.defineProperty(holder, key, { configurable: true, writable: true, value })
  return () => {
    if (before) Object.defineProperty(holder, key, before)
    else delete holder[key]
  }
}
