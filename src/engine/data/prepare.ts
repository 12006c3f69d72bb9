// From a dataset's name to tables that batches can be gathered from.
import {
  type AugmentArgs,
  type Augmenter,
  type ColumnSpec,
  componentOf,
  type ExperimentConfig,
  type Feature,
  type Preprocessor,
  type Sampler,
  selectRows,
  type Splits,
  type Table,
  type Tokenizer,
} from '#sdk'
import { createLeaf, type Part } from '../nn/part.ts'
import { checkTable } from './check.ts'
import { checkSameForm, numbersOf, specsOf } from './forms.ts'
import { knownTexts } from './known-texts.ts'
import { loadDataset } from './load.ts'
import { traced } from './origin.ts'
import type { Fitted, Preparation } from './preparation.ts'
import { splitDataset } from './split.ts'
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
  const raw = splitDataset(featured, experiment, preparation.random.fork('split'))
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
