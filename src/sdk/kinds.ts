// The kinds of contribution and what an instance of each must be able to do.
import type * as tf from '@tensorflow/tfjs'
import type { z } from 'zod'
import type { ColumnSpec, Splits, Table, TensorMap } from './data.ts'
import type { ComponentRef } from './experiment.ts'
import type { ForwardContext, Module } from './module.ts'
import type { Random } from './random.ts'

/** Reads rows. */
export interface Dataset {
  load(): Promise<Splits | Table>
}

/** Files and progress for parts that load data. */
export interface DataEnv {
  /** A file shipped with Plugboard (`data/…`) or kept in the workspace. Rejects with `asset.missing`. */
  asset(path: string): Promise<ArrayBuffer>
  random: Random
  /** Aborts when the user stops the run while data loads. */
  signal: AbortSignal
}

/** Turns text into ids and back. Fitted on the training rows only. */
export interface Tokenizer {
  fit(texts: Iterable<string>): void
  /** Ids of `text`, without special tokens. Unknown pieces become `unknown`. */
  encode(text: string): number[]
  decode(ids: Iterable<number>): string
  /** Number of ids, special ones included. */
  readonly vocabSize: number
  /** Marks begin and end of a text; -1 where a tokenizer has none. */
  readonly boundary: number
}

/** One step from raw columns to columns of batches. */
export interface Preprocessor {
  /** Sees the training rows only. */
  fit?(table: Table): void
  transform(table: Table): Table
}

export interface PreprocessorEnv {
  tokenizer: Tokenizer | undefined
}

/** What a model may know when it is built. */
export interface ModelEnv {
  /** Form of every column of a batch; the batch axis is not counted. */
  columns: Record<string, ColumnSpec>
  /** Builds a part of another kind, for example `create('attention', config.attention, env)`. */
  create<K extends KindName>(kind: K, ref: ComponentRef | undefined, env: EnvOf<K>): InstanceOf<K>
}

/** A model: named tensors in, named tensors out. With `trainingStep` it brings its own loss. */
export interface Model extends Module<TensorMap, TensorMap> {
  trainingStep?(
    batch: TensorMap,
    ctx: ForwardContext,
  ): {
    loss: tf.Scalar
    outputs: TensorMap
    /** As `weight` of a loss. */
    weight?: tf.Scalar
  }
}

/** Shape information for attention and feed-forward layers: [batch, time, width] in and out. */
export interface LayerEnv {
  width: number
  heads: number
  context: number
  dropout: number
}

/** A loss over a batch: the mean over what the mask keeps. */
export interface Loss {
  compute(args: { outputs: TensorMap; batch: TensorMap }): tf.Scalar
  /**
   * What the mean was taken over: the number of kept positions, on the device. Weighs the batch in the
   * validation loss. A loss that keeps every row the same needs none: its batches weigh their rows.
   */
  weight?(args: { outputs: TensorMap; batch: TensorMap }): tf.Scalar
}

/** Parameters or gradients by path. */
export type NamedTensors = Map<string, tf.Tensor>

/**
 * Updates parameters in place; keeps its state by parameter path. A missing gradient leaves a parameter alone.
 * `StatefulOptimizer` has all of it but `update`.
 */
export interface Optimizer {
  readonly learningRate: number
  /** `learningRate` is a device scalar: base rate times the schedule's factor, 0 when the step must not change anything. */
  update(args: {
    parameters: Map<string, tf.Variable>
    gradients: NamedTensors
    learningRate: tf.Scalar
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
  factor(at: { step: number; epoch: number; totalSteps: number }): number
}

/** A metric that adds up over batches, so that a validation over many batches is exact. */
export interface Metric {
  /** Sums over one batch, on the device: shape [k]. Synchronous. */
  measure(args: { outputs: TensorMap; batch: TensorMap }): tf.Tensor1D
  /** Values by name from the sums of any number of batches. */
  summarize(sums: readonly number[]): Record<string, number>
}

/** A command for the palette and the console. */
export interface Command {
  title: string
  run(args: Record<string, unknown>): unknown
}

/** Nothing is passed when a part of this kind is created. */
export type NoEnv = Record<never, never>

/** Kinds by name. Plugins add their own by merging into this interface and calling `ctx.defineKind`. */
export interface Kinds {
  dataset: { instance: Dataset; env: DataEnv }
  tokenizer: { instance: Tokenizer; env: NoEnv }
  preprocessor: { instance: Preprocessor; env: PreprocessorEnv }
  model: { instance: Model; env: ModelEnv }
  attention: { instance: Module<tf.Tensor, tf.Tensor>; env: LayerEnv }
  ffn: { instance: Module<tf.Tensor, tf.Tensor>; env: LayerEnv }
  loss: { instance: Loss; env: NoEnv }
  optimizer: { instance: Optimizer; env: NoEnv }
  schedule: { instance: Schedule; env: NoEnv }
  metric: { instance: Metric; env: NoEnv }
  command: { instance: Command; env: NoEnv }
}

export type KindName = keyof Kinds & string
export type InstanceOf<K extends KindName> = Kinds[K]['instance']
export type EnvOf<K extends KindName> = Kinds[K]['env']

/** What must hold for every contribution of a kind; checked when one is made and when one is created. */
export interface KindContract {
  description: string
  /** Methods an instance must have. */
  methods: readonly string[]
}

/** Makes an instance from a parsed config. */
export type Create<K extends KindName, C> = (config: C, env: EnvOf<K>) => InstanceOf<K>

export interface ProvideOptions<S extends z.ZodType = z.ZodType> {
  /** Schema of the component's config; without it only `{}` is accepted. */
  config?: S
  description?: string
  /** The plugin's own unless set. */
  version?: string
  /** Taken when nothing is named; one of a kind. */
  default?: boolean
  /** Names of the same kind that must not be used beside it. */
  excludes?: readonly string[]
  /** Other names for it. */
  aliases?: readonly string[]
  /** Take the name even if it is taken. */
  override?: boolean
}

/** A contribution as lists show it. */
export interface ContributionInfo {
  kind: string
  name: string
  plugin: string
  description: string
  version: string
  isDefault: boolean
  aliases: readonly string[]
}

/** Contracts of the built-in kinds. */
export const builtinKinds = {
  dataset: { description: 'rows to train on', methods: ['load'] },
  tokenizer: { description: 'text to ids and back', methods: ['fit', 'encode', 'decode'] },
  preprocessor: { description: 'a step from raw columns to batches', methods: ['transform'] },
  model: { description: 'a model to train', methods: ['forward'] },
  attention: { description: 'mixes along time', methods: ['forward'] },
  ffn: { description: 'transforms each position', methods: ['forward'] },
  loss: { description: 'what training makes small', methods: ['compute'] },
  optimizer: {
    description: 'turns gradients into updates',
    methods: ['update', 'state', 'restore', 'dispose'],
  },
  schedule: { description: 'shape of the learning rate', methods: ['factor'] },
  metric: {
    description: 'a number that tells how good a model is',
    methods: ['measure', 'summarize'],
  },
  command: { description: 'an action for palette and console', methods: ['run'] },
} as const satisfies Record<keyof Kinds, KindContract>
