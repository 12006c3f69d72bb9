// RNN: recurrent layers that read a sequence position after position, for text and for series of numbers.
import * as tf from '@tensorflow/tfjs'
import {
  type ColumnSpec,
  EngineError,
  extended,
  type ForwardContext,
  init,
  type ModelEnv,
  Module,
  nn,
  plugin,
  type TensorMap,
  z,
} from 'plugboard'

const config = z.strictObject({
  input: z
    .string()
    .default('input_ids')
    .describe('column to read: ids [time], or numbers [time, features]'),
  cell: z.enum(['lstm', 'gru', 'rnn']).default('lstm').describe('what each position computes'),
  layers: z.int().min(1).max(16).default(1).describe('recurrent layers, one above the other'),
  hidden: z.int().min(1).default(64).describe('size of the state of a layer'),
  width: z
    .int()
    .min(1)
    .optional()
    .describe('size of the vector for an id; that of the state, if left out'),
  bidirectional: z
    .boolean()
    .default(false)
    .describe('read backwards too, and join both; for a head, not for a language model'),
  dropout: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe('share of the values between layers zeroed while training'),
})

type RnnConfig = z.output<typeof config>

const cells = { lstm: nn.LSTM, gru: nn.GRU, rnn: nn.RNN } satisfies Record<
  RnnConfig['cell'],
  unknown
>

/** Positions and features of a column of numbers. */
const featuresOf = ({ shape: [, ...features] }: ColumnSpec): number =>
  features.reduce((a, b) => a * b, 1)

/**
 * A sequence to `hidden_states` [batch, time, hidden (twice that in both directions)], for a head; without one, ids
 * to `logits` [batch, time, vocabulary] of the ids that come next. Positions that `attention_mask` leaves out change
 * no state. Layers as PyTorch has them.
 */
class Rnn extends Module<TensorMap, TensorMap> {
  /** Absent for numbers. */
  readonly embedding: nn.Embedding | undefined
  readonly layers: (nn.LSTM | nn.GRU | nn.RNN)[]
  /** The same number of layers that read backwards. */
  readonly backwards: (nn.LSTM | nn.GRU | nn.RNN)[]
  readonly drop: nn.Dropout
  /** Absent for a head of the experiment. */
  readonly head: nn.Linear | undefined
  readonly input: string
  readonly width: number

  constructor(options: RnnConfig, { columns, hasHead }: ModelEnv) {
    super()
    const { input, cell, layers, hidden, bidirectional, dropout } = options
    const source = columns[input]
    if (!source || source.shape.length < 1 || (!hasHead && source.limit === undefined))
      throw withoutSequence(options, columns, hasHead)
    if (bidirectional && !hasHead) throw bothWays()
    const isIds = source.limit !== undefined && source.shape.length === 1
    const width = isIds ? (options.width ?? hidden) : featuresOf(source)
    if (isIds) this.embedding = new nn.Embedding(source.limit!, width, init.normal(1))
    this.input = input
    this.width = bidirectional ? 2 * hidden : hidden
    const Cell = cells[cell]
    const stack = (reverse: boolean) =>
      Array.from(
        { length: layers },
        (_, layer) => new Cell(layer === 0 ? width : this.width, hidden, { reverse }),
      )
    this.layers = stack(false)
    this.backwards = bidirectional ? stack(true) : []
    this.drop = new nn.Dropout(dropout)
    if (!hasHead) this.head = new nn.Linear(hidden, source.limit!)
  }

  forward(inputs: TensorMap, ctx: ForwardContext): TensorMap {
    const source = inputs[this.input]!
    const [batch, time] = source.shape as [number, number]
    const mask = inputs['attention_mask']
    const within = mask ? extended(ctx, { mask }) : ctx
    let x = this.embedding?.forward(source) ?? source.reshape([batch, time, -1])
    this.layers.forEach((layer, i) => {
      if (i > 0) x = this.drop.forward(x, ctx)
      const ahead = layer.forward(x, within)
      const back = this.backwards[i]?.forward(x, within)
      x = back ? tf.concat([ahead, back], 2) : ahead
    })
    return this.head ? { logits: this.head.forward(x) } : { hidden_states: x }
  }
}

function withoutSequence(
  { input }: RnnConfig,
  columns: ModelEnv['columns'],
  hasHead: boolean,
): EngineError {
  const found = columns[input]
    ? `that has shape [${columns[input].shape.join(', ')}] and no ids`
    : `batches have ${Object.keys(columns).join(', ')}`
  return new EngineError({
    code: 'model.forward',
    message: `rnn reads ${hasHead ? 'a sequence' : 'ids'} from the column '${input}'; ${found}`,
    hint: hasHead
      ? 'set `input` to a column of ids [time] or of numbers [time, features]'
      : 'name a tokenizer and put next_token into `preprocess`, or add a head, such as `head: regression`',
  })
}

const bothWays = (): EngineError =>
  new EngineError({
    code: 'contribution.config',
    message:
      'rnn reads in both directions, but a language model must not see what it is to predict',
    hint: 'take `bidirectional` out, or add a head, such as `head: classification`',
  })

export default class RnnPlugin extends plugin({
  manifest: {
    name: 'rnn',
    version: '1.0.0',
    category: 'model',
    description: 'LSTM, GRU or plain recurrent layers, for text and for series of numbers',
    tags: ['recurrent', 'language model', 'classification', 'series'],
    provides: ['model/rnn'],
  },
}) {
  initialize() {
    this.ctx.provide('model', 'rnn', (options, env) => new Rnn(options, env), {
      config,
      description: 'language model, or states of a sequence for a head',
    })
  }
}
