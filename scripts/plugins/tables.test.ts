// Tables in whole runs: cross-validation, gaps and words, time; and what is learned of training rows only.
import { expect, test } from 'vitest'
import { expectNoTrouble, lastOf, runWorkspace } from '../examples/run-workspace.ts'

const train = async (project: string) => {
  const events = await runWorkspace(new Map([['plugboard.yaml', project]]), 'cpu')
  expectNoTrouble(events)
  return events
}

const MEASURES = '[sepal_length, sepal_width, petal_length, petal_width]'

const iris = (fold: number) => `experiment:
  dataset: iris
  validation: { folds: 5, fold: ${fold}, stratify: labels }
  preprocess:
    - { name: standardize, config: { columns: ${MEASURES} } }
    - { name: join_columns, config: { columns: ${MEASURES} } }
  model: { name: mlp, config: { input: features, hidden: [16], activation: tanh } }
  training:
    { epochs: 30, batch_size: 20, loss: cross_entropy, learning_rate: 0.03, schedule: cosine, metrics: [accuracy] }
`

const NUMBERS = '[beak_length, beak_depth, flipper_length, body_mass]'

const penguins = (fold: number) => `experiment:
  dataset: { name: penguins, config: { missing: keep } }
  validation: { folds: 5, fold: ${fold}, stratify: labels }
  preprocess:
    - { name: impute, config: { columns: ${NUMBERS} } }
    - { name: standardize, config: { columns: ${NUMBERS} } }
    - { name: one_hot, config: { columns: [island, sex] } }
    - { name: join_columns, config: { columns: [beak_length, beak_depth, flipper_length, body_mass, island, sex] } }
  model: { name: mlp, config: { input: features, hidden: [16] } }
  training:
    { epochs: 5, batch_size: 25, loss: cross_entropy, learning_rate: 0.05, metrics: [accuracy] }
`

test.each([
  ['iris', iris],
  ['penguins, with gaps and words', penguins],
])(
  'five folds of %s are right on 96 of 100 rows held back',
  async (_, project) => {
    let sum = 0
    for (let fold = 1; fold <= 5; fold++) sum += lastOf(await train(project(fold)), 'val_accuracy')!
    expect(sum / 5).toBeGreaterThanOrEqual(0.96)
  },
  240_000,
)
