// Runs in a page: every built-in model with every setting, on each kind of rows that it reads.
import { builtinPlugins } from '#plugins'
import type { DevicePreference } from '#protocol'
import { pluginSpec } from '#sdk'
import { configs } from '../../src/plugins/testing/part-inputs.ts'
import { datasetOf, RowsOfKind } from './rows.ts'
import { openTrainer, type Training } from './trainer.ts'

export interface ModelsJob {
  device: DevicePreference
  steps: number
  /** Gradients of so many steps are kept. */
  keep: number
  /** Of what to train; all, if left out. */
  titles?: readonly string[]
}

/** What each kind of rows is for, by what `rows` calls it. */
const tasks: Readonly<Record<string, { head?: unknown; loss?: string }>> = {
  images: { loss: 'cross_entropy' },
  'numbers to predict': { loss: 'mse' },
  'text to go on with': { loss: 'cross_entropy' },
  'hidden words': { head: 'masked_language_model' },
  'texts of classes': { head: 'classification' },
  'texts of two tasks': {
    head: { name: 'multi_task', config: configs['head/multi_task']![0] },
  },
}

/** Names of all models that are built in. */
const models = builtinPlugins
  .flatMap((Plugin) => pluginSpec(Plugin)?.manifest?.provides ?? [])
  .filter((it) => it.startsWith('model/'))

/** What can be trained, as in plugboard.yaml, by title. */
function experiments(steps: number): Map<string, object> {
  const found = new Map<string, object>()
  for (const model of models)
    for (const config of configs[model] ?? [{}])
      for (const [kind, { head, loss }] of Object.entries(tasks))
        found.set(`${model} ${JSON.stringify(config)}: ${kind}`, {
          dataset: datasetOf(kind),
          model: { name: model.split('/')[1], config },
          head,
          training: {
            epochs: 1000,
            max_steps: steps,
            batch_size: 4,
            validate_every: 1000,
            optimizer: { name: 'adam', config: { learning_rate: 0.01 } },
            loss,
          },
        })
  return found
}

export interface ModelsOutcome {
  /** Names of all built-in models. */
  models: string[]
  /** Starts with the model and its settings; ends, after a colon, with the rows. */
  trainings: Record<string, Training>
}

export default async function run({ device, steps, keep, titles }: ModelsJob) {
  const trainer = await openTrainer(device, [RowsOfKind])
  const trainings: Record<string, Training> = {}
  const wanted = titles && new Set(titles)
  for (const [title, experiment] of experiments(steps))
    if (wanted?.has(title) ?? true) trainings[title] = await trainer.train(experiment, { keep })
  trainer.dispose()
  return { models, trainings } satisfies ModelsOutcome
}
