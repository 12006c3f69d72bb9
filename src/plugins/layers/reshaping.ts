// Layers that lay values out anew, and change none.
import type * as tf from '@tensorflow/tfjs'
import { EngineError, Module, plugin, type ShapeEnv, z } from 'plugboard'

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)
const show = (shape: readonly number[]): string => `[${shape.join(', ')}]`

/** [batch, …] to [batch, ...shape]. */
class Reshape extends Module<tf.Tensor, tf.Tensor> {
  readonly shape: readonly number[]

  constructor(shape: readonly number[], given: readonly number[]) {
    super()
    const known = sizeOf(shape.filter((size) => size !== -1))
    const rest = sizeOf(given) / known
    this.shape = shape.map((size) => (size === -1 ? rest : size))
    if (Number.isInteger(rest) && sizeOf(this.shape) === sizeOf(given)) return
    throw new EngineError({
      code: 'model.forward',
      message: `${sizeOf(given)} values of ${show(given)} cannot be laid out as ${show(shape)}`,
      hint: 'sizes multiply to the same number; one of them may be -1 for what is left',
    })
  }

  forward(x: tf.Tensor): tf.Tensor {
    return x.reshape([x.shape[0], ...this.shape])
  }
}

/** [batch, a, b, c] with order [2, 0, 1] to [batch, c, a, b]. */
class Permute extends Module<tf.Tensor, tf.Tensor> {
  /** The batch axis counted. */
  readonly order: readonly number[]

  constructor(order: readonly number[], { shape }: ShapeEnv) {
    super()
    this.order = [0, ...order.map((axis) => axis + 1)]
    if (order.toSorted((a, b) => a - b).join() === shape.map((_, axis) => axis).join()) return
    throw new EngineError({
      code: 'model.forward',
      message: `${show(order)} is no order of the ${shape.length} axes of ${show(shape)}`,
      hint: 'name each axis once, from 0; the batch axis is not counted',
    })
  }

  forward(x: tf.Tensor): tf.Tensor {
    return x.transpose([...this.order])
  }
}

const reshapeConfig = z.strictObject({
  shape: z
    .array(z.int().min(-1))
    .refine((shape) => shape.filter((size) => size === -1).length < 2, 'only one size can be -1')
    .describe('sizes without the batch axis; -1 for what is left'),
})

const permuteConfig = z.strictObject({
  order: z.array(z.int().min(0)).min(1).describe('axes in their new order, the batch not counted'),
})

export default class ReshapingLayers extends plugin({
  manifest: {
    name: 'reshaping_layers',
    version: '1.0.0',
    category: 'layer',
    description: 'Layers that lay values out anew: flatten, reshape, permute',
    tags: ['graph'],
    provides: ['layer/flatten', 'layer/reshape', 'layer/permute'],
  },
}) {
  initialize() {
    this.ctx.provide('layer', 'flatten', (_, { shape }) => new Reshape([-1], shape), {
      description: 'one row of numbers for each row of the batch',
    })
    this.ctx.provide('layer', 'reshape', (config, { shape }) => new Reshape(config.shape, shape), {
      config: reshapeConfig,
      description: 'the same values in another shape',
    })
    this.ctx.provide('layer', 'permute', ({ order }, env) => new Permute(order, env), {
      config: permuteConfig,
      description: 'axes in another order',
    })
  }
}
