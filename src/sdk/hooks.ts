// Hooks: the points where plugins change what happens, their arguments, and conditions on them.
import type * as tf from '@tensorflow/tfjs'
import type { TensorMap } from './data.ts'
import type { Model, Optimizer } from './kinds.ts'
import type { EndReason, Gradients, Metrics, Run, StepArgs } from './run.ts'

/**
 * Hooks by name. `args` is the one object every handler gets; with `value`, the hook is a pipe: a handler
 * may return a replacement for `args[value]`, `undefined` leaves it unchanged.
 */
export interface Hooks {
  /** The model is built, its parameters exist. */
  onModelInit: { args: { run: Run; model: Model } }
  onTrainBegin: { args: { run: Run; resumed: boolean } }
  onEpochBegin: { args: { run: Run; epoch: number } }
  onStepBegin: { args: StepArgs }
  onBatchBegin: { args: StepArgs & { batch: TensorMap } }
  onBatchEnd: { args: StepArgs & { batch: TensorMap; outputs: TensorMap } }
  onBackwardBegin: { args: StepArgs & { loss: tf.Scalar } }
  /** Gradients by parameter path. Return a new map to replace some or all; the engine disposes what is replaced. */
  onBackwardEnd: { args: StepArgs & { gradients: Gradients }; value: 'gradients' }
  onOptimizerStep: { args: StepArgs & { optimizer: Optimizer } }
  onStepEnd: { args: StepArgs }
  /** Values of steps that the device has finished, a few steps late. */
  onMetrics: { args: StepArgs & { metrics: Metrics } }
  onValidationBegin: { args: StepArgs }
  onValidationEnd: { args: StepArgs & { metrics: Metrics } }
  onEpochEnd: { args: { run: Run; epoch: number; metrics: Metrics } }
  onTrainEnd: { args: { run: Run; metrics: Metrics; reason: EndReason } }
}

export type HookName = keyof Hooks & string
export type HookArgs<N extends HookName> = Hooks[N]['args']
/** What a handler of the hook may return. */
export type HookResult<N extends HookName> = Hooks[N] extends {
  args: infer A
  value: infer V extends string
}
  ? V extends keyof A
    ? A[V] | undefined
    : never
  : void | Promise<void>
export type HookHandler<N extends HookName> = (args: HookArgs<N>) => HookResult<N>

/** A counter that conditions can be put on. */
export type Counter = 'epoch' | 'step'

/** How the engine calls a hook. */
export interface HookSpec {
  mode: 'each' | 'pipe'
  /** The argument that a pipe hands on. */
  value?: string
  /** Inside a step handlers are synchronous and never read the device. */
  isSync: boolean
  /** Counters in its arguments. */
  counters: readonly Counter[]
}

const STEP = ['epoch', 'step'] as const

/** The hooks of a run, in the order of their first call. */
export const runHooks = {
  onModelInit: { mode: 'each', isSync: false, counters: [] },
  onTrainBegin: { mode: 'each', isSync: false, counters: [] },
  onEpochBegin: { mode: 'each', isSync: false, counters: ['epoch'] },
  onStepBegin: { mode: 'each', isSync: true, counters: STEP },
  onBatchBegin: { mode: 'each', isSync: true, counters: STEP },
  onBatchEnd: { mode: 'each', isSync: true, counters: STEP },
  onBackwardBegin: { mode: 'each', isSync: true, counters: STEP },
  onBackwardEnd: { mode: 'pipe', value: 'gradients', isSync: true, counters: STEP },
  onOptimizerStep: { mode: 'each', isSync: true, counters: STEP },
  onStepEnd: { mode: 'each', isSync: true, counters: STEP },
  onMetrics: { mode: 'each', isSync: false, counters: STEP },
  onValidationBegin: { mode: 'each', isSync: false, counters: STEP },
  onValidationEnd: { mode: 'each', isSync: false, counters: STEP },
  onEpochEnd: { mode: 'each', isSync: false, counters: ['epoch'] },
  onTrainEnd: { mode: 'each', isSync: false, counters: [] },
} as const satisfies Record<keyof Hooks, HookSpec>

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

/** Holds when the count is divisible by `n`. */
export const every = {
  epochs: (n: number): Condition =>
    onCounter('epoch', `every ${n} epochs`, (count) => count % n === 0),
  steps: (n: number): Condition =>
    onCounter('step', `every ${n} steps`, (count) => count % n === 0),
}
/** Holds from the epoch or step after `n` on. */
export const after = {
  epoch: (n: number): Condition => onCounter('epoch', `after epoch ${n}`, (count) => count > n),
  step: (n: number): Condition => onCounter('step', `after step ${n}`, (count) => count > n),
}
/** Holds up to the epoch or step before `n`. */
export const before = {
  epoch: (n: number): Condition => onCounter('epoch', `before epoch ${n}`, (count) => count < n),
  step: (n: number): Condition => onCounter('step', `before step ${n}`, (count) => count < n),
}

export interface HookOptions {
  /** Higher runs first; the plugin's own priority if left out. */
  priority?: number
  when?: Condition
  /** Shown in lists and messages. */
  label?: string
}
