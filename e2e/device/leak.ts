// Runs in a page: many steps of a very small model, and what they hold on the device meanwhile.
import { countGpuWork, countsNow } from '../../bench/gpu-counters.ts'
import { datasetOf, RowsOfKind } from './rows.ts'
import { openTrainer, type Training } from './trainer.ts'

export interface LeakJob {
  /** Steps after which is measured; the last one ends the run. */
  at: readonly number[]
}

export interface LeakOutcome {
  training: Training
  /** After each of the steps. */
  held: {
    /** Of tfjs. */
    tensors: number
    /** As the device tells them. */
    gpuBytes: number | undefined
    /** Of all buffers of WebGPU that were made and not destroyed. */
    bufferBytes: number
  }[]
}

export default async function run({ at }: LeakJob): Promise<LeakOutcome> {
  countGpuWork()
  const trainer = await openTrainer('webgpu', [RowsOfKind])
  const held: LeakOutcome['held'] = []
  const experiment = {
    dataset: datasetOf('numbers to predict'),
    model: { name: 'mlp', config: { hidden: [4], dropout: 0.2 } },
    training: {
      epochs: 100_000,
      max_steps: at.at(-1),
      batch_size: 4,
      validate_every: 100_000,
      loss: 'mse',
      optimizer: { name: 'adamw', config: { learning_rate: 0.01 } },
      schedule: { name: 'cosine', config: { warmup_steps: 10, final: 0.1 } },
    },
  }
  const onStepEnd = (step: number): void => {
    if (!at.includes(step)) return
    const { tensors, gpuBytes } = trainer.device.memory()
    held.push({ tensors, gpuBytes, bufferBytes: countsNow().bytes })
  }
  const training = await trainer.train(experiment, { onStepEnd })
  trainer.dispose()
  return { training, held }
}
