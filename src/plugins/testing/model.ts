// Builds built-in models as the engine does: attention and feed-forward parts come by name.
import type * as tf from '@tensorflow/tfjs'
import {
  buildModule,
  type ColumnSpec,
  componentOf,
  createRandom,
  type ForwardContext,
  type Head,
  type Model,
  type ModelEnv,
  parametersOf,
} from 'plugboard'
import fullAttention from '../layers/full-attention.ts'
import mlpFfn from '../layers/mlp-ffn.ts'
import { initialize, type Initialized } from './contributions.ts'
import { fill } from './reference.ts'

/** A forward pass outside of training. */
export const quiet: ForwardContext = {
  training: false,
  random: createRandom(0),
  step: 0,
  scalars: {},
}

/** Builds parts by name, the defaults where none is named. */
async function createParts(): Promise<ModelEnv['create']> {
  const parts: Record<string, { plugin: Initialized<unknown>; byDefault: string }> = {
    attention: { plugin: await initialize(fullAttention), byDefault: 'full' },
    ffn: { plugin: await initialize(mlpFfn), byDefault: 'mlp' },
  }
  return (kind, ref, env) => {
    const { plugin: part, byDefault } = parts[kind]!
    const component = componentOf(ref ?? byDefault)
    return part.create(kind, component.name, component.config, env)
  }
}

/** The model `name` of `plugin`, for batches of `columns`. */
export async function buildModel(
  plugin: Initialized<unknown>,
  name: string,
  config: unknown,
  columns: Record<string, ColumnSpec>,
  hasHead = false,
): Promise<Model> {
  const create = await createParts()
  return buildModule(createRandom(1), () =>
    plugin.create('model', name, config, { columns, hasHead, create }),
  )
}

/** The head `name` of `plugin`, for hidden states of `width`. */
export async function buildHead(
  plugin: Initialized<unknown>,
  name: string,
  config: unknown,
  columns: Record<string, ColumnSpec>,
  width: number,
): Promise<Head> {
  const create = await createParts()
  return buildModule(createRandom(2), () =>
    plugin.create('head', name, config, { columns, width, create }),
  )
}

/** Gives every parameter the values of scripts/reference/models.py. */
export function fillParameters(
  parameters: ReadonlyMap<string, tf.Variable>,
  shapes: Readonly<Record<string, number[]>>,
  scale: number,
): void {
  Object.entries(shapes).forEach(([path, shape], seed) => {
    const values = fill(shape, seed, scale)
    const isNorm = /norm[12]?\.weight$/.test(path)
    parameters.get(path)!.assign(isNorm ? values.add(1) : values)
  })
}

/** Shapes of all parameters by path, in order. */
export const shapesOf = (model: Model): Record<string, number[]> =>
  Object.fromEntries([...parametersOf(model)].map(([path, { shape }]) => [path, shape]))
