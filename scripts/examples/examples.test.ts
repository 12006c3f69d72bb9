// The example workspaces learn, through the real engine on WebAssembly: shortened here, whole in the README.
import { beforeAll, describe, expect, test } from 'vitest'
import type { EngineEvent } from '#protocol'
import { dataOf, openWorkspace, readWorkspace, runWorkspace } from './run-workspace.ts'

const MINUTES = 60_000

/** Trains an example with one setting changed, so that it ends sooner. */
async function train(folder: string, setting: string, shorter: string): Promise<EngineEvent[]> {
  const files = await readWorkspace(folder)
  const config = files.get('plugboard.yaml')!
  expect(config).toContain(setting)
  return runWorkspace(files.set('plugboard.yaml', config.replace(setting, shorter)), 'wasm')
}

const lastOf = (events: EngineEvent[], metric: string): number | undefined =>
  dataOf(events, 'run.metrics')
    .flatMap(({ points }) => points)
    .findLast(({ values }) => metric in values)?.values[metric]

function expectNoTrouble(events: EngineEvent[]): void {
  expect(dataOf(events, 'run.state').at(-1)).toMatchObject({ state: 'ended', reason: 'finished' })
  const troubles = ['hook.failed', 'error.uncaught', 'plugin.reload_failed']
  expect(events.filter(({ type }) => troubles.includes(type))).toEqual([])
}

describe('names', () => {
  let events: EngineEvent[]
  beforeAll(async () => {
    events = await train('examples/names', 'epochs: 4', 'max_steps: 120')
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
})

describe('digits', () => {
  let events: EngineEvent[]
  beforeAll(async () => {
    events = await train('examples/digits', 'epochs: 8', 'max_steps: 160')
  }, 5 * MINUTES)

  test('reads nine of ten held-back digits after one epoch', () => {
    expectNoTrouble(events)
    expect(lastOf(events, 'val_accuracy')).toBeGreaterThan(0.9)
  })

  test('shows which digits are taken for which', () => {
    const tables = dataOf(events, 'panel.shown').filter(({ id }) => id === 'mistakes')
    expect(tables.at(-1)!.content).toMatchObject({
      columns: ['mistake', 'times'],
      rows: expect.arrayContaining([
        [expect.stringMatching(/^\d taken for \d$/), expect.any(Number)],
      ]),
    })
  })
})

test.each(['names', 'digits'])(
  'the tests of %s pass',
  async (name) => {
    const { engine, events } = await openWorkspace(await readWorkspace(`examples/${name}`), 'wasm')
    const { passed, skipped } = await engine.test()
    const results = dataOf(events, 'test.result')
    expect(results.filter(({ state }) => state === 'failed')).toEqual([])
    expect([passed, skipped]).toEqual([results.length, 0])
    expect(passed).toBeGreaterThan(1)
  },
  5 * MINUTES,
)

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
