// A model made of the layers of a graph. Its parameters are named by node: `head.weight`, `blocks.0.norm.weight`.
import * as tf from '@tensorflow/tfjs'
import {
  EngineError,
  extended,
  type ForwardContext,
  type Layer,
  type LayerInput,
  type Model,
  Module,
  type SourceLocation,
  type TensorMap,
} from '#sdk'
import type { Plan, Step } from './plan.ts'

export interface BuiltStep extends Step {
  readonly layer: Layer
  /** Of what it gives, the batch axis not counted. */
  readonly shape: readonly number[]
  /** Its node in the file. */
  readonly source: SourceLocation
}

/** How an error in a layer leads to its node. */
export type Blame = (step: Step, thrown: unknown, given: readonly string[]) => EngineError

export class GraphModel extends Module implements Model {
  readonly width?: number
  readonly #steps: readonly BuiltStep[]
  readonly #outputs: Plan['outputs']
  readonly #blame: Blame
  readonly #text: string

  constructor(
    steps: readonly BuiltStep[],
    outputs: Plan['outputs'],
    width: number | undefined,
    blame: Blame,
    text: string,
  ) {
    super()
    Object.assign(this, treeOf(steps))
    if (width !== undefined) this.width = width
    this.#steps = steps
    this.#outputs = outputs
    this.#blame = blame
    this.#text = text
  }

  /** Its layers in the order in which they are computed. */
  get steps(): readonly BuiltStep[] {
    return this.#steps
  }

  /** Path of a value, or name of a column, by output. */
  get outputs(): Plan['outputs'] {
    return this.#outputs
  }

  /** Its file, with its settings as defaults. */
  get text(): string {
    return this.#text
  }

  /** Layers that ask for it get the mask of the positions, `attention_mask`. */
  forward(inputs: TensorMap, ctx: ForwardContext): TensorMap {
    const mask = inputs['attention_mask'] ?? ctx.mask
    const at = extended(ctx, { mask })
    const values = new Map(Object.entries(inputs))
    for (const step of this.#steps) {
      const given = step.inputs.map((name) => values.get(name)!)
      try {
        values.set(step.path, apply(step.layer, given, at))
      } catch (thrown) {
        throw this.#blame(step, thrown, given.map(shapeOf))
      }
    }
    return Object.fromEntries([...this.#outputs].map(([name, path]) => [name, values.get(path)!]))
  }
}

export const shapeOf = ({ shape }: { shape: readonly number[] }): string => `[${shape.join(', ')}]`

/** Throws when the layer gives something else than a tensor. */
export function apply(layer: Layer, given: readonly tf.Tensor[], ctx: ForwardContext): tf.Tensor {
  const input: LayerInput = given.length === 1 ? given[0]! : given
  const output: unknown = layer.forward(input, ctx)
  if (output instanceof tf.Tensor) return output
  throw new EngineError({
    code: 'model.forward',
    message: `its forward() gave ${output === null ? 'null' : typeof output}, not a tensor`,
    hint: 'return the tensor; a layer is synchronous',
  })
}

interface Tree {
  [key: string]: Tree | Layer | (Tree | Layer)[]
}

/** Layers by path as nested fields; a list where a path has numbers. */
function treeOf(steps: readonly BuiltStep[]): Tree {
  const root: Tree = {}
  for (const { path, layer } of steps) {
    const keys = path.split('.')
    let at = root as Record<string, unknown>
    for (const [i, key] of keys.slice(0, -1).entries())
      at = (at[key] ??= /^\d+$/.test(keys[i + 1]!) ? [] : {}) as Record<string, unknown>
    at[keys.at(-1)!] = layer
  }
  return root
}
