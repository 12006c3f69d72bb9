// Layers of model graphs that work on sequences [time, width]: attention, recurrent layers, positions.
import type * as tf from '@tensorflow/tfjs'
import {
  componentSchema,
  EngineError,
  type EnvOf,
  type ForwardContext,
  init,
  type InstanceOf,
  type LayerInput,
  Module,
  nn,
  parameter,
  plugin,
  z,
} from 'plugboard'

/** Time and width; refuses what is no sequence of vectors. */
function sequenceOf(layer: string, { shape }: EnvOf<'layer'>): [time: number, width: number] {
  if (shape.length === 2) return shape as [number, number]
  throw new EngineError({
    code: 'model.parameter',
    message: `${layer} takes sequences [time, width], but rows have shape [${shape.join(', ')}]`,
    hint: 'put an embedding before it for ids; for images, flatten or pool them',
  })
}

/** An attention by name; a second input is the mask of the positions, [batch, time]. */
class Attention extends Module<LayerInput, tf.Tensor> {
  readonly attn: InstanceOf<'attention'>

  constructor(attn: InstanceOf<'attention'>) {
    super()
    this.attn = attn
  }

  forward(input: LayerInput, ctx: ForwardContext): tf.Tensor {
    return this.attn.forward(...nn.takeMask(input, ctx))
  }
}

/** Adds a learned vector to each position. */
class Positions extends Module<tf.Tensor, tf.Tensor> {
  /** [time, width]. */
  readonly weight: tf.Variable

  constructor(time: number, width: number) {
    super()
    this.weight = parameter([time, width], init.normal(0.02))
  }

  forward(x: tf.Tensor): tf.Tensor {
    return x.add(this.weight)
  }
}

const dropout = z.number().min(0).lt(1).default(0).describe('share of values zeroed while training')

const attention = z.strictObject({
  attention: componentSchema
    .optional()
    .describe('how positions see each other; without it, the default one'),
  heads: z.int().min(1).default(4).describe('attention heads, a divisor of the width'),
  causal: z.boolean().default(false).describe('hide later positions'),
  rotary: z.boolean().default(false).describe('turn queries and keys by their positions'),
  dropout,
})

const feedForward = z.strictObject({
  ffn: componentSchema
    .optional()
    .describe('what happens at each position; without it, the default one'),
  dropout,
})

const rotary = z.strictObject({
  base: z.number().gt(1).default(10_000).describe('the slowest pair takes about so many positions'),
})

const recurrent = z.strictObject({
  units: z.int().min(1).describe('width of the state, and of what it gives at each position'),
  reverse: z.boolean().default(false).describe('from the last position to the first'),
})

const cells = {
  rnn: { of: nn.RNN, description: 'recurrent layer with tanh' },
  gru: { of: nn.GRU, description: 'gated recurrent units' },
  lstm: { of: nn.LSTM, description: 'long short-term memory' },
}

export default class SequenceLayers extends plugin({
  manifest: {
    name: 'sequence_layers',
    version: '1.0.0',
    category: 'layer',
    description: 'Layers that work on sequences: attention, recurrent layers, positions',
    tags: ['graph', 'transformer'],
    provides: [
      'layer/attention',
      'layer/feed_forward',
      'layer/swiglu',
      'layer/positions',
      'layer/rotary',
      'layer/rnn',
      'layer/gru',
      'layer/lstm',
    ],
    requires: { 'kind:attention': '*', 'kind:ffn': '*' },
  },
}) {
  initialize() {
    this.ctx.provide(
      'layer',
      'attention',
      ({ attention: ref, ...options }, env) => {
        const [context, width] = sequenceOf('attention', env)
        return new Attention(env.create('attention', ref, { ...options, context, width }))
      },
      { config: attention, description: 'mixes along time; a second input is the mask' },
    )
    this.ctx.provide(
      'layer',
      'feed_forward',
      ({ ffn, dropout: rate }, env) => {
        const [context, width] = sequenceOf('feed_forward', env)
        return env.create('ffn', ffn, { context, width, heads: 1, dropout: rate })
      },
      { config: feedForward, description: 'a small network at each position, by name' },
    )
    this.ctx.provide(
      'layer',
      'swiglu',
      ({ hidden }, env) => {
        const [, width] = sequenceOf('swiglu', env)
        return new nn.SwiGLU(hidden === undefined ? { width } : { width, hidden })
      },
      {
        config: z.strictObject({
          hidden: z.int().min(1).optional().describe('inner width; 8/3 of the width, if left out'),
        }),
        description: 'gated network at each position (Shazeer 2020)',
      },
    )
    this.ctx.provide(
      'layer',
      'positions',
      (_, env) => new Positions(...sequenceOf('positions', env)),
      { description: 'adds a learned vector to each position' },
    )
    this.ctx.provide(
      'layer',
      'rotary',
      ({ base }, env) => {
        const [time, width] = sequenceOf('rotary', env)
        return new nn.Rotary(width, time, base)
      },
      { config: rotary, description: 'turns pairs of values by their position (Su et al. 2021)' },
    )
    for (const [name, { of: Cell, description }] of Object.entries(cells))
      this.ctx.provide(
        'layer',
        name,
        ({ units, reverse }, env) => new Cell(sequenceOf(name, env)[1], units, { reverse }),
        { config: recurrent, description: `${description}; a second input is the mask` },
      )
  }
}
