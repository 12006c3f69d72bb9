// Columns and tables: how data travels from a dataset to a batch.
import type * as tf from '@tensorflow/tfjs'

/** Named tensors: a batch, a model's outputs. */
export type TensorMap = Record<string, tf.Tensor>

/** Rows of numbers; row `i` is `data.subarray(i * size, (i + 1) * size)` with size = product of `shape`. */
export interface NumberColumn {
  type: 'number'
  data: Float32Array | Int32Array | Uint8Array
  /** Shape of one row; `[]` for one number a row. */
  shape: readonly number[]
  /** Type of the tensor a batch gets. */
  dtype: 'float32' | 'int32'
  /** Factor applied when a batch is gathered, for example 1/255 for bytes. Float columns only. */
  scale?: number
  /** For class labels and ids: values are 0 … limit - 1. */
  limit?: number
  /** Names of the classes, in order, for class labels. */
  classes?: readonly string[]
  /** What stands at each place of a row, in order: the columns that were joined to this one. */
  names?: readonly string[]
}

/** Rows of text, still to be tokenized. */
export interface TextColumn {
  type: 'text'
  data: readonly string[]
}

export type Column = NumberColumn | TextColumn

/** Where rows come from, so that messages can name them as their author knows them. */
export interface RowOrigin {
  /** What they are rows of, such as `data/iris.csv` or `dataset spirals`. */
  source: string
  /** How they are counted there: lines from 1, rows from 0. */
  unit: 'line' | 'row'
  /** Number of each row there. */
  numbers: Int32Array
}

/** Columns of equal length. */
export interface Table {
  length: number
  columns: Record<string, Column>
  /** The engine knows it of rows that a dataset gave, and `selectRows` keeps it. */
  origin?: RowOrigin
}

/** What a model may know about a column of its batches: no data, only its form. */
export type ColumnSpec = Pick<NumberColumn, 'shape' | 'dtype' | 'limit' | 'classes'>

/** A dataset as loaded. Without `validation` the engine splits `train` by the experiment's seed. */
export interface Splits {
  train: Table
  validation?: Table
}
