// Runs in a page: every built-in model learns a rule in float32 and in mixed precision, and is tried on rows held back.
import { builtinPlugins } from '#plugins'
import { pluginSpec } from '#sdk'
import { experimentOf, modelsOfRules, Rules } from './rules.ts'
import { openTrainer, type Training } from './trainer.ts'

export interface PrecisionOutcome {
  /** Names of all built-in models. */
  models: string[]
  float32: Record<string, Training>
  mixed: Record<string, Training>
}

export default async function run({ steps }: { steps: number }): Promise<PrecisionOutcome> {
  const trainer = await openTrainer('webgpu', [Rules])
  const train = async (precision: 'float32' | 'mixed'): Promise<Record<string, Training>> => {
    const found: Record<string, Training> = {}
    for (const name of modelsOfRules)
      found[name] = await trainer.train(experimentOf(name, { steps, precision }))
    return found
  }
  const float32 = await train('float32')
  const mixed = await train('mixed')
  trainer.dispose()
  const models = builtinPlugins
    .flatMap((Plugin) => pluginSpec(Plugin)?.manifest?.provides ?? [])
    .filter((it) => it.startsWith('model/'))
    .map((it) => it.split('/')[1]!)
  return { models, float32, mixed }
}
