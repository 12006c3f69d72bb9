// What plugins see of a run.
import type * as tf from '@tensorflow/tfjs'
import type { ColumnSpec, Table, TensorMap } from './data.ts'
import type { ExperimentConfig } from './experiment.ts'
import type { Model, Tokenizer } from './kinds.ts'

export type Metrics = Record<string, number>

/** Why a run ended. */
export type EndReason = 'finished' | 'stopped' | 'early_stopped' | 'failed'

/** The run that a hook is called for. */
export interface Run {
  readonly id: string
  readonly config: ExperimentConfig
  readonly epoch: number
  /** Steps done. */
  readonly step: number
  readonly totalSteps: number
  readonly model: Model
  readonly tokenizer: Tokenizer | undefined
  /** Form of the batches' columns. */
  readonly columns: Readonly<Record<string, ColumnSpec>>
  /** Prepared rows; borrowed, do not write to them. */
  readonly data: { readonly train: Table; readonly validation: Table }
  /** Forward pass outside of training, parameters as they are. The caller disposes what it gets. */
  predict(inputs: TensorMap): TensorMap
  /** The rows as tensors, for `predict`. The caller disposes them. */
  batch(split: 'train' | 'validation', rows: ArrayLike<number>): TensorMap
  /** Ends the run at the next step boundary. */
  stop(reason: string): void
  /** Adds values to the stream of metrics, at the present step. */
  report(metrics: Metrics): void
  /** A value to compare a metric with, drawn as a line in its chart. */
  reference(reference: { metric: string; label: string; value: number }): void
}

export interface StepArgs {
  run: Run
  epoch: number
  /** Number of this step, from 1. */
  step: number
}

export type Gradients = Map<string, tf.Tensor>
