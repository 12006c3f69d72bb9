// What built-in parts are tried on, in sizes that any device computes at once: shapes, columns, batches, settings.
import * as tf from '@tensorflow/tfjs'
import type { ColumnSpec, Predicted, TensorMap } from 'plugboard'
import { fill, integers } from './reference.ts'

/** Settings of parts that can't do without, or that have more paths than one. */
export const configs: Readonly<Record<string, readonly object[]>> = {
  'layer/linear': [{ units: 3 }],
  'layer/embedding': [{ vocabulary: 7, width: 4 }],
  'layer/conv2d': [{ channels: 3 }, { channels: 3, stride: 2, padding: 'valid' }],
  'layer/max_pool2d': [{}, { size: 3, stride: 2, padding: 'same' }],
  'layer/global_pool': [{}, { how: 'max' }],
  'layer/pool': [{}, { how: 'first' }, { how: 'last' }],
  'layer/reshape': [{ shape: [2, -1] }],
  'layer/permute': [{ order: [1, 0] }],
  'layer/attention': [{ heads: 2, causal: true, rotary: true }],
  'layer/rnn': [{ units: 3 }],
  'layer/gru': [{ units: 3 }],
  'layer/lstm': [{ units: 3 }, { units: 3, reverse: true }],
  'attention/full': [{}, { key_heads: 1 }],
  'attention/sliding_window': [{ window: 2 }],
  // More than a device binds at once.
  'ffn/moe': [{ experts: 12 }],
  'router/top_k': [{ k: 2, noise: 0.1 }],
  'model/mlp': [{ hidden: [4], dropout: 0.2 }],
  'model/cnn': [{ channels: [3] }, { channels: [3], halving: 'max' }],
  'model/gpt': [{ layers: 1, heads: 2, width: 8 }],
  'model/encoder': [
    { layers: 1, heads: 2, width: 8 },
    { layers: 1, heads: 2, width: 8, norm: 'post', positions: 'rotary' },
  ],
  'model/rnn': [{ hidden: 4 }, { hidden: 4, cell: 'gru', bidirectional: true }],
  'head/multi_task': [{ hidden: 4, tasks: { tone: {}, topic: { output_size: 3 } } }],
  'head/regression': [{}, { loss: 'huber' }],
  'loss/cross_entropy': [{}, { class_weights: [1, 2, 3, 4], label_smoothing: 0.1 }],
  'loss/bce': [{ pos_weight: 2 }],
  'metric/accuracy': [{}, { top_k: 2 }],
  'metric/auc': [{ bins: 50 }],
  'optimizer/sgd': [{}, { momentum: 0.9, nesterov: true, weight_decay: 0.1 }],
  'optimizer/rmsprop': [{ centered: true, momentum: 0.5 }],
  'optimizer/adam': [{ weight_decay: 0.1 }],
  'optimizer/adamw': [{ groups: [{ match: 'first', learning_rate_factor: 0.5 }] }],
}

const ids = (count: number, seed: number, limit: number, shape: number[]): tf.Tensor =>
  tf.tensor(integers(count, seed, limit), shape, 'int32')

/** The last two positions of the second row are filled up. */
export const padding = (): tf.Tensor => tf.tensor2d([1, 1, 1, 1, 1, 1, 1, 1, 0, 0], [2, 5])

/** Inputs of layers, by what they are. */
export const layerInputs: Readonly<Record<string, () => tf.Tensor[]>> = {
  rows: () => [fill([3, 6], 1, 4)],
  sequences: () => [fill([2, 5, 8], 1, 4)],
  images: () => [fill([2, 6, 6, 2], 1, 4)],
  ids: () => [ids(10, 1, 7, [2, 5])],
  'sequences with a mask': () => [fill([2, 5, 8], 1, 4), padding()],
  'two of a kind': () => [fill([2, 5, 8], 1, 4), fill([2, 5, 8], 2, 4)],
}

/** Columns and a batch of them. */
export interface Rows {
  columns: Record<string, ColumnSpec>
  batch(): TensorMap
}

const numbers = (...shape: number[]): ColumnSpec => ({ shape, dtype: 'float32' })
const classes = (limit: number, ...shape: number[]): ColumnSpec => ({
  shape,
  dtype: 'int32',
  limit,
})

const rowsOf = (columns: Rows['columns']): Rows => ({
  columns,
  batch: () =>
    Object.fromEntries(
      Object.entries(columns).map(([name, { shape, limit }], i) => {
        const size = [2, ...shape]
        const isMask = name.endsWith('_mask')
        if (isMask && size[1] === 5) return [name, padding()]
        if (limit === undefined) return [name, fill(size, i + 1, 2)]
        return [name, ids(tf.util.sizeFromShape(size), i + 1, limit, size)]
      }),
    ),
})

const text = { input_ids: classes(7, 5), attention_mask: numbers(5) }

/** Rows for models and heads, by what they are. */
export const rows: Readonly<Record<string, Rows>> = {
  images: rowsOf({ image: numbers(6, 6, 1), labels: classes(4) }),
  'numbers to predict': rowsOf({ image: numbers(6), labels: numbers(2) }),
  'text to go on with': rowsOf({ ...text, labels: classes(7, 5) }),
  'hidden words': rowsOf({ ...text, labels: classes(7, 5), labels_mask: numbers(5) }),
  'texts of classes': rowsOf({ ...text, labels: classes(4) }),
  'texts of two tasks': rowsOf({ ...text, tone_labels: classes(2), topic_labels: classes(3) }),
}

/** Shapes of hidden states for heads. */
export const states: Readonly<Record<string, number[]>> = { vectors: [2, 8], sequences: [2, 5, 8] }

/** Outputs and labels for losses and metrics, by what they are. */
export const predicted: Readonly<Record<string, () => Predicted>> = {
  classes: () => ({
    outputs: { logits: fill([12, 4], 1, 6) },
    batch: { labels: ids(12, 2, 4, [12]), attention_mask: fill([12], 5, 4).greater(0) },
  }),
  'classes in time': () => ({
    outputs: { logits: fill([2, 5, 4], 1, 6) },
    batch: { labels: ids(10, 2, 4, [2, 5]), attention_mask: padding() },
  }),
  'yes or no': () => ({
    outputs: { logits: fill([12], 1, 6) },
    batch: { labels: ids(12, 2, 2, [12]) },
  }),
  numbers: () => ({
    outputs: { predictions: fill([12, 2], 1, 6) },
    batch: { labels: fill([12, 2], 3) },
  }),
}
