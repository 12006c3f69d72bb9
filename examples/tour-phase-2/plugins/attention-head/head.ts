// The head itself: each of its heads weighs the days, and one layer turns what they saw into classes.
import * as tf from '@tensorflow/tfjs'
import {
  type Context,
  type ForwardContext,
  type Head,
  init,
  Module,
  nn,
  parameter,
  type Predicted,
  type TensorMap,
} from 'plugboard'

export interface HeadSettings {
  num_labels: number
  attention_heads: number
  dropout_rate: number
}

/** Added to the score of a day that the mask hides; finite, so that no product with it is NaN. */
const HIDDEN = -1e9

/** `hidden_states` [batch, days, width] to `logits` [batch, labels] and `attention` [batch, days, heads]. */
export class AttentionHead extends Module implements Head {
  readonly query: tf.Variable
  readonly drop: nn.Dropout
  readonly classifier: nn.Linear
  readonly labels: number
  readonly heads: number
  readonly #events: Context['events']
  /** Shapes of batches that were told: events tell what is new, not every step. */
  readonly #told = new Set<string>()

  constructor(settings: HeadSettings, { width }: { width: number }, events: Context['events']) {
    super()
    this.labels = settings.num_labels
    this.heads = settings.attention_heads
    this.query = parameter([width, this.heads], init.linear(width))
    this.drop = new nn.Dropout(settings.dropout_rate)
    this.classifier = new nn.Linear(this.heads * width, this.labels)
    this.#events = events
  }

  forward({ hidden_states: states, attention_mask: mask }: TensorMap, ctx: ForwardContext) {
    const [batch, days, width] = states!.shape as [number, number, number]
    const isNew = !this.#told.has(String(states!.shape))
    this.#told.add(String(states!.shape))
    if (isNew) this.#tell('head.forward_start', { input_shape: states!.shape })

    const scores = tf.matMul(states!.reshape([-1, width]), this.query)
    const byDay = scores.reshape([batch, days, this.heads]).transpose([0, 2, 1])
    const hidden = mask?.expandDims(1).sub(nn.scalar(1)).mul(nn.scalar(-HIDDEN))
    const weights = tf.softmax(hidden ? byDay.add(hidden) : byDay)
    const seen = tf.matMul(weights, states!).reshape([batch, this.heads * width])
    const logits = this.classifier.forward(this.drop.forward(seen, ctx))

    if (isNew) this.#tell('head.forward_complete', { output_shape: logits.shape })
    return { logits, attention: weights.transpose([0, 2, 1]) }
  }

  computeLoss(args: Predicted): tf.Scalar {
    const { logits, labels, mask } = nn.readClasses('attention_head', args)
    return nn.crossEntropy(logits, labels, { mask })
  }

  outputSize() {
    return { logits: this.labels, attention: this.heads }
  }

  #tell(type: string, data: Record<string, unknown>): void {
    this.#events.emit(type, { head_type: 'attention_head', ...data })
  }
}
