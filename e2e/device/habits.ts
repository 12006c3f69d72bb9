// Runs in a page: models of a workspace, each with a habit that a compiled step has to get right.
import type { CompiledModule, DevicePreference } from '#protocol'
import { datasetOf, RowsOfKind } from './rows.ts'
import { openTrainer, type Training } from './trainer.ts'

export interface HabitsJob {
  device: DevicePreference
  steps: number
  /** Gradients of so many steps are kept. */
  keep: number
  /** Names of plugins. */
  habits: readonly string[]
  modules: readonly CompiledModule[]
}

/** By habit. */
export default async function run({ device, steps, keep, habits, modules }: HabitsJob) {
  const trainer = await openTrainer(device, [RowsOfKind])
  const found: Record<string, Training> = {}
  for (const habit of habits) {
    const experiment = {
      dataset: datasetOf('numbers to predict'),
      model: habit,
      training: {
        epochs: 1000,
        max_steps: steps,
        batch_size: 4,
        validate_every: 1000,
        loss: 'mse',
        optimizer: { name: 'adam', config: { learning_rate: 0.05 } },
      },
    }
    const own = modules.filter(({ path }) => /\/(\w+)\.ts$/.exec(path)![1] === habit)
    const shared = modules.filter(({ path }) => path.endsWith('/small.ts'))
    found[habit] = await trainer.train(experiment, { keep, modules: [...own, ...shared] })
  }
  trainer.dispose()
  return found
}
