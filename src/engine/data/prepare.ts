// From a dataset's name to tables that batches can be gathered from.
import {
  type AugmentArgs,
  type Augmenter,
  type ColumnSpec,
  componentOf,
  EngineError,
  type ExperimentConfig,
  type Feature,
  type Items,
  type Preprocessor,
  type Random,
  type Sampler,
  selectRows,
  type Splits,
  type Table,
  type Tokenizer,
} from '#sdk'
import type { RunEnvironment } from '../nn/environment.ts'
import { createLeaf, type Part, type PartEnvironment } from '../nn/part.ts'
import { checkTable, checkValues, isTable } from './check.ts'
import { isItems, tableOfItems } from './items.ts'
import { knownTexts } from './known-texts.ts'
import { traced, withOrigin } from './origin.ts'
import { splitRows } from './split.ts'
import { columnsToRead, textsOf } from './texts.ts'

/** Rows that are kept as the dataset gives them, to show what a row looks like. */
const MAX_EXAMPLES = 20

/** Rows ready for batches: number columns only. */
export interface PreparedData {
  readonly train: Table
  readonly validation: Table
  /** Form of the batches' columns. */
  readonly columns: Readonly<Record<string, ColumnSpec>>
  readonly tokenizer: Tokenizer | undefined
  /** Fitted, in the order in which they were applied. */
  readonly preprocessors: readonly Preprocessor[]
  /** Rows in the form the dataset gives them, as the training rows were prepared. `subject` names them. */
  readonly prepare: (table: Table, subject: string) => Table
  /** The first validation rows, as the dataset gives them. */
  readonly examples: Table
  /** Texts of columns that hold one of a few; none where a tokenizer reads them. */
  readonly knownTexts: ReadonlyMap<string, readonly string[]>
  /** Makes the training rows anew for an epoch; undefined where nothing changes them. */
  readonly augment: ((at: AugmentArgs) => Promise<Table>) | undefined
  readonly sampler: Part<Sampler> | undefined
  /** Plugins that took part. */
  readonly plugins: ReadonlySet<string>
  /** What tokenizer and preprocessors learned, for a checkpoint. */
  readonly save: () => Fitted
}

/** What tokenizer and preprocessors learned; `undefined` of those that keep nothing. */
export interface Fitted {
  readonly tokenizer: unknown
  readonly preprocessors: readonly unknown[]
}

/** How preparation tells what it does and hears that it is to end. */
export interface Preparation {
  env: PartEnvironment & Pick<RunEnvironment, 'asset' | 'reading'>
  random: Random
  signal: AbortSignal
  /** Announces the next piece of work and lets messages in; rejects when the run is to end. */
  announce: (activity: string) => Promise<void>
  /** Waits for `work`, but no longer than the run goes on. */
  until: <T>(work: Promise<T>) => Promise<T>
  /** What was learned before is taken over in place of fitting: by a tokenizer of the same name, by preprocessors. */
  saved?: (Partial<Fitted> & { readonly experiment: ExperimentConfig }) | undefined
}

/**
 * Loads, adds features, splits by the seed (a dataset's own validation table is kept), fits tokenizer and preprocessors
 * on the training rows only, transforms both tables and checks them. Text columns that no preprocessor
 * turned into numbers are left out.
 */
export async function prepareData(
  experiment: ExperimentConfig,
  preparation: Preparation,
): Promise<PreparedData> {
  const { env, announce, saved } = preparation
  const { dataset, splits } = await loadDataset(experiment, preparation)
  const features = experiment.features.map((ref) => createLeaf(env, 'feature', ref, {}))
  const featured = await addFeatures(features, splits, preparation)
  const raw = split(featured, experiment, preparation.random.fork('split'))
  let { train, validation } = raw

  const tokenizer =
    experiment.tokenizer === undefined
      ? undefined
      : createLeaf(env, 'tokenizer', experiment.tokenizer, {})
  if (tokenizer && !loadTokenizer(tokenizer, experiment, saved)) {
    await announce(`fitting ${tokenizer.label} on ${train.length} rows`)
    const names = columnsToRead(train, experiment.preprocess.map(env.reading))
    tokenizer.call('fit', (instance) => instance.fit(textsOf(train, names, env.beat)))
  }
  const steps: Part<Preprocessor>[] = []
  for (const ref of experiment.preprocess) {
    const step = createLeaf(env, 'preprocessor', ref, { tokenizer: tokenizer?.instance })
    await announce(`preparing ${train.length + validation.length} rows with ${step.label}`)
    const learned = saved?.preprocessors?.[steps.length]
    if (learned !== undefined && step.instance.load)
      step.call('load', (instance) => instance.load!(learned as never))
    else step.call('fit', (instance) => instance.fit?.(train))
    train = transform(step, train, 'the training rows')
    validation = transform(step, validation, 'the validation rows')
    steps.push(step)
  }

  await announce('checking the prepared rows')
  train = numbersOf(train, 'the training rows', raw.train)
  validation = numbersOf(validation, 'the validation rows', raw.validation)
  const columns = specsOf(train)
  checkSameForm(columns, specsOf(validation), 'the validation rows')

  const prepare = preparer(steps)
  const augmenters = experiment.augment.map((ref) => createLeaf(env, 'augmenter', ref, {}))
  const renewing = steps.filter(({ instance }) => instance.renew !== undefined)
  const augment = async (at: AugmentArgs): Promise<Table> => {
    const subject = `the rows of epoch ${at.epoch}`
    const augmented =
      augmenters.length > 0 ? prepare(await augmentRows(augmenters, raw.train, at), subject) : train
    const table = renewing.reduce((rows, step) => renew(step, rows, at, subject), augmented)
    checkSameForm(columns, specsOf(table), subject)
    return table
  }
  const { sampler: samplerRef } = experiment.training
  const sampler = samplerRef === undefined ? undefined : createLeaf(env, 'sampler', samplerRef, {})
  const parts = [dataset, ...features, tokenizer, ...steps, ...augmenters, sampler]
  return {
    train,
    validation,
    columns,
    tokenizer: tokenizer?.instance,
    preprocessors: steps.map((step) => step.instance),
    prepare,
    examples: selectRows(
      raw.validation,
      Int32Array.from({ length: Math.min(MAX_EXAMPLES, raw.validation.length) }, (_, row) => row),
    ),
    knownTexts: tokenizer ? new Map() : knownTexts(raw.train),
    augment: augmenters.length + renewing.length > 0 ? augment : undefined,
    sampler,
    save: () => ({
      tokenizer: tokenizer?.call('save', (it) => it.save?.()),
      preprocessors: steps.map((step) => step.call('save', (it) => it.save?.())),
    }),
    plugins: new Set(parts.flatMap((part) => part?.plugin ?? [])),
  }
}

/** Gives a tokenizer what one of its name learned: a model knows the ids of its own vocabulary only. */
function loadTokenizer(
  tokenizer: Part<Tokenizer>,
  experiment: ExperimentConfig,
  saved: Preparation['saved'],
): boolean {
  if (saved?.tokenizer === undefined || !tokenizer.instance.load) return false
  const names = [experiment, saved.experiment].map(
    ({ tokenizer: ref }) => ref && componentOf(ref).name,
  )
  if (names[0] !== names[1]) return false
  tokenizer.call('load', (it) => it.load!(saved.tokenizer as never))
  return true
}

/** Made apart from the rows that were read, so that it keeps none of them alive. */
const preparer =
  (steps: readonly Part<Preprocessor>[]) =>
  (rows: Table, subject: string): Table => {
    checkTable(rows, subject)
    const made = steps.reduce((table, step) => transform(step, table, subject), rows)
    return numbersOf(made, subject)
  }

/** Has each feature see all rows of a table: windows into the past go over a split that comes later. */
async function addFeatures(
  features: readonly Part<Feature>[],
  { train, validation }: Splits,
  { announce, until }: Preparation,
): Promise<Splits> {
  const splits: Splits = { train, ...(validation && { validation }) }
  for (const feature of features) {
    await announce(`computing ${feature.label}`)
    for (const [side, table] of Object.entries(splits) as [keyof Splits, Table][]) {
      const made = await until(feature.callAsync('extract', async (it) => await it.extract(table)))
      checkTable(made, `the rows after ${feature.label}`)
      splits[side] = traced(made, table, feature.label)
    }
  }
  return splits
}

async function augmentRows(
  augmenters: readonly Part<Augmenter>[],
  rows: Table,
  at: AugmentArgs,
): Promise<Table> {
  let table = rows
  for (const [index, augmenter] of augmenters.entries()) {
    const given = table
    const args = { ...at, random: at.random.fork(index) }
    const made = await augmenter.callAsync('augment', async (it) => await it.augment(given, args))
    checkTable(made, `the rows after ${augmenter.label}`)
    table = traced(made, given, augmenter.label)
  }
  return table
}

const transform = (step: Part<Preprocessor>, table: Table, subject: string): Table =>
  step.call('transform', (instance) => {
    const made = instance.transform(table)
    checkTable(made, `${subject} after ${step.label}`)
    return traced(made, table, step.label)
  })

const renew = (
  step: Part<Preprocessor>,
  rows: Table,
  { random, epoch }: AugmentArgs,
  subject: string,
): Table =>
  step.call('renew', (instance) => {
    const made = instance.renew!(rows, { random: random.fork('renew').fork(step.label), epoch })
    checkTable(made, `${subject} after renew() of ${step.label}`)
    return numbersOf(traced(made, rows, step.label), subject)
  })

async function loadDataset(
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

function split(splits: Splits, experiment: ExperimentConfig, random: Random) {
  if (!splits.validation) return splitRows(splits.train, experiment, random)
  if (experiment.validation) {
    const dataset = componentOf(experiment.dataset).name
    throw new EngineError({
      code: 'data.invalid',
      message: `experiment.validation says which rows are held back, but the dataset ${dataset} brings ${splits.validation.length} validation rows of its own`,
      hint: 'take experiment.validation out, or a dataset of one table',
    })
  }
  return { train: splits.train, validation: splits.validation }
}

/** `raw` are the rows before they were prepared. */
function numbersOf(table: Table, subject: string, raw?: Table): Table {
  const entries = Object.entries(table.columns)
  const columns: Table['columns'] = {}
  for (const [name, column] of entries) {
    if (column.type !== 'number') continue
    checkValues(table, name, subject, raw)
    columns[name] = column
  }
  if (Object.keys(columns).length === 0) {
    throw new EngineError({
      code: 'data.invalid',
      message: `${subject} have no number column (columns: ${entries.map(([name]) => name).join(', ') || 'none'})`,
      hint: 'turn text into numbers: name a tokenizer and a step under experiment.preprocess',
    })
  }
  return { ...table, columns }
}

function specsOf(table: Table): Record<string, ColumnSpec> {
  const specs: Record<string, ColumnSpec> = {}
  for (const [name, column] of Object.entries(table.columns)) {
    if (column.type !== 'number') continue
    const { shape, dtype, limit, classes } = column
    specs[name] = {
      shape,
      dtype,
      ...(limit === undefined ? {} : { limit }),
      ...(classes === undefined ? {} : { classes }),
    }
  }
  return specs
}

const formOf = (spec: ColumnSpec | undefined): string =>
  spec
    ? `${spec.dtype} [${spec.shape.join(', ')}]${spec.limit === undefined ? '' : ` below ${spec.limit}`}`
    : 'missing'

function checkSameForm(
  train: Record<string, ColumnSpec>,
  others: Record<string, ColumnSpec>,
  subject: string,
): void {
  for (const name of new Set([...Object.keys(train), ...Object.keys(others)])) {
    const [expected, found] = [formOf(train[name]), formOf(others[name])]
    if (expected === found) continue
    throw new EngineError({
      code: 'data.invalid',
      message: `column ${name} is ${expected} in the training rows, but ${found} in ${subject}`,
      hint: 'let dataset and preprocessors give both tables the same columns, fitted on the training rows',
    })
  }
}
