// The parts that a run trains with, built from the experiment by name.
import type * as tf from '@tensorflow/tfjs'
import {
  buildModule,
  type ColumnSpec,
  disposeModule,
  EngineError,
  type ExperimentConfig,
  type Loss,
  type Metric,
  type Model,
  type Optimizer,
  parametersOf,
  type Random,
  type Schedule,
} from '#sdk'
import { createLeaf, createPart, type Part, type PartEnvironment } from './part.ts'

export interface Parts {
  readonly model: Part<Model>
  /** Of the model, by path. */
  readonly parameters: Map<string, tf.Variable>
  /** None when the model brings its own. */
  readonly loss: Part<Loss> | undefined
  readonly metrics: readonly Part<Metric>[]
  readonly optimizer: Part<Optimizer>
  readonly schedule: Part<Schedule> | undefined
}

/** What parts are built from. */
export interface Blueprint {
  env: PartEnvironment
  experiment: ExperimentConfig
  columns: Readonly<Record<string, ColumnSpec>>
  /** Draws initial weights; the same stream gives the same weights. */
  random: Random
}

/** Builds the model; its initial weights depend on the seed alone. */
export function createModel({ env, experiment, columns, random }: Blueprint): Part<Model> {
  const model = createPart(env, 'model', experiment.model, (create) =>
    buildModule(random.fork('weights'), () =>
      create('model', experiment.model, { columns: { ...columns }, create }),
    ),
  )
  if (parametersOf(model.instance).size > 0) return model
  disposeModule(model.instance)
  throw new EngineError({
    code: 'model.parameter',
    message: `${model.label} has no parameters to train`,
    plugin: model.plugin,
    hint: 'keep parameters, made with parameter(), in public fields of the model and its child modules',
  })
}

export const createOptimizer = ({ env, experiment }: Blueprint): Part<Optimizer> =>
  createLeaf(env, 'optimizer', experiment.training.optimizer, {})

/** The configured loss, or none for a model with a `trainingStep` of its own. */
export const createLoss = (
  { env, experiment }: Blueprint,
  model: Part<Model>,
): Part<Loss> | undefined =>
  model.instance.trainingStep ? undefined : createLeaf(env, 'loss', experiment.training.loss, {})

export const createMetric = ({ env, experiment }: Blueprint, index: number): Part<Metric> =>
  createLeaf(env, 'metric', experiment.training.metrics[index], {})

export const createSchedule = ({ env, experiment }: Blueprint): Part<Schedule> | undefined =>
  experiment.training.schedule === undefined
    ? undefined
    : createLeaf(env, 'schedule', experiment.training.schedule, {})

/** Builds all parts; when one fails, those before it are freed. */
export function createParts(blueprint: Blueprint): Parts {
  const { metrics } = blueprint.experiment.training
  const model = createModel(blueprint)
  let optimizer: Part<Optimizer> | undefined
  try {
    optimizer = createOptimizer(blueprint)
    return {
      model,
      parameters: parametersOf(model.instance),
      loss: createLoss(blueprint, model),
      metrics: metrics.map((_, index) => createMetric(blueprint, index)),
      optimizer,
      schedule: createSchedule(blueprint),
    }
  } catch (thrown) {
    disposeModule(model.instance)
    optimizer?.finish('dispose', (it) => it.dispose())
    throw thrown
  }
}

/** Every part there is. */
export const listParts = ({ model, loss, metrics, optimizer, schedule }: Parts): Part<unknown>[] =>
  [model, loss, ...metrics, optimizer, schedule].filter((part) => part !== undefined)

/** Frees the tensors of model and optimizer. */
export function disposeParts({ model, optimizer }: Pick<Parts, 'model' | 'optimizer'>): void {
  disposeModule(model.instance)
  optimizer.finish('dispose', (it) => it.dispose())
}
