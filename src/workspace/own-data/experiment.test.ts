// Experiments on the user's own data, as they are written.
import { experimentSchema } from '#sdk'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { type DataUse, withDataset } from './index.ts'

const table: DataUse = {
  kind: 'table',
  file: 'data/birds.csv',
  form: {},
  inputs: [
    { name: 'weight', type: 'number', hasGaps: true, distinct: 90 },
    { name: 'island', type: 'category', hasGaps: false, distinct: 3 },
  ],
  label: { name: 'species', type: 'category', hasGaps: false, distinct: 3 },
}

const experimentOf = (text: string) =>
  experimentSchema.parse((parse(text) as { experiment: unknown }).experiment)

test('a table: what is missing is filled, numbers scaled, words made numbers, all joined', () => {
  const { dataset, preprocess, model, training } = experimentOf(withDataset('', table))
  expect(dataset).toEqual({
    name: 'table',
    config: {
      file: 'data/birds.csv',
      label: 'species',
      columns: { weight: 'number', island: 'category', species: 'category' },
      others: 'ignore',
    },
  })
  expect(preprocess).toEqual([
    { name: 'impute', config: { columns: ['weight'] } },
    { name: 'standardize', config: { columns: ['weight'] } },
    { name: 'one_hot', config: { columns: ['island'] } },
    { name: 'join_columns', config: { columns: ['weight', 'island'] } },
  ])
  expect(model).toEqual({ name: 'mlp', config: { input: 'features' } })
  expect(training).toMatchObject({ loss: 'cross_entropy', metrics: ['accuracy'] })
})

test('a number to predict is scaled as well, and has the loss of numbers', () => {
  const label = { name: 'price', type: 'number', hasGaps: false, distinct: 90 } as const
  const { preprocess, training } = experimentOf(withDataset('', { ...table, label }))
  expect(preprocess[1]).toEqual({ name: 'standardize', config: { columns: ['weight', 'labels'] } })
  expect(training).toMatchObject({ loss: 'mse', metrics: [] })
})

test('a column of texts alone is read by an encoder', () => {
  const inputs = [{ name: 'mail', type: 'text', hasGaps: false, distinct: 90 }] as const
  expect(experimentOf(withDataset('', { ...table, inputs }))).toMatchObject({
    tokenizer: 'word_piece',
    preprocess: [{ name: 'encode_text', config: { column: 'mail' } }],
    model: 'encoder',
    head: 'classification',
    training: { metrics: ['accuracy'] },
  })
})

const before = `# my project
plugins:
  use:
    charts: {} # curves

experiment:
  name: first
  seed: 7 # lucky
  dataset: names
  tokenizer: char
  model: gpt
  training:
    epochs: 3
    optimizer: lion
    metrics: [perplexity]
`

test('what suits other data goes; comments, name, seed and training stay', () => {
  const text = withDataset(before, table)
  expect(text).toContain('# my project\n')
  expect(text).toContain('charts: {} # curves')
  expect(text).toContain('seed: 7 # lucky')
  const experiment = experimentOf(text)
  expect(experiment.tokenizer).toBeUndefined()
  expect(experiment).toMatchObject({
    name: 'first',
    seed: 7,
    model: { name: 'mlp' },
    training: { epochs: 3, optimizer: 'lion', metrics: ['accuracy'], loss: 'cross_entropy' },
  })
})

test('of the same file again, model and training stay as they are', () => {
  const own = withDataset(before, table).replace('name: mlp', 'name: my_model')
  const label = { name: 'island', type: 'category', hasGaps: false, distinct: 3 } as const
  const { model, dataset } = experimentOf(withDataset(own, { ...table, label }))
  expect(model).toMatchObject({ name: 'my_model' })
  expect(dataset).toMatchObject({ config: { label: 'island' } })
})

test('images and texts', () => {
  expect(experimentOf(withDataset(before, { kind: 'images', file: 'data/a.zip' }))).toMatchObject({
    dataset: { name: 'image_folder', config: { file: 'data/a.zip' } },
    preprocess: [],
    model: 'cnn',
  })
  const text = withDataset('', { kind: 'text', file: 'data/a.txt', isLong: true })
  expect(experimentOf(text)).toMatchObject({
    dataset: { config: { rows: 'chunks' } },
    tokenizer: 'char',
    model: 'gpt',
  })
})

test('a project file with a mistake is left alone', () => {
  expect(() => withDataset('a: [', table)).toThrow('plugboard.yaml has a mistake; correct it first')
  expect(() => withDataset('- a', table)).toThrow('settings by name')
})
