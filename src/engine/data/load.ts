// From a dataset's name to the tables it gives, whatever form it gives them in.
import {
  componentOf,
  EngineError,
  type ExperimentConfig,
  type Items,
  type Splits,
  type Table,
} from '#sdk'
import { createLeaf, type Part } from '../nn/part.ts'
import { checkTable, isTable } from './check.ts'
import { isItems, tableOfItems } from './items.ts'
import { withOrigin } from './origin.ts'
import type { Preparation } from './preparation.ts'

/** Throws `contribution.contract` for what is neither a table, nor two of them, nor items. */
export async function loadDataset(
  experiment: ExperimentConfig,
  { env, random, signal, announce, until }: Preparation,
) {
  await announce(`loading dataset ${componentOf(experiment.dataset).name}`)
  const asset = (path: string) => env.asset(path)
  const dataEnv = { asset, random: random.fork('dataset'), signal }
  const dataset = createLeaf(env, 'dataset', experiment.dataset, dataEnv)
  const loaded = await until(dataset.callAsync('load', (instance) => instance.load()))
  return { dataset, splits: checkedSplits(splitsOf(loaded, dataset), dataset.label) }
}

/** Refuses what are no tables; has rows know where they come from. */
function checkedSplits({ train, validation }: Splits, dataset: string): Splits {
  checkTable(train, 'the training rows of the dataset')
  if (!validation) return { train: withOrigin(train, dataset) }
  checkTable(validation, 'the validation rows of the dataset')
  return {
    train: withOrigin(train, `the training table of ${dataset}`),
    validation: withOrigin(validation, `the validation table of ${dataset}`),
  }
}

function splitsOf(loaded: Splits | Table | Items, dataset: Part<unknown>): Splits {
  if (isItems(loaded)) {
    const { label, env } = dataset
    const table = dataset.call('item', () => tableOfItems(loaded, label, () => env.beat()))
    return { train: table }
  }
  if (isTable(loaded)) return { train: loaded }
  if (isTable(loaded?.train)) return loaded
  throw new EngineError({
    code: 'contribution.contract',
    message: `load() of ${dataset.label} returned neither a table { length, columns }, nor { train, validation? }, nor items { length, item }`,
    plugin: dataset.plugin,
    hint: 'return a Table, Splits of two tables, or Items',
  })
}
