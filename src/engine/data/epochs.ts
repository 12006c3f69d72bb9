// The rows of one epoch: augmented, and in the order in which they are trained on.
import { EngineError, type Random, type Table } from '#sdk'
import { inWords } from '../in-words.ts'
import type { PreparedData } from './prepare.ts'

export interface EpochArgs {
  epoch: number
  /** Of the run; what an epoch draws depends on its number. */
  random: Random
  signal: AbortSignal
}

/** The training rows of an epoch: those of the dataset, unless augmenters change them. */
export async function epochTable(
  { train, augment }: PreparedData,
  { epoch, random, signal }: EpochArgs,
): Promise<Table> {
  if (!augment) return train
  return await augment({
    training: true,
    epoch,
    random: random.fork('augment').fork(epoch),
    signal,
  })
}

/** Row numbers of an epoch in order: all rows shuffled, or what the sampler chooses. */
export function rowOrder(
  { sampler }: PreparedData,
  table: Table,
  { epoch, random }: EpochArgs,
): Int32Array {
  const chance = random.fork('order').fork(epoch)
  if (!sampler) return chance.permutation(table.length)
  const order: unknown = sampler.call('order', (it) => it.order(table, { random: chance, epoch }))
  const isRow = (row: number): boolean => row >= 0 && row < table.length
  if (order instanceof Int32Array && order.length > 0 && order.every(isRow)) return order
  const found =
    order instanceof Int32Array
      ? order.length === 0
        ? 'no rows'
        : `row ${order.find((row) => !isRow(row))}`
      : inWords(order)
  throw new EngineError({
    code: 'contribution.contract',
    message: `order() of ${sampler.label} gave ${found} in epoch ${epoch}; rows go from 0 to ${table.length - 1}`,
    plugin: sampler.plugin,
    hint: 'return an Int32Array of row numbers, one at least: Int32Array.from(rows) makes one of an array',
  })
}
