// Classification head: one class for each row, from the hidden states of any model.
import type * as tf from '@tensorflow/tfjs'
import {
  type Context,
  EngineError,
  type ForwardContext,
  type HeadEnv,
  Module,
  nn,
  plugin,
  type TensorMap,
  z,
} from 'plugboard'

const config = z.strictObject({
  num_labels: z
    .int()
    .min(2)
    .optional()
    .describe('classes; without it, those of the column `labels`'),
  pool: z.enum(['mean', 'first', 'last']).default('mean').describe('which positions count'),
  dropout_rate: z.number().min(0).lt(1).default(0.1).describe('share of values zeroed in training'),
  activation: z.enum(['relu', 'gelu', 'tanh', 'none']).default('relu'),
  label_smoothing: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe('share of the target spread evenly over all classes'),
})

type HeadConfig = z.output<typeof config>

const activations = {
  relu: (x: tf.Tensor) => x.relu(),
  gelu: (x: tf.Tensor) => nn.gelu(x),
  tanh: (x: tf.Tensor) => x.tanh(),
  none: (x: tf.Tensor) => x,
} satisfies Record<HeadConfig['activation'], (x: tf.Tensor) => tf.Tensor>

function classesOf({ num_labels }: HeadConfig, { columns }: HeadEnv): number {
  const classes = num_labels ?? columns['labels']?.limit
  if (classes !== undefined) return classes
  throw new EngineError({
    code: 'contribution.config',
    message: 'the head classification does not know how many classes there are',
    hint: 'set `num_labels`, or give the column `labels` a `limit`',
  })
}

/** `hidden_states` to `logits` [batch, classes]: pool, dropout, activation, linear. */
class Classification extends Module {
  readonly drop: nn.Dropout
  readonly classifier: nn.Linear
  readonly pool: HeadConfig['pool']
  readonly activation: HeadConfig['activation']
  readonly classes: number
  readonly smoothing: number
  readonly #events: Context['events']
  /** Shape of the last batch that was told: events tell what is new, not every step. */
  #told = ''

  constructor(options: HeadConfig, env: HeadEnv, events: Context['events']) {
    super()
    this.classes = classesOf(options, env)
    this.drop = new nn.Dropout(options.dropout_rate)
    this.classifier = new nn.Linear(env.width, this.classes)
    this.pool = options.pool
    this.activation = options.activation
    this.smoothing = options.label_smoothing
    this.#events = events
  }

  forward({ hidden_states: states, attention_mask: mask }: TensorMap, ctx: ForwardContext) {
    const isNew = this.#told !== String(states!.shape)
    if (isNew) this.#tell('head.forward_start', { input_shape: states!.shape })
    this.#told = String(states!.shape)
    const pooled = this.drop.forward(nn.pool(states!, this.pool, mask), ctx)
    const logits = this.classifier.forward(activations[this.activation](pooled))
    if (isNew) this.#tell('head.forward_complete', { output_shape: logits.shape })
    return { logits }
  }

  #tell(type: string, data: Record<string, unknown>): void {
    this.#events.emit(type, { head_type: 'classification', ...data })
  }

  computeLoss(args: { outputs: TensorMap; batch: TensorMap }): tf.Scalar {
    const { logits, labels, mask } = nn.readClasses('classification', args)
    return nn.crossEntropy(logits, labels, { mask, smoothing: this.smoothing })
  }

  weight({ batch }: { batch: TensorMap }): tf.Scalar {
    return nn.countLabels(batch)
  }

  ranges({ outputs: { logits } }: { outputs: TensorMap }) {
    return { labels: { min: 0, max: logits!.shape.at(-1)! - 1, isWhole: true } }
  }

  outputSize() {
    return { logits: this.classes }
  }
}

export default class ClassificationHead extends plugin({
  manifest: {
    name: 'classification_head',
    version: '1.0.0',
    category: 'head',
    description: 'One class for each row, from the hidden states of a model',
    tags: ['classification'],
    provides: ['head/classification'],
  },
}) {
  initialize() {
    const { events } = this.ctx
    this.ctx.provide(
      'head',
      'classification',
      (options, env) => new Classification(options, env, events),
      { config, description: 'hidden states to `logits` of one class for each row' },
    )
  }
}
