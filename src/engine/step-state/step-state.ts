// Whether anything that the code of a step could depend on has changed since it last ran.
import * as tf from '@tensorflow/tfjs'
import { notingReads, type SourceLocation } from '#sdk'
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

/** That the step reads or does what is not the same in every step, or does more than to compute. */
export interface Note extends Reason {
  readonly kind: 'reads' | 'does'
}

/** What a step did that its tensors don't show. */
export interface Noted<T> {
  readonly result: T
  /** Reads and effects that a repetition would miss, each once. */
  readonly notes: readonly Note[]
  /** Tensors that it kept, for who finds some left. */
  readonly kept: readonly Note[]
  /** Where it assigned to the variable of that name, the last time. */
  assignedAt(name: string): SourceLocation | undefined
}

/** Finds places in user code, innermost first. */
export interface Places {
  /** Those that called. */
  callers(): readonly SourceLocation[]
  /** Those that a stack names. */
  placesIn(stack: string): readonly SourceLocation[]
}

/** Times that the place of the same note is looked for: a step may draw thousands of numbers. */
const MOST_PLACES = 20

class Notes {
  readonly #notes = new Map<string, Note>()
  readonly #counts = new Map<string, number>()

  add(kind: Note['kind'], message: string, find: () => SourceLocation | undefined): void {
    const count = (this.#counts.get(message) ?? 0) + 1
    if (count > MOST_PLACES) return
    this.#counts.set(message, count)
    const location = find()
    const key = `${message} ${location?.file}:${location?.line}`
    if (!this.#notes.has(key))
      this.#notes.set(key, { kind, message: `the step ${message}`, location })
  }

  /** Each once. */
  get all(): readonly Note[] {
    return [...this.#notes.values()]
  }
}

/** Runs the code of a step. */
export function noteStep<T>(work: () => T, places: Places): Noted<T> {
  const notes = new Notes()
  const calling = (kind: Note['kind']) => (message: string) =>
    notes.add(kind, message, () => places.callers()[0])
  const onRead = calling('reads')
  const keeping = new Map<tf.Tensor, Error>()
  const assigning = new Map<tf.Tensor, Error>()
  const result = notingReads(onRead, () =>
    watchingCalls(onRead, () =>
      watchingTensors({ onChange: calling('does'), keeping, assigning }, work),
    ),
  )
  const placeIn = (stack: string | undefined) => places.placesIn(stack ?? '')[0]
  const kept = new Notes()
  for (const [tensor, { stack }] of keeping)
    if (!tensor.isDisposed) kept.add('does', `keeps ${told(tensor)}`, () => placeIn(stack))
  const assignedAt = (name: string): SourceLocation | undefined => {
    const { [name]: variable } = tf.engine().registeredVariables
    return variable && placeIn(assigning.get(variable)?.stack)
  }
  return { result, notes: notes.all, kept: kept.all, assignedAt }
}

const told = ({ shape }: tf.Tensor): string => `a tensor [${shape.join(', ')}]`

interface Watched {
  /** Variables are made or freed. */
  onChange: (message: string) => void
  /** Tensors that are to stay, and variables that are assigned to, with where: most of these nobody asks for. */
  keeping: Map<tf.Tensor, Error>
  assigning: Map<tf.Tensor, Error>
}

function watchingTensors<T>({ onChange, keeping, assigning }: Watched, work: () => T): T {
  const engine = tf.engine()
  const undo = [
    watched(engine, 'makeVariable', () => onChange('makes a variable')),
    watched(engine, 'disposeVariable', () => onChange('frees a variable')),
    watched(engine, 'keep', (tensor: tf.Tensor) => {
      // Inside of kernels the tape keeps hundreds for itself.
      if (engine.state.kernelDepth === 0) keeping.set(tensor, new Error())
    }),
    // That of the engine is called for variables alone.
    watched(engine, 'incRef', (tensor: tf.Tensor) => void assigning.set(tensor, new Error())),
  ]
  try {
    return work()
  } finally {
    for (const each of undo) each()
  }
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

function watched<T extends object, K extends keyof T, A extends unknown[]>(
  holder: T,
  key: K,
  onCall: (...args: A) => void,
): () => void {
  const before = Object.getOwnPropertyDescriptor(holder, key)
  const method = holder[key] as (...args: unknown[]) => unknown
  const value = function (this: unknown, ...args: A): unknown {
    onCall(...args)
    return method.apply(this, args)
  }
  Object.defineProperty(holder, key, { configurable: true, writable: true, value })
  return () => {
    if (before) Object.defineProperty(holder, key, before)
    else delete holder[key]
  }
}
