// Batches: which rows, in which order, and their tensors.
import * as tf from '@tensorflow/tfjs'
import { type NumberColumn, rowSize, type Table, type TensorMap } from '#sdk'

/**
 * Rows of an order cut into batches of `size`, `most` at the most. Every batch has the same size, so tensors
 * keep their shape: rows that fill no whole batch wait for another epoch, which has another order.
 */
export function* fullBatches(
  order: Int32Array,
  size: number,
  most = Infinity,
): Generator<Int32Array> {
  for (let i = 0; i < most && (i + 1) * size <= order.length; i++)
    yield order.subarray(i * size, (i + 1) * size)
}

/** Every row once, in order. The last batch may be short: one more shape, and no row is left out. */
export function* sequentialBatches(rows: number, batchSize: number): Generator<Int32Array> {
  for (let at = 0; at < rows; at += batchSize)
    yield Int32Array.from({ length: Math.min(batchSize, rows - at) }, (_, i) => at + i)
}

function gather(column: NumberColumn, rows: ArrayLike<number>): tf.Tensor {
  const { data, shape, dtype, scale } = column
  const size = rowSize(shape)
  // Always a new array: a tensor may keep the one it is given.
  const values = new (dtype === 'int32' ? Int32Array : Float32Array)(rows.length * size)
  for (let i = 0; i < rows.length; i++)
    values.set(data.subarray(rows[i]! * size, (rows[i]! + 1) * size), i * size)
  if (scale !== undefined && dtype === 'float32')
    for (let i = 0; i < values.length; i++) values[i]! *= scale
  return tf.tensor(values, [rows.length, ...shape], dtype)
}

/** Number columns of the given rows as tensors of shape [rows, ...shape]. The caller disposes them. */
export function makeBatch(table: Table, rows: ArrayLike<number>): TensorMap {
  const batch: TensorMap = {}
  for (const [name, column] of Object.entries(table.columns))
    if (column.type === 'number') batch[name] = gather(column, rows)
  return batch
}
