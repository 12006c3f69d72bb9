// From a value at each position to one for the row, where the mask keeps positions.
import * as tf from '@tensorflow/tfjs'
import {
  EngineError,
  type ForwardContext,
  type LayerInput,
  Module,
  nn,
  plugin,
  type ShapeEnv,
  z,
} from 'plugboard'

const config = z.strictObject({
  how: z
    .enum(['mean', 'first', 'last'])
    .default('mean')
    .describe('mean of the positions that are kept, the first position, the last that is kept'),
})

/**
 * [batch, time, width] to [batch, width]. What is kept says the mask of the positions, or a second input [batch, time]
 * (1 = keep) in its place.
 */
class Pool extends Module<LayerInput, tf.Tensor> {
  readonly how: 'mean' | 'first' | 'last'

  constructor(how: Pool['how'], { shape, shapes = [shape] }: ShapeEnv) {
    super()
    this.how = how
    const [states, mask] = shapes
    const fits = states!.length === 2 && (!mask || mask.join() === `${states![0]}`)
    if (fits && shapes.length <= 2) return
    throw new EngineError({
      code: 'model.forward',
      message: `pool takes [time, width] and perhaps a mask [time], but was given ${shapes.map((each) => `[${each.join(', ')}]`).join(', ')}`,
      hint: 'reshape images to positions first; a mask is a column such as `attention_mask`',
    })
  }

  forward(input: LayerInput, { mask }: ForwardContext): tf.Tensor {
    if (input instanceof tf.Tensor) return nn.pool(input, this.how, mask)
    return nn.pool(input[0]!, this.how, input[1])
  }
}

export default class PoolLayer extends plugin({
  manifest: {
    name: 'pool_layer',
    version: '1.0.0',
    category: 'layer',
    description: 'Mean over time, or the first or last position',
    tags: ['graph', 'pooling'],
    provides: ['layer/pool'],
  },
}) {
  initialize() {
    this.ctx.provide('layer', 'pool', ({ how }, env) => new Pool(how, env), {
      config,
      description: 'one vector for each row, of the positions that its mask keeps',
    })
  }
}
