// MLP: a stack of linear layers, for classes or numbers.
import type * as tf from '@tensorflow/tfjs'
import {
  EngineError,
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
  input: z.string().default('image').describe('column to read; its values are laid out flat'),
  hidden: z.array(z.int().min(1)).default([64]).describe('width of each hidden layer'),
  activation: z
    .enum(['relu', 'gelu', 'tanh'])
    .default('relu')
    .describe('function after each hidden layer'),
  dropout: z.number().min(0).lt(1).default(0).describe('share of values zeroed while training'),
})

type MlpConfig = z.output<typeof config>

const activations = {
  relu: (x: tf.Tensor) => x.relu(),
  gelu: (x: tf.Tensor) => nn.gelu(x),
  tanh: (x: tf.Tensor) => x.tanh(),
} satisfies Record<MlpConfig['activation'], (x: tf.Tensor) => tf.Tensor>

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)

/**
 * One column to `logits` [batch, classes] when the labels are class numbers, else to `predictions` of
 * the labels' shape. For a head: to `hidden_states` [batch, width], the last hidden layer.
 */
class Mlp extends Module<TensorMap, TensorMap> {
  readonly layers: nn.Linear[]
  readonly drop: nn.Dropout
  readonly input: string
  readonly activation: MlpConfig['activation']
  /** Width of the last hidden layer. */
  readonly width: number
  /** Number of hidden layers. */
  readonly depth: number
  /** Output for classes; else the shape of the numbers to predict. */
  readonly target: 'classes' | readonly number[]

  constructor({ input, hidden, activation, dropout }: MlpConfig, { columns, hasHead }: ModelEnv) {
    super()
    const source = columns[input]
    const labels = hasHead ? undefined : columns['labels']
    if (!source || !(labels || hasHead)) {
      throw new EngineError({
        code: 'model.forward',
        message: `mlp reads the columns '${input}'${hasHead ? '' : " and 'labels'"}; batches have ${Object.keys(columns).join(', ')}`,
        hint: 'set `input` to a column of the dataset',
      })
    }
    this.input = input
    this.activation = activation
    this.target = labels && labels.limit === undefined ? labels.shape : 'classes'
    this.drop = new nn.Dropout(dropout)
    const widths = [sizeOf(source.shape), ...hidden]
    this.width = widths.at(-1)!
    const last = labels && new nn.Linear(this.width, labels.limit ?? sizeOf(labels.shape))
    const layers = hidden.map((width, i) => {
      return new nn.Linear(widths[i]!, width, { weight: init.he() })
    })
    this.layers = last ? [...layers, last] : layers
    this.depth = hidden.length
  }

  forward(inputs: TensorMap, ctx: ForwardContext): TensorMap {
    const source = inputs[this.input]!
    const rows = source.shape[0]
    const activate = activations[this.activation]
    let x: tf.Tensor = source.reshape([rows, -1])
    for (const layer of this.layers.slice(0, this.depth)) {
      x = this.drop.forward(activate(layer.forward(x)), ctx)
    }
    const last = this.layers[this.depth]
    if (!last) return { hidden_states: x }
    const y = last.forward(x)
    return this.target === 'classes'
      ? { logits: y }
      : { predictions: y.reshape([rows, ...this.target]) }
  }
}

export default class MlpPlugin extends plugin({
  manifest: {
    name: 'mlp',
    version: '1.0.0',
    category: 'model',
    description: 'Stack of linear layers, for classes or numbers',
    tags: ['classification', 'regression'],
    provides: ['model/mlp'],
  },
}) {
  initialize() {
    this.ctx.provide('model', 'mlp', (options, env) => new Mlp(options, env), {
      config,
      description: 'linear layers over one column laid out flat',
    })
  }
}
