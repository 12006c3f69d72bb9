// How the rows of an epoch are cut into steps.
import type { ExperimentConfig } from '#sdk'

export interface StepPlan {
  readonly batchSize: number
  /** Rows of a step: those of all its batches. */
  readonly stepSize: number
  readonly stepsPerEpoch: number
  /** Steps of the whole run. */
  readonly totalSteps: number
}

/** Batches and steps for epochs of `rows`; `warn` tells what an epoch is too small for. */
export function planSteps(
  { batch_size, accumulate, epochs, max_steps }: ExperimentConfig['training'],
  rows: number,
  warn: (message: string) => void,
): StepPlan {
  const batchSize = Math.min(batch_size, rows)
  const batches = Math.min(accumulate, Math.floor(rows / batchSize))
  const stepSize = batchSize * batches
  if (batchSize < batch_size)
    warn(`training.batch_size is ${batch_size}, but an epoch has ${rows} rows: a batch has ${rows}`)
  if (batches < accumulate) {
    const all = `${batches} ${batches === 1 ? 'batch' : 'batches'} of ${batchSize}`
    warn(`training.accumulate is ${accumulate}, but an epoch has ${all}: a step has ${batches}`)
  }
  const stepsPerEpoch = Math.floor(rows / stepSize)
  const totalSteps = Math.min(epochs * stepsPerEpoch, max_steps ?? Infinity)
  return { batchSize, stepSize, stepsPerEpoch, totalSteps }
}
