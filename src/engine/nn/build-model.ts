// Builds the model of an experiment, and the head on it.
import {
  buildModule,
  type ColumnSpec,
  type ComponentRef,
  type CreatePart,
  disposeModule,
  EngineError,
  type EnvOf,
  type ExperimentConfig,
  type Head,
  type InstanceOf,
  type Model,
  parametersOf,
  type Random,
} from '#sdk'
import { HeadedModel } from './headed-model.ts'
import { createPart, Part, type PartEnvironment } from './part.ts'

/** What parts are built from. */
export interface Blueprint {
  env: PartEnvironment
  experiment: ExperimentConfig
  columns: Readonly<Record<string, ColumnSpec>>
  /** Draws initial weights; the same stream gives the same weights. */
  random: Random
}

/** Builds the model, and the head on it, inside of the hook around it. */
export function createModel(blueprint: Blueprint): Part<Model> {
  const { env, experiment, columns } = blueprint
  const built: Part<Model>[] = []
  try {
    const instance = env.hooks.around('onModelBuild', { experiment, columns }, () => {
      built.push(bodyAndHead(blueprint))
      return built[0]!.instance
    })
    if (instance === built[0]?.instance) return built[0]
    throw new EngineError({
      code: 'hook.result',
      message: 'onModelBuild returned something else than the model that next() built',
      hint: 'change the model in place, or provide one of your own and name it in the experiment',
    })
  } catch (thrown) {
    for (const { instance } of built) disposeModule(instance)
    throw thrown
  }
}

/** Initial weights depend on the seed alone. */
function bodyAndHead(blueprint: Blueprint): Part<Model> {
  const { experiment } = blueprint
  const hasHead = experiment.head !== undefined
  const columns = { ...blueprint.columns }
  const body = build(blueprint, 'model', experiment.model, (create) => ({
    columns,
    hasHead,
    create,
  }))
  try {
    const model = hasHead ? withHead(blueprint, body) : body
    if (parametersOf(model.instance).size > 0) return model
  } catch (thrown) {
    disposeModule(body.instance)
    throw thrown
  }
  throw new EngineError({
    code: 'model.parameter',
    message: `${body.label} has no parameters to train`,
    plugin: body.plugin,
    hint: 'keep parameters, made with parameter(), in public fields of the model and its child modules',
  })
}

function withHead(blueprint: Blueprint, body: Part<Model>): Part<Model> {
  const { experiment, columns, env } = blueprint
  const { width } = body.instance
  if (width === undefined) {
    throw new EngineError({
      code: 'model.forward',
      message: `${body.label} has no field \`width\`, which a head needs to know the size of its hidden states`,
      plugin: body.plugin,
      hint: 'let the model keep the size of the last axis of hidden_states in `width`, or take the head out',
    })
  }
  const head = build(blueprint, 'head', experiment.head, (create) => ({
    columns: { ...columns },
    width,
    create,
  }))
  const label = `${body.label} with ${head.label}`
  const plugins = new Set([...body.plugins, ...head.plugins])
  return new Part<Model>(new HeadedModel(body, head), label, body.plugin, plugins, env)
}

/** Builds a module; what it draws its initial weights from depends on the kind. */
function build<K extends 'model' | 'head'>(
  { env, random }: Blueprint,
  kind: K,
  ref: ComponentRef | undefined,
  envOf: (create: CreatePart) => EnvOf<K>,
): Part<InstanceOf<K>> {
  const stream = random.fork(kind === 'model' ? 'weights' : 'weights of the head')
  return createPart(env, kind, ref, (create) =>
    buildModule(stream, () => create(kind, ref, envOf(create))),
  )
}

/** The model that the experiment names, without its head. */
export const bodyOf = ({ instance }: Part<Model>): Model =>
  instance instanceof HeadedModel ? instance.model : instance

export const headOf = ({ instance }: Part<Model>): Head | undefined =>
  instance instanceof HeadedModel ? instance.head : undefined
