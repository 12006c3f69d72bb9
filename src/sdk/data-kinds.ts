// Kinds that bring rows from their source to a batch.
import type { ColumnSpec, Splits, Table } from './data.ts'
import type { Random } from './random.ts'

/** Reads rows: tables, or items one by one. A dataset that has `length` and `item` itself may return itself. */
export interface Dataset {
  load(): Promise<Splits | Table | Items>
}

/** A value of one row: a number, a text, or numbers of a fixed shape. */
export type ItemValue = number | string | readonly number[] | Float32Array | Int32Array | Uint8Array

/** Rows given one by one, for data that is no table. They are asked for once each, in order, and kept as columns. */
export interface Items {
  readonly length: number
  /** Row `index`, from 0; every row has the same keys, and values of the same form. */
  item(index: number): Record<string, ItemValue>
  /** What values alone do not tell: `{ labels: { dtype: 'int32', limit: 10 } }`. */
  readonly columns?: Readonly<Record<string, Partial<ColumnSpec>>>
}

/** Files and progress for parts that load data. */
export interface DataEnv {
  /** A file shipped with Plugboard (`data/…`) or kept in the workspace. Rejects with `asset.missing`. */
  asset(path: string): Promise<ArrayBuffer>
  random: Random
  /** Aborts when the user stops the run while data loads. */
  signal: AbortSignal
}

/** Ids that stand for no text: filler, begin of a row, end of a text, and a token to be guessed. */
export interface SpecialIds {
  readonly pad: number
  readonly cls: number
  readonly sep: number
  readonly mask: number
}

/**
 * Turns text into ids and back. Fitted on the training rows only. What it learned is kept with `save` and
 * `load`, for a run that goes on elsewhere.
 */
export interface Tokenizer {
  fit(texts: Iterable<string>): void
  /** Ids of `text`, without special tokens. Unknown pieces become `unknown`. */
  encode(text: string): number[]
  decode(ids: Iterable<number>): string
  /** Number of ids, special ones included. */
  readonly vocabSize: number
  /** Marks begin and end of a text; -1 where a tokenizer has none. */
  readonly boundary: number
  /** Those of its ids that are special ones of an encoder, such as [CLS]. */
  readonly special?: Partial<SpecialIds>
  /** What `fit` learned, as cloneable data. */
  save?(): unknown
  /** Takes over what `save` gave, in place of fitting. */
  load?(state: never): void
}

/** One step from raw columns to columns of batches. What it learned is kept with `save` and `load`. */
export interface Preprocessor {
  /** Sees the training rows only. */
  fit?(table: Table): void
  transform(table: Table): Table
  /**
   * Draws anew, for an epoch, what is left to chance, such as which tokens are hidden. Gets the training rows as
   * the last preprocessor left them, and returns them in the same form.
   */
  renew?(table: Table, at: { random: Random; epoch: number }): Table
  /** From what `transform` gave, or what a model predicted of it, back to raw columns. */
  inverseTransform?(table: Table): Table
  /** What `fit` learned, as cloneable data. */
  save?(): unknown
  /** Takes over what `save` gave, in place of fitting. */
  load?(state: never): void
}

export interface PreprocessorEnv {
  tokenizer: Tokenizer | undefined
}

/**
 * New columns, computed from those of all rows, in the order of the dataset and before they are split. Its
 * table may have fewer rows: those that a window into the past cannot fill are left out.
 */
export interface Feature {
  extract(table: Table): Table | Promise<Table>
}

/**
 * Changes training rows anew for each epoch, as the dataset gave them: before tokenizer and preprocessors,
 * which were fitted on the rows as they are. Validation rows never come to it.
 */
export interface Augmenter {
  /** The rows to train on, made of `table`, which stays as it is. */
  augment(table: Table, at: AugmentArgs): Table | Promise<Table>
}

export interface AugmentArgs {
  /** False when somebody only looks at rows, which then stay as they are. */
  training: boolean
  /** Of the run's seed and the epoch. */
  random: Random
  epoch: number
  /** Aborts when the run is to end. */
  signal: AbortSignal
}

/** Chooses the rows of an epoch and their order. */
export interface Sampler {
  /** Row numbers below `table.length`; any may come more than once, or not at all. */
  order(table: Table, at: { random: Random; epoch: number }): Int32Array
}
