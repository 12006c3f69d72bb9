// Runs in a page: a model with dropout, trained in mixed precision by steps that are repeated, and by their code.
import { experimentOf, Rules } from './rules.ts'
import { openTrainer, type Training } from './trainer.ts'

export interface RepeatsOutcome {
  repeated: Training
  coded: Training
}

export default async function run({ steps }: { steps: number }): Promise<RepeatsOutcome> {
  const trainer = await openTrainer('webgpu', [Rules])
  const config = { layers: 1, dropout: 0.2 }
  const experiment = experimentOf('gpt', { steps, precision: 'mixed', config })
  const repeated = await trainer.train(experiment)
  const coded = await trainer.train(experiment, { isCoded: true })
  trainer.dispose()
  return { repeated, coded }
}
