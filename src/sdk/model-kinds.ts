// Kinds that make up a model and its training.
import type * as tf from '@tensorflow/tfjs'
import type { ColumnSpec, TensorMap } from './data.ts'
import type { ComponentRef } from './experiment.ts'
import type { EnvOf, InstanceOf, KindName } from './kinds.ts'
import type { ForwardContext, Module } from './module.ts'

/** What a model gave for a batch. */
export interface Predicted {
  outputs: TensorMap
  batch: TensorMap
}

/** What a model may know when it is built. */
export interface ModelEnv {
  /** Form of every column of a batch; the batch axis is not counted. */
  columns: Record<string, ColumnSpec>
  /** A head follows: it wants `hidden_states` as output, and `width` as a field of the model. */
  hasHead: boolean
  /** Builds a part of another kind, for example `create('attention', config.attention, env)`. */
  create<K extends KindName>(kind: K, ref: ComponentRef | undefined, env: EnvOf<K>): InstanceOf<K>
}

/** Loss and outputs of one batch. */
export interface StepOutput {
  loss: tf.Scalar
  outputs: TensorMap
  /** As `weight` of a loss. */
  weight?: tf.Scalar | undefined
}

/**
 * A model: named tensors in, named tensors out. Only `forward` is needed; with the other methods it has
 * a say in what the experiment configures.
 */
export interface Model extends Module<TensorMap, TensorMap> {
  /** Size of the last axis of `hidden_states`, for a head. */
  readonly width?: number | undefined
  /** Brings a loss of its own, in place of the head's and the configured one. */
  trainingStep?(batch: TensorMap, ctx: ForwardContext): StepOutput
  /** The same for validation; without it, `trainingStep` serves. */
  validationStep?(batch: TensorMap, ctx: ForwardContext): StepOutput
  /** The optimizer to train with. `create` builds one by reference; `configured` is the experiment's. */
  configureOptimizer?(configured: ComponentRef, create: (ref: ComponentRef) => Optimizer): Optimizer
  /**
   * The loss to train with, in place of the configured one. Without `configured`, `create` builds the default. Not
   * asked for where there is a loss before the configured one: that of `trainingStep`, or of the head.
   */
  configureLoss?(
    configured: ComponentRef | undefined,
    create: (ref: ComponentRef | undefined) => Loss,
  ): Loss
}

/** What a head may know when it is built. */
export interface HeadEnv extends Omit<ModelEnv, 'hasHead'> {
  /** Size of the last axis of `hidden_states`. */
  width: number
}

/**
 * Turns the hidden states of a model into outputs for a task, and may bring loss and metrics for them.
 * Inputs are the model's outputs, `hidden_states` [batch, time, width] or [batch, width] among them, and
 * the `attention_mask` of the batch (1 = keep), where there is one.
 */
export interface Head extends Module<TensorMap, TensorMap> {
  /** In place of the configured loss: the mean over what the mask keeps. */
  computeLoss?(args: Predicted): tf.Scalar
  /** As `weight` of a loss. */
  weight?(args: Predicted): tf.Scalar
  /** As `ranges` of a loss. */
  ranges?(args: Predicted): Record<string, ValueRange>
  /** Size of the last axis of each output, by name: `{ logits: 10 }`. */
  outputSize(): Record<string, number>
  /** Metrics of its outputs; they are measured besides the configured ones. */
  metrics?(): readonly Metric[]
}

/** What a layer is built for. */
export interface ShapeEnv {
  /** Of what goes in, the batch axis not counted; of the first, where that is several tensors. */
  shape: readonly number[]
  /** Of each input, where there are several; a layer for one input has no need of it. */
  shapes?: readonly (readonly number[])[] | undefined
}

/**
 * What goes into a layer: a tensor, or a list of them for a node of a model graph that names several inputs.
 * A layer that mixes along time may take the mask of its positions (1 = keep) as an input after the first.
 */
export type LayerInput = tf.Tensor | readonly tf.Tensor[]

/**
 * A layer of any form, batch first: `forward(x: tf.Tensor)`, `forward([a, b]: readonly tf.Tensor[])`, or both. It
 * says nowhere which shape it gives: a model graph tries it on zeros when it is built.
 */
export type Layer = Module<LayerInput, tf.Tensor>

/**
 * What attention and feed-forward layers are to fit: [batch, time, width] in and out. Which positions are padding
 * comes with each batch, in `ctx.mask`.
 */
export interface LayerEnv {
  width: number
  heads: number
  /** Longest sequence. */
  context: number
  dropout: number
  /** Whether a position must not see those after it; true unless set, as for a language model. */
  causal?: boolean | undefined
  /** The model adds no positions, so attention is to rotate queries and keys by theirs. */
  rotary?: boolean | undefined
}

export interface RouterEnv {
  width: number
  /** Experts to choose from. */
  experts: number
}

/** Of tokens [n, width]: how much each of the experts has a say. */
export interface Routing {
  /** [n, experts]; 0 for an expert that is left out, rows of sum 1 or less. */
  weights: tf.Tensor2D
  /** What to add to the loss, so that no expert is left idle. */
  aux_loss?: tf.Scalar
}

/** From the least to the greatest value there may be. */
export interface ValueRange {
  min: number
  max: number
  /** For class numbers. */
  isWhole?: boolean
  /** Column of the same shape whose 0 says that a value is none; `labels_mask` or `attention_mask` without it. */
  mask?: string
}

/** A loss over a batch: the mean over what the mask keeps. */
export interface Loss {
  compute(args: Predicted): tf.Scalar
  /**
   * What the mean was taken over: the number of kept positions, on the device. Weighs the batch in the
   * validation loss. A loss that keeps every row the same needs none: its batches weigh their rows.
   */
  weight?(args: Predicted): tf.Scalar
  /**
   * What it can take in columns, by name: `{ labels: { min: 0, max: 9, isWhole: true } }` for logits of ten classes.
   * All rows that the mask keeps are held against it before the first step.
   */
  ranges?(args: Predicted): Record<string, ValueRange>
}

/**
 * How a training batch becomes a loss. By itself a run calls `evaluate` once; a strategy may change the
 * batch (mixing rows), or call it several times (to make two passes agree).
 */
export interface Strategy {
  /** `evaluate` is forward pass and loss of the experiment. `outputs` go to metrics with the batch. */
  step(args: {
    batch: TensorMap
    evaluate: (batch: TensorMap) => StepOutput
    ctx: ForwardContext
  }): Pick<StepOutput, 'loss' | 'outputs'>
}

/** Parameters or gradients by path. */
export type NamedTensors = Map<string, tf.Tensor>

/**
 * Updates parameters in place; keeps its state by parameter path. A missing gradient leaves a parameter alone.
 * `StatefulOptimizer` has all of it but `update`.
 */
export interface Optimizer {
  readonly learningRate: number
  /**
   * `learningRate` is a device scalar: base rate times the schedule's factor. `healthy` is one too: 1, or 0 when a
   * value was not finite and the step must change neither parameters nor state; rate and gradients are 0 then.
   */
  update(args: {
    parameters: Map<string, tf.Variable>
    gradients: NamedTensors
    learningRate: tf.Scalar
    /** 1 where it is missing. */
    healthy?: tf.Scalar
    step: number
  }): void
  /** State by name, such as `m/layers.0.weight`; borrowed, not to be disposed. */
  state(): Map<string, tf.Variable>
  /** Takes over state of the same names and shapes. Copies. */
  restore(state: NamedTensors): void
  dispose(): void
}

/** Factor on the learning rate. `step` and `epoch` are those of the step to come, from 1. */
export interface Schedule {
  /** Steps until the full rate is reached, where it begins below; a run that is shorter tells of it. */
  readonly warmupSteps?: number | undefined
  factor(at: { step: number; epoch: number; totalSteps: number }): number
}

/** A metric that adds up over batches, so that a validation over many batches is exact. */
export interface Metric {
  /** Sums over one batch, on the device: shape [k]. Synchronous. */
  measure(args: Predicted): tf.Tensor1D
  /** Values by name from the sums of any number of batches. */
  summarize(sums: readonly number[]): Record<string, number>
}

/** What a validator found wrong with a model. */
export interface Finding {
  severity: 'warning' | 'error'
  message: string
  hint?: string
  /** Path of the module that it is about, such as `blocks.0.norm`: of a model graph, its node's line is told. */
  module?: string
}

/**
 * A rule for models, applied when one is built, also anew for a reload. An error keeps the run from starting, or
 * the new version from taking over; a warning does not.
 */
export interface Validator {
  check(args: {
    model: Model
    parameters: ReadonlyMap<string, tf.Variable>
    /** Form of the batches' columns. */
    columns: Readonly<Record<string, ColumnSpec>>
  }): readonly Finding[]
}
