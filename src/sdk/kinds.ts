// The kinds of contribution and what an instance of each must be able to do.
import type * as tf from '@tensorflow/tfjs'
import type { z } from 'zod'
import type {
  Augmenter,
  DataEnv,
  Dataset,
  Feature,
  Preprocessor,
  PreprocessorEnv,
  Sampler,
  Tokenizer,
} from './data-kinds.ts'
import type {
  Head,
  HeadEnv,
  Layer,
  LayerEnv,
  Loss,
  Metric,
  Model,
  ModelEnv,
  Optimizer,
  RouterEnv,
  Routing,
  Schedule,
  ShapeEnv,
  Strategy,
  Validator,
} from './model-kinds.ts'
import type { Command } from './command.ts'
import type { Exporter } from './exporter.ts'
import type { ComponentRef } from './experiment.ts'
import type { Module } from './module.ts'

/** Nothing is passed when a part of this kind is created. */
export type NoEnv = Record<never, never>

/** Kinds by name. Plugins add their own by merging into this interface and calling `ctx.defineKind`. */
export interface Kinds {
  dataset: { instance: Dataset; env: DataEnv }
  tokenizer: { instance: Tokenizer; env: NoEnv }
  preprocessor: { instance: Preprocessor; env: PreprocessorEnv }
  feature: { instance: Feature; env: NoEnv }
  augmenter: { instance: Augmenter; env: NoEnv }
  sampler: { instance: Sampler; env: NoEnv }
  model: { instance: Model; env: ModelEnv }
  head: { instance: Head; env: HeadEnv }
  layer: { instance: Layer; env: ShapeEnv }
  attention: { instance: Module<tf.Tensor, tf.Tensor>; env: LayerEnv }
  ffn: { instance: Module<tf.Tensor, tf.Tensor>; env: LayerEnv }
  router: { instance: Module<tf.Tensor2D, Routing>; env: RouterEnv }
  loss: { instance: Loss; env: NoEnv }
  strategy: { instance: Strategy; env: NoEnv }
  optimizer: { instance: Optimizer; env: NoEnv }
  schedule: { instance: Schedule; env: NoEnv }
  metric: { instance: Metric; env: NoEnv }
  validator: { instance: Validator; env: NoEnv }
  exporter: { instance: Exporter; env: NoEnv }
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

/** Builds a part by reference: `create('router', config.router, { width, experts })`. */
export type CreatePart = <K extends KindName>(
  kind: K,
  ref: ComponentRef | undefined,
  env: EnvOf<K>,
) => InstanceOf<K>

/** Makes an instance from a parsed config. Besides what is passed, `env.create` builds parts of its own. */
export type Create<K extends KindName, C> = (
  config: C,
  env: EnvOf<K> & { create: CreatePart },
) => InstanceOf<K>

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
  /** Of a preprocessor: the columns of text that it has the tokenizer read. Only from these the tokenizer learns. */
  tokenizes?: (config: z.output<S>) => readonly string[]
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
  feature: { description: 'new columns from those of a dataset', methods: ['extract'] },
  augmenter: { description: 'changes training rows for each epoch', methods: ['augment'] },
  sampler: { description: 'rows of an epoch and their order', methods: ['order'] },
  model: { description: 'a model to train', methods: ['forward'] },
  head: { description: 'hidden states to outputs for a task', methods: ['forward', 'outputSize'] },
  layer: { description: 'a layer of any form', methods: ['forward'] },
  attention: { description: 'mixes along time', methods: ['forward'] },
  ffn: { description: 'transforms each position', methods: ['forward'] },
  router: { description: 'chooses experts for tokens', methods: ['forward'] },
  loss: { description: 'what training makes small', methods: ['compute'] },
  strategy: { description: 'how a batch becomes a loss', methods: ['step'] },
  optimizer: {
    description: 'turns gradients into updates',
    methods: ['update', 'state', 'restore', 'dispose'],
  },
  schedule: { description: 'shape of the learning rate', methods: ['factor'] },
  metric: {
    description: 'a number that tells how good a model is',
    methods: ['measure', 'summarize'],
  },
  validator: { description: 'a rule for models', methods: ['check'] },
  exporter: { description: 'a format of files for trained models', methods: ['export'] },
  command: { description: 'an action for palette and console', methods: ['run'] },
} as const satisfies Record<keyof Kinds, KindContract>
