// A custom model. Its default config is in its schema: what an experiment sets is laid over it.
import * as tf from '@tensorflow/tfjs'
import {
  EngineError,
  type ForwardContext,
  init,
  type ModelEnv,
  Module,
  nn,
  parameter,
  plugin,
  type TensorMap,
  z,
} from 'plugboard'

/** Parsing `{}` gives the defaults; `{ width: 8 }` the defaults with another width. */
export const config = z.strictObject({
  width: z.int().min(1).default(32).describe('numbers that stand for a letter'),
  layers: z.int().min(1).max(8).default(2).describe('each sees one letter further to both sides'),
  dropout: z.number().min(0).lt(1).default(0.1).describe('share of values zeroed in training'),
})

type LetterConfig = z.output<typeof config>

/** Each position together with the one before and the one after: [batch, time, width] to three times the width. */
function withNeighbours(x: tf.Tensor): tf.Tensor {
  const [, time] = x.shape as [number, number, number]
  const wide = tf.pad(x, [
    [0, 0],
    [1, 1],
    [0, 0],
  ])
  return tf.concat(
    [0, 1, 2].map((at) => wide.slice([0, at, 0], [-1, time, -1])),
    2,
  )
}

/** `input_ids` [batch, time] to `hidden_states` [batch, time, width]; a head makes answers of them. */
export class LetterModel extends Module {
  // Parameters and layers are found in public fields, and named after them.
  readonly letters: nn.Embedding
  readonly places: tf.Variable
  readonly layers: nn.Linear[]
  readonly drop: nn.Dropout
  /** Size of the last axis of `hidden_states`: a head asks for it. */
  readonly width: number

  constructor({ width, layers, dropout }: LetterConfig, { columns }: ModelEnv) {
    super()
    const ids = columns['input_ids']
    if (ids?.limit === undefined) {
      throw new EngineError({
        code: 'model.forward',
        message: `letter_model reads ids in the column input_ids; there are ${Object.keys(columns).join(', ')}`,
        hint: 'add `preprocess: [spell_out]` to the experiment',
      })
    }
    this.width = width
    this.letters = new nn.Embedding(ids.limit, width, init.normal(0.5))
    this.places = parameter([ids.shape[0]!, width], init.normal(0.5))
    this.layers = Array.from({ length: layers }, () => new nn.Linear(3 * width, width))
    this.drop = new nn.Dropout(dropout)
  }

  forward({ input_ids: ids, attention_mask: mask }: TensorMap, ctx: ForwardContext): TensorMap {
    const kept = mask!.expandDims(2)
    let x: tf.Tensor = this.letters.forward(ids!).add(this.places).mul(kept)
    for (const layer of this.layers) {
      const seen = layer.forward(withNeighbours(x)).relu()
      x = x.add(this.drop.forward(seen, ctx)).mul(kept)
    }
    return { hidden_states: x }
  }
}

/**
 * Good manners: a name that says what it is, a sentence for the list, tags to find it by, what it requires, and
 * how it is used: `model: { name: letter_model, config: { layers: 3 } }`.
 */
export default class LetterModelPlugin extends plugin({
  manifest: {
    name: 'letter_model',
    version: '1.0.0',
    category: 'model',
    description: 'Reads a name letter by letter, each with its neighbours',
    author: 'You <you@example.org>',
    license: 'MIT',
    tags: ['text', 'letters', 'small'],
    requires: { tfjs: '>=4.20' },
    provides: ['model/letter_model'],
  },
}) {
  initialize() {
    this.ctx.provide('model', 'letter_model', (options, env) => new LetterModel(options, env), {
      config,
      description: 'ids of letters to `hidden_states`',
    })
  }
}
