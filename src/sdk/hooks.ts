// Hooks: the points where plugins change what happens, their arguments, and conditions on them.
import type * as tf from '@tensorflow/tfjs'
import type { TensorMap } from './data.ts'
import { EngineError } from './errors.ts'
import type { Model, Optimizer } from './model-kinds.ts'
import type { EndReason, Gradients, Metrics, Run, StepArgs } from './run.ts'

/**
 * Hooks by name. `args` is the one object every handler gets; with `value`, the hook is a pipe: a handler
 * may return a replacement for `args[value]`, `undefined` leaves it unchanged.
 */
export interface Hooks {
  /** The model is built, its parameters exist. */
  onModelInit: { args: { run: Run; model: Model } }
  /** Before the first step. `resumed`: the run goes on from a checkpoint. */
  onTrainBegin: { args: { run: Run; resumed: boolean } }
  onEpochBegin: { args: { run: Run; epoch: number } }
  /** A step begins; from here to `onStepEnd` handlers are synchronous and read nothing from the device. */
  onStepBegin: { args: StepArgs }
  /** The batch is on the device; its tensors are borrowed. */
  onBatchBegin: { args: StepArgs & { batch: TensorMap } }
  /** After the forward pass; `outputs` are borrowed, as are all tensors of a step. */
  onBatchEnd: { args: StepArgs & { batch: TensorMap; outputs: TensorMap } }
  /** The loss is known to the device. */
  onBackwardBegin: { args: StepArgs & { loss: tf.Scalar } }
  /**
   * Gradients by parameter path: the mean over the batches of the step so far. `isLast`: they go to the
   * optimizer next. Return a whole new map to change them: what it leaves out is not updated. The engine
   * disposes what is replaced.
   */
  onBackwardEnd: { args: StepArgs & { gradients: Gradients; isLast: boolean }; value: 'gradients' }
  /** After the update of the parameters. */
  onOptimizerStep: { args: StepArgs & { optimizer: Optimizer } }
  onStepEnd: { args: StepArgs }
  /** Values of steps that the device has finished, a few steps late. */
  onMetrics: { args: StepArgs & { metrics: Metrics } }
  onValidationBegin: { args: StepArgs }
  /** `metrics` are over all validation rows, their names beginning with `val_`. */
  onValidationEnd: { args: StepArgs & { metrics: Metrics } }
  /** `metrics` are means over the epoch and those of the last validation. */
  onEpochEnd: { args: { run: Run; epoch: number; metrics: Metrics } }
  /** The last call of a run, whatever its end; `metrics` holds the latest value of each. */
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

export interface HookOptions {
  /** Higher runs first; the plugin's own priority if left out. */
  priority?: number
  when?: Condition
  /** Shown in lists and messages. */
  label?: string
}
