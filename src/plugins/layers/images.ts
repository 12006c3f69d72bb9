// Layers of model graphs that work on images [height, width, channels]: convolution and pooling.
import { EngineError, type EnvOf, nn, plugin, z } from 'plugboard'

/** Channels of an image; refuses what is none, when the model is built. */
function channelsOf(layer: string, { shape }: EnvOf<'layer'>): number {
  if (shape.length === 3) return shape[2]!
  throw new EngineError({
    code: 'model.parameter',
    message: `${layer} takes images [height, width, channels], but rows have shape [${shape.join(', ')}]`,
    hint: 'connect it to a column of images, or to a layer that keeps them images',
  })
}

const size = z.int().min(1).describe('side of the square that is looked at')
const padding = z
  .enum(['same', 'valid'])
  .describe('`same` fills up at the border, `valid` does not')

const conv2d = z.strictObject({
  channels: z.int().min(1).describe('channels of what it gives'),
  size: size.default(3),
  stride: z.int().min(1).default(1).describe('places moved on at a time'),
  padding: padding.default('same'),
})

const avgPool2d = z.strictObject({
  size: size.default(2),
  stride: z.int().min(1).optional().describe('places moved on at a time; the size, if left out'),
})

const maxPool2d = avgPool2d.extend({ padding: padding.default('valid') })

const globalPool = z.strictObject({
  how: z.enum(['mean', 'max']).default('mean').describe('mean, or the largest value'),
})

export default class ImageLayers extends plugin({
  manifest: {
    name: 'image_layers',
    version: '1.0.0',
    category: 'layer',
    description: 'Layers that work on images: convolution and pooling',
    tags: ['graph', 'images'],
    provides: ['layer/conv2d', 'layer/max_pool2d', 'layer/avg_pool2d', 'layer/global_pool'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'layer',
      'conv2d',
      ({ channels, size: side, ...options }, env) =>
        new nn.Conv2d(channelsOf('conv2d', env), channels, side, options),
      { config: conv2d, description: 'learned patterns, looked for in every place' },
    )
    this.ctx.provide(
      'layer',
      'max_pool2d',
      ({ size: side, ...options }, env) => {
        channelsOf('max_pool2d', env)
        return new nn.MaxPool2d(side, options)
      },
      { config: maxPool2d, description: 'the largest value of each square' },
    )
    this.ctx.provide(
      'layer',
      'avg_pool2d',
      ({ size: side, ...options }, env) => {
        channelsOf('avg_pool2d', env)
        return new nn.AvgPool2d(side, options)
      },
      { config: avgPool2d, description: 'the mean of each square' },
    )
    this.ctx.provide('layer', 'global_pool', ({ how }) => new nn.GlobalPool(how), {
      config: globalPool,
      description:
        'one vector of all places of an image or a sequence; a second input is their mask',
    })
  }
}
