// The example names learns, through the real engine on WebAssembly: shortened here, whole in the README.
import { beforeAll, expect, test } from 'vitest'
import type { EngineEvent } from '#protocol'
import { dataOf, expectNoTrouble, lastOf, runWorkspace, trainExample } from './run-workspace.ts'

const MINUTES = 60_000

let events: EngineEvent[]
beforeAll(async () => {
  events = await trainExample('names', 'max_steps=120')
}, 5 * MINUTES)

test('ends well, with less loss than counting letters gives', () => {
  expectNoTrouble(events)
  const lines = dataOf(events, 'run.reference').map(({ label, value }) => [label, value])
  const { unigram, bigram } = Object.fromEntries(lines) as Record<string, number>
  expect(bigram).toBeLessThan(unigram!)
  expect(lastOf(events, 'val_loss')).toBeLessThan(unigram! - 0.1)
})

test('shows samples and writes to the log', () => {
  const shown = dataOf(events, 'panel.shown').filter(({ id }) => id === 'samples')
  expect(shown.length).toBeGreaterThanOrEqual(2)
  expect(shown.at(-1)!.content).toMatchObject({
    text: expect.arrayContaining([expect.any(String)]),
  })
  const messages = dataOf(events, 'log').map(({ message }) => message)
  expect(messages).toContainEqual(
    expect.stringMatching(/^step 100: loss \d\.\d{3}, \d+ % below chance$/),
  )
})

test('holds as many tensors late as early', () => {
  const counts = dataOf(events, 'run.progress')
    .filter(({ step }) => step > 10 && step < 110)
    .map(({ tensors }) => tensors)
  expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(10)
})

test(
  'the smallest of everything trains: one row a batch, one id a row, one value a position, one row held back',
  async () => {
    const config = `experiment:
  dataset: names
  validation_split: 0.00001
  tokenizer: char
  preprocess: [{ name: next_token, config: { context: 1 } }]
  model: { name: gpt, config: { layers: 1, heads: 1, width: 1 } }
  training: { max_steps: 4, batch_size: 1, metrics: [accuracy, perplexity], validate_every: 2 }
plugins:
  use:
    early_stopping: {}
    gradient_clipping: {}
    ngram_baselines: {}
    sample_text: { config: { every_steps: 2, count: 1, max_tokens: 2 } }
`
    const events = await runWorkspace(new Map([['plugboard.yaml', config]]), 'wasm')
    expectNoTrouble(events)
    expect(lastOf(events, 'val_perplexity')).toBeGreaterThan(1)
    expect(dataOf(events, 'run.begin')).toMatchObject([{ batchSize: 1, totalSteps: 4 }])
  },
  MINUTES,
)
