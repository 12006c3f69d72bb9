// Validation: every row once, averages exact however the rows fall into batches.
import * as tf from '@tensorflow/tfjs'
import type { ForwardContext, Metrics, Table } from '#sdk'
import { makeBatch, sequentialBatches } from '../data/index.ts'
import type { Computing } from './computing.ts'
import { evaluate } from './evaluate.ts'
import type { LateReads } from './late-reads.ts'
import { measure, MetricTotals } from './metric-sums.ts'
import type { Parts } from './parts.ts'

/** Batches sent to the device before the oldest is waited for. */
const BATCHES_AHEAD = 2

export interface ValidationInput {
  parts: Parts
  table: Table
  batchSize: number
  ctx: ForwardContext
  computing: Computing
  reads: LateReads
  /** Called before each batch; false ends the validation without a result. */
  proceed(): Promise<boolean>
}

/**
 * Metrics over the whole table under `val_…`. The loss is averaged over what it was averaged over in each
 * batch: the loss's own weight (kept positions), or the rows.
 */
export async function validate(input: ValidationInput): Promise<Metrics | undefined> {
  const { parts, table, ctx, computing, reads } = input
  const totals = new MetricTotals(parts.metrics)
  let lossSum = 0
  let weightSum = 0
  for (const rows of sequentialBatches(table.length, input.batchSize)) {
    if (!(await input.proceed())) return undefined
    let sizes: number[] = []
    let isWeighed = false
    const values = await computing.run('validation', Object.values(ctx.scalars), () =>
      tf.tidy(() => {
        const batch = makeBatch(table, rows)
        const { loss, outputs, weight } = evaluate(parts, batch, ctx)
        const sums = measure(parts.metrics, { outputs, batch })
        sizes = sums.map((sum) => sum.size)
        isWeighed = weight !== undefined
        return tf.concat1d([loss.as1D(), ...(weight ? [weight.as1D()] : []), ...sums])
      }),
    )
    reads.push(values, (read) => {
      const weight = isWeighed ? read[1]! : rows.length
      // A batch that keeps nothing has no mean to speak of.
      if (weight > 0) lossSum += read[0]! * weight
      weightSum += weight
      totals.add(read.subarray(isWeighed ? 2 : 1), sizes)
    })
    await reads.settle(BATCHES_AHEAD)
  }
  await reads.settle()
  const metrics: Metrics = { val_loss: lossSum / weightSum }
  for (const [name, value] of Object.entries(totals.summary())) metrics[`val_${name}`] = value
  return metrics
}
