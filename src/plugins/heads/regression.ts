// Regression head: numbers for each row, from the hidden states of any model.
import * as tf from '@tensorflow/tfjs'
import {
  EngineError,
  type ForwardContext,
  type HeadEnv,
  Module,
  nn,
  plugin,
  type Predicted,
  type TensorMap,
  z,
} from 'plugboard'

const config = z.strictObject({
  output_size: z
    .int()
    .min(1)
    .optional()
    .describe('numbers for a row; without it, as many as the column `labels` has'),
  pool: z.enum(['mean', 'first', 'last']).default('mean').describe('which positions count'),
  dropout: z.number().min(0).lt(1).default(0.1).describe('share of values zeroed while training'),
  loss: z
    .enum(['mse', 'mae', 'huber'])
    .default('mse')
    .describe('squared differences, absolute ones, or squared only where they are below 1'),
})

type RegressionConfig = z.output<typeof config>

/** Loss of each number from its distance to the label; `huber` is Huber 1964 with delta 1. */
const losses = {
  mse: (distance) => distance.square(),
  mae: (distance) => distance.abs(),
  huber: (distance) => {
    const size = distance.abs()
    const near = tf.minimum(size, nn.scalar(1))
    return near.mul(size.sub(near.mul(nn.scalar(0.5))))
  },
} satisfies Record<RegressionConfig['loss'], (distance: tf.Tensor) => tf.Tensor>

/** `hidden_states` to `predictions`, of the labels' shape: pool, dropout, linear. */
class Regression extends Module {
  readonly drop: nn.Dropout
  readonly out: nn.Linear
  readonly pool: RegressionConfig['pool']
  readonly lossOf: (distance: tf.Tensor) => tf.Tensor
  /** Shape of the numbers of a row. */
  readonly shape: readonly number[]

  constructor({ output_size, pool, dropout, loss }: RegressionConfig, env: HeadEnv) {
    super()
    const labels = env.columns['labels']
    const size = output_size ?? labels?.shape.reduce((a, b) => a * b, 1)
    if (size === undefined || labels?.limit !== undefined) throw unknownSize(env, labels?.limit)
    const isFit = labels?.shape.reduce((a, b) => a * b, 1) === size
    this.shape = isFit ? labels.shape : [size]
    this.drop = new nn.Dropout(dropout)
    this.out = new nn.Linear(env.width, size)
    this.pool = pool
    this.lossOf = losses[loss]
  }

  forward({ hidden_states: states, attention_mask: mask }: TensorMap, ctx: ForwardContext) {
    const pooled = this.drop.forward(nn.pool(states!, this.pool, mask), ctx)
    const numbers = this.out.forward(pooled)
    return { predictions: numbers.reshape([numbers.shape[0], ...this.shape]) }
  }

  computeLoss(args: Predicted): tf.Scalar {
    const { predictions, labels, mask } = nn.readNumbers('regression', args)
    return nn.maskedMean(this.lossOf(predictions.sub(labels)), mask)
  }

  weight({ batch }: Predicted): tf.Scalar {
    return nn.countLabels(batch)
  }

  outputSize(): Record<string, number> {
    // The last axis of one number for each row is the batch itself.
    const last = this.shape.at(-1)
    return last === undefined ? {} : { predictions: last }
  }
}

const unknownSize = ({ columns }: HeadEnv, classes: number | undefined): EngineError =>
  new EngineError({
    code: 'contribution.config',
    message:
      classes === undefined
        ? `the head regression does not know how many numbers to predict: there is no column 'labels' (columns: ${Object.keys(columns).join(', ')})`
        : `the head regression predicts numbers, but 'labels' are ${classes} classes`,
    hint:
      classes === undefined
        ? 'set `output_size`, or give the dataset a column `labels`'
        : 'take `head: classification`, or give `labels` no limit',
  })

export default class RegressionHead extends plugin({
  manifest: {
    name: 'regression_head',
    version: '1.0.0',
    category: 'head',
    description: 'Numbers for each row, from the hidden states of a model',
    tags: ['regression'],
    provides: ['head/regression'],
  },
}) {
  initialize() {
    this.ctx.provide('head', 'regression', (options, env) => new Regression(options, env), {
      config,
      description: 'hidden states to `predictions` of one or more numbers for each row',
    })
  }
}
