// The experiment section of plugboard.yaml: what to train, on what, how.
import { z } from 'zod'

/** A component by name, or by name with its config. */
export const componentSchema = z.union([
  z.string().min(1),
  z.strictObject({
    name: z.string().min(1),
    config: z.record(z.string(), z.unknown()).default({}),
  }),
])

export type ComponentRef = z.output<typeof componentSchema>

const component = (description: string) => componentSchema.describe(description)

export const trainingSchema = z.strictObject({
  epochs: z.int().min(1).default(10).describe('passes over the training rows'),
  max_steps: z.int().min(1).optional().describe('stop after so many steps, whatever the epoch'),
  batch_size: z.int().min(1).default(32).describe('rows in a batch'),
  optimizer: component('optimizer, by name or with config').default('adamw'),
  loss: component('loss, for models that bring none of their own').optional(),
  schedule: component('shape of the learning rate over the run').optional(),
  metrics: z.array(componentSchema).default([]).describe('metrics besides the loss'),
  validate_every: z
    .int()
    .min(1)
    .optional()
    .describe('validate after so many steps; without it, after each epoch'),
})

export const experimentSchema = z.strictObject({
  name: z.string().min(1).max(100).default('experiment').describe('name of the run'),
  seed: z.int().min(0).default(0).describe('fixes split, order, initial weights and dropout'),
  dataset: component('where the rows come from'),
  validation_split: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.1)
    .describe('share of rows held back when the dataset has no split of its own'),
  tokenizer: component('turns text into ids').optional(),
  preprocess: z
    .array(componentSchema)
    .default([])
    .describe('steps from raw columns to batches, fitted on the training rows only'),
  model: component('the model to train'),
  training: trainingSchema.prefault({}),
})

/** An experiment, defaults filled in. Keys are in snake case, as in the file. */
export type ExperimentConfig = z.output<typeof experimentSchema>

/** Name and config of a component reference. */
export function componentOf(ref: ComponentRef): { name: string; config: Record<string, unknown> } {
  return typeof ref === 'string' ? { name: ref, config: {} } : ref
}
