// The parts that a run trains with, built from the experiment by name.
import type * as tf from '@tensorflow/tfjs'
import {
  componentOf,
  disposeModule,
  type EnvOf,
  type InstanceOf,
  type Loss,
  type Metric,
  type Model,
  type Optimizer,
  optimizerOf,
  parametersOf,
  type Schedule,
  type Strategy,
} from '#sdk'
import { type Blueprint, bodyOf, createModel, headOf } from './build-model.ts'
import { configurePart, createLeaf, Part } from './part.ts'

export interface Parts {
  readonly model: Part<Model>
  /** Of the model, by path. */
  readonly parameters: Map<string, tf.Variable>
  /** The head's or the configured one; none when the model brings its own. */
  readonly loss: Part<Loss> | undefined
  readonly metrics: readonly Part<Metric>[]
  readonly optimizer: Part<Optimizer>
  readonly schedule: Part<Schedule> | undefined
  readonly strategy: Part<Strategy> | undefined
}

/** The optimizer that the model configures, else the experiment's. */
export function createOptimizer(
  { env, experiment }: Blueprint,
  model: Part<Model>,
): Part<Optimizer> {
  const configured = optimizerOf(experiment.training)
  const body = bodyOf(model)
  if (!body.configureOptimizer) return createLeaf(env, 'optimizer', configured, {})
  return configurePart(env, model, 'optimizer', (create) =>
    body.configureOptimizer!(configured, (ref) => create('optimizer', ref, {})),
  )
}

/** The head's loss, else the configured one, which the model may choose; none for a model with a step of its own. */
export function createLoss(
  { env, experiment }: Blueprint,
  model: Part<Model>,
): Part<Loss> | undefined {
  const { loss: configured } = experiment.training
  if (model.instance.trainingStep) return undefined
  const head = headOf(model)
  if (head?.computeLoss) {
    const loss: Loss = { compute: (args) => head.computeLoss!(args) }
    if (head.weight) loss.weight = (args) => head.weight!(args)
    if (head.ranges) loss.ranges = (args) => head.ranges!(args)
    return new Part(loss, `the loss of ${model.label}`, model.plugin, model.plugins, env)
  }
  const body = bodyOf(model)
  if (!body.configureLoss) return createLeaf(env, 'loss', configured, {})
  return configurePart(env, model, 'loss', (create) =>
    body.configureLoss!(configured, (ref) => create('loss', ref, {})),
  )
}

/** Why the configured loss has no part in the run, if it has none. */
export function unusedLoss({ experiment }: Blueprint, model: Part<Model>): string | undefined {
  const { loss } = experiment.training
  const isBrought = model.instance.trainingStep ?? headOf(model)?.computeLoss
  if (loss === undefined || !isBrought) return undefined
  return `training.loss ${componentOf(loss).name} is not used: ${model.label} brings a loss of its own`
}

/** The configured metrics, then those of the head. */
export function createMetrics({ env, experiment }: Blueprint, model: Part<Model>): Part<Metric>[] {
  const own = headOf(model)?.metrics?.() ?? []
  return [
    ...experiment.training.metrics.map((ref) => createLeaf(env, 'metric', ref, {})),
    ...own.map(
      (it) => new Part(it, `a metric of ${model.label}`, model.plugin, model.plugins, env),
    ),
  ]
}

const createOptional = <K extends 'schedule' | 'strategy'>(
  { env, experiment }: Blueprint,
  kind: K,
): Part<InstanceOf<K>> | undefined => {
  const ref = experiment.training[kind]
  return ref === undefined ? undefined : createLeaf(env, kind, ref, {} as EnvOf<K>)
}

export const createSchedule = (blueprint: Blueprint) => createOptional(blueprint, 'schedule')
export const createStrategy = (blueprint: Blueprint) => createOptional(blueprint, 'strategy')

/** Builds all parts; when one fails, those before it are freed. */
export function createParts(blueprint: Blueprint): Parts {
  const model = createModel(blueprint)
  let optimizer: Part<Optimizer> | undefined
  try {
    optimizer = createOptimizer(blueprint, model)
    return {
      model,
      parameters: parametersOf(model.instance),
      loss: createLoss(blueprint, model),
      metrics: createMetrics(blueprint, model),
      optimizer,
      schedule: createSchedule(blueprint),
      strategy: createStrategy(blueprint),
    }
  } catch (thrown) {
    disposeModule(model.instance)
    optimizer?.finish('dispose', (it) => it.dispose())
    throw thrown
  }
}

/** Every part there is. */
export const listParts = ({
  model,
  loss,
  metrics,
  optimizer,
  schedule,
  strategy,
}: Parts): Part<unknown>[] =>
  [model, loss, ...metrics, optimizer, schedule, strategy].filter((part) => part !== undefined)

/** Frees the tensors of model and optimizer. */
export function disposeParts({ model, optimizer }: Pick<Parts, 'model' | 'optimizer'>): void {
  disposeModule(model.instance)
  optimizer.finish('dispose', (it) => it.dispose())
}
