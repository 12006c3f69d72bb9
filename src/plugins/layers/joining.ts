// Layers that make one tensor of several: the joints of a model graph.
import * as tf from '@tensorflow/tfjs'
import { EngineError, type LayerInput, Module, plugin, type ShapeEnv, z } from 'plugboard'

const listOf = (input: LayerInput): readonly tf.Tensor[] =>
  input instanceof tf.Tensor ? [input] : input

const shapesOf = ({ shape, shapes = [shape] }: ShapeEnv): readonly (readonly number[])[] => shapes

const show = (shapes: readonly (readonly number[])[]): string =>
  shapes.map((shape) => `[${shape.join(', ')}]`).join(', ')

const misfit = (what: string, shapes: readonly (readonly number[])[], hint: string): EngineError =>
  new EngineError({ code: 'model.forward', message: `${what}, but they are ${show(shapes)}`, hint })

/** Sum or product, value by value. Shapes have the same rank; a size of 1 is stretched. */
class Elementwise extends Module<LayerInput, tf.Tensor> {
  readonly join: 'add' | 'mul'

  constructor(join: 'add' | 'mul', env: ShapeEnv) {
    super()
    this.join = join
    const shapes = shapesOf(env)
    const sizes = shapes[0]!.map((_, axis) => Math.max(...shapes.map((shape) => shape[axis]!)))
    const fits = shapes.every(
      (shape) =>
        shape.length === sizes.length &&
        shape.every((size, axis) => size === 1 || size === sizes[axis]),
    )
    if (fits) return
    const hint = 'give them the same sizes, by a linear layer or a reshape before this one'
    throw misfit('its inputs must have the same shape', shapes, hint)
  }

  forward(input: LayerInput): tf.Tensor {
    const { join } = this
    return listOf(input).reduce((a, b) => (join === 'add' ? a.add(b) : a.mul(b)))
  }
}

const concatConfig = z.strictObject({
  axis: z
    .int()
    .default(-1)
    .describe('axis to join along, the batch axis not counted; -1 is the last'),
})

/** Inputs side by side along one axis; their other sizes are the same. */
class Concat extends Module<LayerInput, tf.Tensor> {
  /** The batch axis counted. */
  readonly axis: number

  constructor(axis: number, env: ShapeEnv) {
    super()
    const shapes = shapesOf(env)
    const rank = shapes[0]!.length
    const at = axis < 0 ? axis + rank : axis
    this.axis = at + 1
    if (at < 0 || at >= rank)
      throw misfit(`its inputs must have an axis ${axis}`, shapes, 'axes count from 0')
    const others = shapes.map((shape) => shape.filter((_, i) => i !== at).join())
    if (shapes.some((shape, i) => shape.length !== rank || others[i] !== others[0])) {
      const hint = 'only the axis to join along may differ'
      throw misfit(`its inputs must have the same sizes but for axis ${axis}`, shapes, hint)
    }
  }

  forward(input: LayerInput): tf.Tensor {
    return tf.concat([...listOf(input)], this.axis)
  }
}

export default class JoiningLayers extends plugin({
  manifest: {
    name: 'joining_layers',
    version: '1.0.0',
    category: 'layer',
    description: 'Layers of several inputs: sum, product, concatenation',
    tags: ['graph'],
    provides: ['layer/add', 'layer/multiply', 'layer/concat'],
  },
}) {
  initialize() {
    this.ctx.provide('layer', 'add', (_, env) => new Elementwise('add', env), {
      description: 'sum of its inputs, as for a residual connection',
    })
    this.ctx.provide('layer', 'multiply', (_, env) => new Elementwise('mul', env), {
      description: 'product of its inputs, value by value, as for a gate',
    })
    this.ctx.provide('layer', 'concat', ({ axis }, env) => new Concat(axis, env), {
      config: concatConfig,
      description: 'its inputs side by side',
    })
  }
}
