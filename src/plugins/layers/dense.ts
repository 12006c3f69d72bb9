// Layers of model graphs that work on vectors: linear, embedding, dropout.
import { EngineError, type EnvOf, nn, plugin, z } from 'plugboard'

/** Size of the last axis; refuses single numbers, which have none. */
function widthOf(layer: string, { shape }: EnvOf<'layer'>): number {
  const width = shape.at(-1)
  if (width !== undefined) return width
  throw new EngineError({
    code: 'model.parameter',
    message: `${layer} works on the last axis of its input, but rows of it are single numbers`,
    hint: 'take a column with a shape of at least one axis',
  })
}

const linear = z.strictObject({
  units: z.int().min(1).describe('size of the last axis of what it gives'),
  bias: z.boolean().default(true).describe('add a learned offset'),
})

const embedding = z.strictObject({
  vocabulary: z.int().min(1).describe('number of ids'),
  width: z.int().min(1).describe('size of the vector of each'),
})

const dropout = z.strictObject({
  rate: z.number().min(0).lt(1).default(0.1).describe('share of values zeroed while training'),
})

export default class DenseLayers extends plugin({
  manifest: {
    name: 'dense_layers',
    version: '1.0.0',
    category: 'layer',
    description: 'Linear layers, embeddings and dropout',
    tags: ['graph'],
    provides: ['layer/linear', 'layer/embedding', 'layer/dropout'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'layer',
      'linear',
      ({ units, bias }, env) => new nn.Linear(widthOf('linear', env), units, { bias }),
      { config: linear, description: 'y = x W + b over the last axis' },
    )
    this.ctx.provide(
      'layer',
      'embedding',
      ({ vocabulary, width }) => new nn.Embedding(vocabulary, width),
      { config: embedding, description: 'a learned vector for each id' },
    )
    this.ctx.provide('layer', 'dropout', ({ rate }) => new nn.Dropout(rate), {
      config: dropout,
      description: 'zeroes a share of the values while training',
    })
  }
}
