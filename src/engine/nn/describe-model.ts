// A built model as nodes and edges, with shapes and numbers of parameters: for drawings and rules.
import * as tf from '@tensorflow/tfjs'
import type { ModelGraph, ModelNode } from '#protocol'
import {
  createRandom,
  type Model,
  type Module,
  modulesOf,
  nn,
  parameterCount,
  parametersOf,
  type TensorMap,
} from '#sdk'
import { GraphModel } from '../graph/index.ts'
import { HeadedModel } from './headed-model.ts'

/** Most parts that are described; a drawing of more shows nothing. */
const MAX_NODES = 2000

type Described = Pick<ModelGraph, 'nodes' | 'outputs'>

/**
 * Runs `model` on `batch` once to learn its shapes, with a `beat` before each module. Parts of a model graph have the edges of its file; of another
 * model, modules are known and not what flows between them.
 */
export function describeModel(
  model: Model,
  batch: TensorMap,
  beat: () => void,
): Described & { parameters: number } {
  const shapes = shapesOf(model, batch, beat)
  const { nodes, outputs } = partsOf(model, '', shapes)
  return { nodes: nodes.slice(0, MAX_NODES), outputs, parameters: parameterCount(model) }
}

type Shapes = ReadonlyMap<string, number[]>

function partsOf(model: Model, prefix: string, shapes: Shapes): Described {
  if (model instanceof GraphModel) return graphParts(model, prefix, shapes)
  if (model instanceof HeadedModel) {
    const body = partsOf(model.model, 'model.', shapes)
    const states = body.outputs.filter(({ name }) => name === 'hidden_states')
    const head = nodeOf('head', model.head, shapes)
    const inputs = states.map(({ from }) => from)
    const own = Object.keys(model.head.outputSize()).map((name) => ({ name, from: 'head' }))
    const outputs = [...body.outputs.filter((output) => !states.includes(output)), ...own]
    return { nodes: [...body.nodes, { ...head, inputs }], outputs }
  }
  const modules = [...modulesOf(model)].filter(([path]) => path !== '')
  return {
    nodes: modules.map(([path, module]) => ({
      ...nodeOf(prefix + path, module, shapes),
      inputs: [],
    })),
    outputs: [],
  }
}

function graphParts(model: GraphModel, prefix: string, shapes: Shapes): Described {
  const paths = new Set(model.steps.map(({ path }) => path))
  const global = (path: string): string => (paths.has(path) ? prefix + path : path)
  const nodes = model.steps.map(({ path, ref, inputs, layer, source }) => ({
    ...nodeOf(prefix + path, layer, shapes),
    type: ref.name,
    inputs: inputs.map(global),
    source,
  }))
  const outputs = [...model.outputs].map(([name, path]) => ({ name, from: global(path) }))
  return { nodes, outputs }
}

const nodeOf = (
  path: string,
  module: Module<never, unknown>,
  shapes: Shapes,
): Omit<ModelNode, 'inputs'> => ({
  path,
  type: module.constructor.name,
  shape: shapes.get(path),
  parameters: parameterCount(module),
  weights: [...parametersOf(module)].slice(0, MAX_WEIGHTS).map(([name, { shape }]) => {
    return { name, shape }
  }),
})

/** Most parameters listed of one node. */
const MAX_WEIGHTS = 20

/** Shape of what each module gives, the batch axis not counted. */
function shapesOf(model: Model, batch: TensorMap, beat: () => void): Shapes {
  const shapes = new Map<string, number[]>()
  const undo: (() => void)[] = []
  const note = (path: string, output: unknown): void => {
    if (output instanceof tf.Tensor) shapes.set(path, output.shape.slice(1))
  }
  for (const [path, module] of modulesOf(model)) {
    if (!Object.isExtensible(module)) continue
    const own = Object.getOwnPropertyDescriptor(module, 'forward')
    const forward = module.forward.bind(module)
    const value: typeof forward = (inputs, ctx) => {
      beat()
      const output = forward(inputs, ctx)
      note(path, output)
      return output
    }
    Object.defineProperty(module, 'forward', { value, configurable: true })
    undo.push(() => {
      if (own) Object.defineProperty(module, 'forward', own)
      else Reflect.deleteProperty(module, 'forward')
    })
  }
  try {
    tf.tidy(() => {
      const random = createRandom(0)
      model.forward(batch, { training: false, random, step: 0, scalars: anyScalar })
    })
  } finally {
    for (const each of undo) each()
  }
  return shapes
}

/** Whatever a schedule gives, shapes are the same. */
const anyScalar = new Proxy<Record<string, tf.Scalar>>({}, { get: () => nn.scalar(1) })
