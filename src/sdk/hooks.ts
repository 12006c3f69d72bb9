// Hooks: the points where plugins change what happens, and their arguments.
import type * as tf from '@tensorflow/tfjs'
import { z } from 'zod'
import type { ColumnSpec, TensorMap } from './data.ts'
import type { Condition, Counter } from './conditions.ts'
import type { ExperimentConfig } from './experiment.ts'
import type { Finding, Model, Optimizer } from './model-kinds.ts'
import type { CheckpointInfo, EndReason, Gradients, Metrics, Run, StepArgs } from './run.ts'

/**
 * Hooks by name. `args` is the one object every handler gets. What else there is says how the hook works:
 *
 * - nothing: `each`, all handlers are told;
 * - `value`: `pipe`, a handler may return a replacement for `args[value]`, `undefined` leaves it unchanged;
 * - `collects`: `collect`, a handler returns one of these, a list of them, or nothing;
 * - `around`: a handler wraps a piece of the engine's work: `(args, next) => next()`.
 *
 * Any hook can be wrapped with `ctx.around`. Plugins declare hooks of their own by merging into this
 * interface and calling `ctx.defineHook`.
 */
export interface Hooks {
  /** The model is built, its parameters exist. */
  onModelInit: { args: { run: Run; model: Model } }
  /** The run goes on from a checkpoint: weights, optimizer and captured states of plugins are back in place. */
  onCheckpointLoad: { args: StepArgs & { checkpoint: CheckpointInfo } }
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
  /**
   * Values of steps that the device has finished, a few steps late; `observed` are tensors of `run.observe`, flat. A
   * pause or a checkpoint waits for those under way: what steers training by them depends on when there was one.
   */
  onMetrics: {
    args: StepArgs & { metrics: Metrics; observed: Readonly<Record<string, Float32Array>> }
  }
  onValidationBegin: { args: StepArgs }
  /** `metrics` are over all validation rows, their names beginning with `val_`. */
  onValidationEnd: { args: StepArgs & { metrics: Metrics } }
  /** Between two steps: a checkpoint is about to be taken. What plugins capture goes into it right after. */
  onCheckpointSave: { args: StepArgs & { checkpoint: CheckpointInfo } }
  /** `metrics` are means over the epoch and those of the last validation. */
  onEpochEnd: { args: { run: Run; epoch: number; metrics: Metrics } }
  /** The last call of a run, whatever its end; `metrics` holds the latest value of each. */
  onTrainEnd: { args: { run: Run; metrics: Metrics; reason: EndReason } }

  /** The model of a run is built, also anew for a reload; `next` builds it. Synchronous. */
  onModelBuild: { args: ModelBuild; around: Model }
  /** A model was built: findings about it. An error keeps the run from starting, or a reload from taking over. */
  onGraphCheck: {
    args: ModelBuild & { model: Model; parameters: ReadonlyMap<string, tf.Variable> }
    collects: Finding
  }
  /** The config of a component, parsed by its schema: findings about it. An error refuses it. */
  onConfigCheck: {
    args: { kind: string; name: string; plugin: string; config: unknown }
    collects: Finding
  }
  /** Another plugin is loaded, initialized, started, stopped; `next` does it, a throw refuses it. */
  onPluginLoad: { args: { plugin: string; version: string }; around: Promise<void> }
  onPluginInitialize: { args: { plugin: string; version: string }; around: Promise<void> }
  onPluginStart: { args: { plugin: string; version: string }; around: Promise<void> }
  onPluginStop: { args: { plugin: string; version: string }; around: Promise<void> }
  /** A method is run by `ctx.call` or from outside; `next` runs it and gives its result. */
  onPluginCall: {
    args: { plugin: string; method: string; args: readonly unknown[] }
    around: Promise<unknown>
  }
}

/** What a model is built from. */
export interface ModelBuild {
  experiment: ExperimentConfig
  /** Form of the batches' columns. */
  columns: Readonly<Record<string, ColumnSpec>>
}

export type HookName = keyof Hooks & string
export type HookArgs<N extends HookName> = Hooks[N]['args']

type PipedValue<H> = H extends { args: infer A; value: infer V extends string }
  ? V extends keyof A
    ? A[V]
    : never
  : never

/** What a call of the hook comes to. */
export type HookOutcome<N extends HookName> = Hooks[N] extends { value: string }
  ? PipedValue<Hooks[N]>
  : Hooks[N] extends { collects: infer R }
    ? readonly R[]
    : Hooks[N] extends { around: infer R }
      ? R
      : void | Promise<void>

/** What a handler of the hook may return. */
export type HookResult<N extends HookName> = Hooks[N] extends { value: string }
  ? PipedValue<Hooks[N]> | undefined
  : Hooks[N] extends { collects: infer R }
    ? R | readonly R[] | undefined
    : void | Promise<void>

/**
 * Wraps the calls of a hook. It must call `next` once, which calls what is inside and gives the outcome; what
 * the wrapper returns takes its place, `undefined` leaves it. A throw before `next` refuses the work.
 */
export type HookWrapper<N extends HookName> = (
  args: HookArgs<N>,
  next: () => HookOutcome<N>,
) => HookOutcome<N> | Awaited<HookOutcome<N>> | undefined | Promise<void>

export type HookHandler<N extends HookName> = Hooks[N] extends { around: unknown }
  ? HookWrapper<N>
  : (args: HookArgs<N>) => HookResult<N>

export type HookMode = 'each' | 'collect' | 'pipe' | 'around'

/** How a hook is called; must say the same as its entry in `Hooks`. */
export interface HookSpec {
  mode: HookMode
  /** The argument that a pipe hands on. */
  value?: string
  /**
   * Handlers return no promise. Always so for `collect` and `pipe`; set it for an `each` that is called
   * inside of a training step, or an `around` of synchronous work.
   */
  isSync?: boolean
  /** Counters in its arguments. */
  counters?: readonly Counter[]
  /** Of a `collect`: what each item must be. */
  item?: z.ZodType
}

/** Calls a hook that a plugin declared; one of mode `around` with the work to wrap. */
export type HookCall<N extends HookName> = Hooks[N] extends { around: infer R }
  ? (args: HookArgs<N>, work: () => R) => R
  : (args: HookArgs<N>) => HookOutcome<N>

const STEP = ['epoch', 'step'] as const

/** What a check of a hook found wrong. */
const findingSchema = z.object({
  severity: z.enum(['warning', 'error']),
  message: z.string(),
  hint: z.string().optional(),
  module: z.string().optional(),
}) satisfies z.ZodType<Finding>

/** The hooks of a run, in the order of their first call. */
export const runHooks = {
  onModelInit: { mode: 'each', isSync: false, counters: [] },
  onCheckpointLoad: { mode: 'each', isSync: false, counters: STEP },
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
  onCheckpointSave: { mode: 'each', isSync: false, counters: STEP },
  onEpochEnd: { mode: 'each', isSync: false, counters: ['epoch'] },
  onTrainEnd: { mode: 'each', isSync: false, counters: [] },
} as const satisfies Partial<Record<keyof Hooks, HookSpec>>

/** All hooks of the engine. */
export const builtinHooks = {
  ...runHooks,
  onModelBuild: { mode: 'around', isSync: true },
  onGraphCheck: { mode: 'collect', item: findingSchema },
  onConfigCheck: { mode: 'collect', item: findingSchema },
  onPluginLoad: { mode: 'around' },
  onPluginInitialize: { mode: 'around' },
  onPluginStart: { mode: 'around' },
  onPluginStop: { mode: 'around' },
  onPluginCall: { mode: 'around' },
} as const satisfies Partial<Record<keyof Hooks, HookSpec>>

export interface HookOptions {
  /** Higher runs first; the plugin's own priority if left out. */
  priority?: number
  when?: Condition
  /** Shown in lists and messages. */
  label?: string
}
