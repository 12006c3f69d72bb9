// Rows to train on, made from a seed, and the order that the engine draws its batches in.
import { createRandom, type NumberColumn, type Random, type Table } from '#sdk'
import { fullBatches } from '../src/engine/data/index.ts'
import { classesOf, type EncoderShape, type GptShape, IMAGE_SIDE, type Shape } from './workloads.ts'

/** Of the experiment: fixes initial weights and the order of rows. */
export const SEED = 1
/** Batches in an epoch. */
const BATCHES = 8

export type Rows = Table & { columns: Record<string, NumberColumn> }

/** Columns as the built-in datasets give them, with values of like distribution. */
export function makeRows(shape: Shape): Rows {
  const random = createRandom(SEED).fork('bench rows')
  const length = BATCHES * shape.batch
  return { length, columns: makeColumns(shape, random, length) }
}

function makeColumns(shape: Shape, random: Random, length: number): Rows['columns'] {
  if (shape.kind === 'gpt') return makeText(random, length, shape)
  if (shape.kind === 'encoder') return makeTexts(random, length, shape)
  return makeImages(random, length, classesOf(shape))
}

/** An id by chance: low ones are frequent, as letters and words are. */
const drawId = (random: Random, vocabulary: number) => Math.floor(vocabulary * random.next() ** 2)

/** Ids; labels are the next ones. */
function makeText(random: Random, length: number, { context, vocabulary }: GptShape) {
  const ids = new Int32Array(length * context)
  const labels = new Int32Array(length * context)
  for (let row = 0; row < length; row++) {
    const text = Int32Array.from({ length: context + 1 }, () => drawId(random, vocabulary))
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

/** Ids of texts that are a quarter to all as long as a row; the rest is filled up, which the mask tells. */
function makeTexts(random: Random, length: number, shape: EncoderShape): Rows['columns'] {
  const { context, vocabulary } = shape
  const ids = new Int32Array(length * context)
  const mask = new Float32Array(length * context)
  for (let row = 0; row < length; row++) {
    const end = context / 4 + random.int((3 * context) / 4 + 1)
    for (let at = row * context; at < row * context + end; at++) {
      ids[at] = drawId(random, vocabulary)
      mask[at] = 1
    }
  }
  const limit = classesOf(shape)
  const labels = Int32Array.from({ length }, () => random.int(limit))
  const base = { type: 'number', shape: [context] } as const
  return {
    input_ids: { ...base, data: ids, dtype: 'int32', limit: vocabulary },
    attention_mask: { ...base, data: mask, dtype: 'float32' },
    labels: { ...base, data: labels, shape: [], dtype: 'int32', limit },
  }
}

/** A fifth of the pixels has ink. */
function makeImages(random: Random, length: number, limit: number): Rows['columns'] {
  const ink = () => (random.next() < 0.2 ? random.next() : 0)
  const shape = [IMAGE_SIDE, IMAGE_SIDE, 1]
  const image = Float32Array.from({ length: length * IMAGE_SIDE ** 2 }, ink)
  const labels = Int32Array.from({ length }, () => random.int(limit))
  return {
    image: { type: 'number', data: image, shape, dtype: 'float32' },
    labels: { type: 'number', data: labels, shape: [], dtype: 'int32', limit },
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
