// What plugins see of a run.
import type * as tf from '@tensorflow/tfjs'
import type { ColumnSpec, Table, TensorMap } from './data.ts'
import type { ExperimentConfig } from './experiment.ts'
import type { Preprocessor, Tokenizer } from './data-kinds.ts'
import type { Model, NamedTensors } from './model-kinds.ts'

/** Values by name. */
export type Metrics = Record<string, number>

/** The state of a run as it was at a step boundary. */
export interface CheckpointInfo {
  /** Such as `best`, `last`, `step-200`. */
  readonly name: string
  /** Its file: what `experiment.init_from` and `ctx.asset` take. */
  readonly path: string
  /** Id of the run. */
  readonly run: string
  readonly epoch: number
  /** Steps done. */
  readonly step: number
  /** Latest value of each metric. */
  readonly metrics: Metrics
}

/** Why a run ended. */
export type EndReason = 'finished' | 'stopped' | 'early_stopped' | 'failed'

/** The run that a hook is called for. */
export interface Run {
  readonly id: string
  readonly config: ExperimentConfig
  /** The epoch that is on, from 1; 0 before the first. */
  readonly epoch: number
  /** Steps done. */
  readonly step: number
  /** Steps that the whole run will take, if nothing ends it earlier. */
  readonly totalSteps: number
  /** Values of `schedules.values`, for the step that is on or was the last; models have them as `ctx.scalars`. */
  readonly values: Readonly<Record<string, number>>
  readonly model: Model
  readonly tokenizer: Tokenizer | undefined
  /** Fitted, in the order in which they were applied. */
  readonly preprocessors: readonly Preprocessor[]
  /** Form of the batches' columns. */
  readonly columns: Readonly<Record<string, ColumnSpec>>
  /** Prepared rows; borrowed, do not write to them. */
  readonly data: { readonly train: Table; readonly validation: Table }
  /** Forward pass outside of training, with the parameters as they are. The caller disposes what it gets. */
  predict(inputs: TensorMap): TensorMap
  /**
   * As `predict`, with a look at what goes on inside: what modules gave, named by their path (`layers.0.attention`),
   * with several outputs each as `path.output`, and what they showed with `ctx.record`, as `path:name`
   * (`layers.0.attention:weights`). `names` chooses; a `*` stands for any part of a name. The caller disposes all.
   * Costs nothing in steps. Throws `data.invalid`, listing what there is, for a name that nothing has.
   */
  inspect(inputs: TensorMap, names: readonly string[]): Inspection
  /** The rows as tensors, for `predict`. The caller disposes them. */
  batch(split: 'train' | 'validation', rows: ArrayLike<number>): TensorMap
  /**
   * Rows of one's own as tensors, for `predict`: in the form the dataset gives them, prepared as its rows were.
   * Columns that only training needs, such as labels, may be missing. The caller disposes them.
   */
  prepare(rows: Table): TensorMap
  /** Ends the run at the next step boundary. */
  stop(reason: string): void
  /**
   * Keeps the state of the run under a name, such as `best`, in place of an earlier one of that name: at the next
   * step boundary, with everything that it takes to go on from there. Throws `data.invalid` for a bad name.
   */
  checkpoint(name: string): void
  /** Forgets a checkpoint of this run; does nothing when there is none of that name. */
  removeCheckpoint(name: string): void
  /** Adds values to the stream of metrics, at the present step. */
  report(metrics: Metrics): void
  /**
   * Inside of a step: reports values that are still on the device. They are read with the step's loss, so a
   * handler waits for nothing; `onMetrics` gets them: single numbers among its `metrics`, small tensors, such as
   * the counts of a histogram, flat as `observed`. The tensors are borrowed.
   */
  observe(values: Record<string, tf.Tensor>): void
  /** A finite value to compare a metric with, drawn as a line in its chart. */
  reference(reference: { metric: string; label: string; value: number }): void
}

/** A forward pass with a look inside. */
export interface Inspection {
  outputs: TensorMap
  /** What was looked at, by name, in the order in which it came to be. */
  seen: TensorMap
}

export interface StepArgs {
  run: Run
  epoch: number
  /** Number of this step, from 1. */
  step: number
}

/** Gradients by parameter path. */
export type Gradients = NamedTensors
