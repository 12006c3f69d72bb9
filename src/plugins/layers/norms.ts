// Normalisation as layers of model graphs.
import { EngineError, type EnvOf, nn, plugin, z } from 'plugboard'

function widthOf(layer: string, { shape }: EnvOf<'layer'>): number {
  const width = shape.at(-1)
  if (width !== undefined) return width
  throw new EngineError({
    code: 'model.parameter',
    message: `${layer} normalises the last axis of its input, but rows of it are single numbers`,
    hint: 'take a column with a shape of at least one axis',
  })
}

const norm = (epsilon: number) =>
  z.strictObject({
    epsilon: z.number().positive().default(epsilon).describe('added to the variance'),
  })

export default class NormLayers extends plugin({
  manifest: {
    name: 'norm_layers',
    version: '1.0.0',
    category: 'layer',
    description: 'Layer norm and RMS norm',
    tags: ['graph'],
    provides: ['layer/layer_norm', 'layer/rms_norm'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'layer',
      'layer_norm',
      ({ epsilon }, env) => new nn.LayerNorm(widthOf('layer_norm', env), epsilon),
      { config: norm(1e-5), description: 'mean 0 and variance 1 along the last axis, then scaled' },
    )
    this.ctx.provide(
      'layer',
      'rms_norm',
      ({ epsilon }, env) => new nn.RMSNorm(widthOf('rms_norm', env), epsilon),
      { config: norm(1e-6), description: 'mean square 1 along the last axis, then scaled' },
    )
  }
}
