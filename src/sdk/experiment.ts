// The experiment section of plugboard.yaml: what to train, on what, how.
import { z } from 'zod'

/** A component by name, or by name with its config. Editors know its kind by the key that holds it. */
export const componentSchema = z
  .union([
    z.string().min(1),
    z.strictObject({
      name: z.string().min(1),
      config: z.record(z.string(), z.unknown()).default({}),
    }),
  ])
  .meta({ component: true })

export type ComponentRef = z.output<typeof componentSchema>

const component = (description: string) => componentSchema.describe(description)

const ONE_DEVICE = 'a run trains on the one device of its tab; take this setting out'

export const trainingSchema = z.strictObject({
  epochs: z.int().min(1).default(10).describe('passes over the training rows'),
  max_steps: z.int().min(1).optional().describe('stop after so many steps, whatever the epoch'),
  batch_size: z.int().min(1).default(32).describe('rows in a batch'),
  accumulate: z
    .int()
    .min(1)
    .default(1)
    .describe('batches whose gradients make one step: their mean, as of one larger batch'),
  sampler: component('rows of an epoch and their order; without it, all rows shuffled').optional(),
  strategy: component('how a batch becomes a loss; without it, one forward pass').optional(),
  optimizer: component('optimizer, by name or with config').default('adamw'),
  learning_rate: z
    .number()
    .positive()
    .optional()
    .describe("the optimizer's own setting, from here"),
  loss: component('loss, where neither model nor head brings one').optional(),
  schedule: component('shape of the learning rate over the run').optional(),
  metrics: z.array(componentSchema).default([]).describe('metrics besides the loss'),
  validate_every: z
    .int()
    .min(1)
    .optional()
    .describe('validate after so many steps; without it, after each epoch'),
  early_stopping_patience: z
    .int()
    .min(1)
    .optional()
    .describe('setting `patience` of the plugin early_stopping, which then takes part'),
  early_stopping_monitor: z.string().min(1).optional().describe('its setting `monitor`'),
  early_stopping_mode: z.enum(['auto', 'min', 'max']).optional().describe('its setting `mode`'),
  checkpoint_every_steps: z
    .int()
    .min(1)
    .optional()
    .describe('setting `every_steps` of the plugin checkpointing, which then takes part'),
  checkpoint_every_epochs: z.int().min(1).optional().describe('its setting `every_epochs`'),
  checkpoint_monitor: z.string().min(1).optional().describe('its setting `monitor`'),
  checkpoint_mode: z.enum(['auto', 'min', 'max']).optional().describe('its setting `mode`'),
  checkpoint_keep: z.int().min(0).optional().describe('its setting `keep`'),
  precision: z
    .enum(['float32', 'mixed'])
    .default('float32')
    .describe('mixed: where steps are compiled, large values in between are stored in 16 bits'),
  use_distributed: z.literal(false, ONE_DEVICE).optional(),
  local_rank: z.literal(0, ONE_DEVICE).optional(),
  world_size: z.literal(1, ONE_DEVICE).optional(),
})

/** A file with weights; `partial` takes what fits and leaves the rest as initialised. */
const initSchema = z.union([
  z.string().min(1),
  z.strictObject({
    file: z.string().min(1).describe('such as `checkpoints/best.safetensors`'),
    partial: z
      .boolean()
      .default(false)
      .describe('take the parameters that fit; otherwise all of them must'),
    format: component('exporter that reads it; without it, a safetensors file').optional(),
  }),
])

const validationSchema = z
  .strictObject({
    order: z
      .enum(['shuffled', 'as_given'])
      .default('shuffled')
      .describe('as_given: the last rows are held back, as rows in time need it'),
    stratify: z
      .string()
      .optional()
      .describe('column of classes that both sides have in the same shares'),
    folds: z
      .int()
      .min(2)
      .optional()
      .describe('cut the rows into so many parts and hold one back, in place of validation_split'),
    fold: z.int().min(1).default(1).describe('the part that is held back, from 1'),
  })
  .refine(({ folds = 1, fold }) => fold <= folds, {
    path: ['fold'],
    error: 'no such part: fold goes from 1 to folds',
  })
  .refine(({ order, stratify }) => order === 'shuffled' || stratify === undefined, {
    path: ['stratify'],
    error: 'rows in the order given cannot be stratified: take out stratify or order',
  })

export const experimentSchema = z.strictObject({
  name: z.string().min(1).max(100).default('experiment').describe('name of the run'),
  tags: z
    .record(z.string().min(1).max(100), z.union([z.string().max(1000), z.number(), z.boolean()]))
    .optional()
    .describe('names and values that runs of it are found by'),
  seed: z.int().min(0).default(0).describe('fixes split, order, initial weights and dropout'),
  dataset: component('where the rows come from'),
  validation_split: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.1)
    .describe('share of rows held back when the dataset has no split of its own'),
  validation: validationSchema
    .optional()
    .describe('which rows are held back: in order, in the same shares of classes, or in folds'),
  features: z
    .array(componentSchema)
    .default([])
    .describe('new columns, computed before the rows are split'),
  augment: z
    .array(componentSchema)
    .default([])
    .describe('changes of the training rows, made anew for each epoch'),
  tokenizer: component('turns text into ids').optional(),
  preprocess: z
    .array(componentSchema)
    .default([])
    .describe('steps from raw columns to batches, fitted on the training rows only'),
  model: component('the model to train'),
  head: component('turns the hidden states of the model into outputs').optional(),
  init_from: initSchema
    .optional()
    .describe('initial weights, by path and shape: a checkpoint, or a file of another format'),
  validators: z.array(componentSchema).default([]).describe('rules that the model must keep'),
  training: trainingSchema.prefault({}),
})

/** An experiment, defaults filled in. Keys are in snake case, as in the file. */
export type ExperimentConfig = z.output<typeof experimentSchema>

/** Name and config of a component reference. */
export function componentOf(ref: ComponentRef): { name: string; config: Record<string, unknown> } {
  return typeof ref === 'string' ? { name: ref, config: {} } : ref
}

/** The optimizer that an experiment names, with `training.learning_rate` among its settings. */
export function optimizerOf({
  optimizer,
  learning_rate,
}: ExperimentConfig['training']): ComponentRef {
  if (learning_rate === undefined) return optimizer
  const { name, config } = componentOf(optimizer)
  return { name, config: { ...config, learning_rate } }
}
