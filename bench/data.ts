// Rows to train on, made from a seed, and the order that the engine draws its batches in.
import { createRandom, type NumberColumn, type Random, type Table } from '#sdk'
import { fullBatches } from '../src/engine/data/index.ts'
import { CLASSES, type GptShape, IMAGE_SIDE, type Shape } from './workloads.ts'

/** Of the experiment: fixes initial weights and the order of rows. */
export const SEED = 1
/** Batches in an epoch. */
const BATCHES = 8

export type Rows = Table & { columns: Record<string, NumberColumn> }

/** Columns as the built-in datasets give them, with values of like distribution. */
export function makeRows(shape: Shape): Rows {
  const random = createRandom(SEED).fork('bench rows')
  const length = BATCHES * shape.batch
  return {
    length,
    columns: shape.kind === 'gpt' ? makeText(random, length, shape) : makeImages(random, length),
  }
}

/** Ids in which low ones are frequent, as letters are; labels are the next ids. */
function makeText(random: Random, length: number, { context, vocabulary }: GptShape) {
  const draw = () => Math.floor(vocabulary * random.next() ** 2)
  const ids = new Int32Array(length * context)
  const labels = new Int32Array(length * context)
  for (let row = 0; row < length; row++) {
    const text = Int32Array.from({ length: context + 1 }, draw)
    ids.set(text.subarray(0, context), row * context)
    labels.set(text.subarray(1), row * context)
  }
  const column = (data: Int32Array): NumberColumn => ({
    type: 'number',
    data,
    shape: [context],
    dtype: 'int32',
    limit: vocabulary,
  })
  return { input_ids: column(ids), labels: column(labels) }
}

/** A fifth of the pixels has ink. */
function makeImages(random: Random, length: number): Record<string, NumberColumn> {
  const ink = () => (random.next() < 0.2 ? random.next() : 0)
  const shape = [IMAGE_SIDE, IMAGE_SIDE, 1]
  const image = Float32Array.from({ length: length * IMAGE_SIDE ** 2 }, ink)
  const labels = Int32Array.from({ length }, () => random.int(CLASSES))
  return {
    image: { type: 'number', data: image, shape, dtype: 'float32' },
    labels: { type: 'number', data: labels, shape: [], dtype: 'int32', limit: CLASSES },
  }
}

/** Row numbers of one batch after another, without end, as a run of the engine draws them. */
export function* batchesOf(rows: Rows, batchSize: number): Generator<Int32Array, never> {
  const order = createRandom(SEED).fork('order')
  for (let epoch = 1; ; epoch++)
    yield* fullBatches(order.fork(epoch).permutation(rows.length), batchSize)
}

export interface ColumnValues {
  values: Float32Array | Int32Array
  shape: number[]
}

/** Values of some rows, by column: new arrays, which a library may keep. */
export function gatherRows({ columns }: Rows, rows: Int32Array): Record<string, ColumnValues> {
  const batch: Record<string, ColumnValues> = {}
  for (const [name, { data, shape }] of Object.entries(columns)) {
    const size = shape.reduce((a, b) => a * b, 1)
    const values = new (data instanceof Float32Array ? Float32Array : Int32Array)(
      rows.length * size,
    )
    rows.forEach((row, i) => values.set(data.subarray(row * size, (row + 1) * size), i * size))
    batch[name] = { values, shape: [rows.length, ...shape] }
  }
  return batch
}
