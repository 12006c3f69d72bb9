// Built-in features, augmenters and preprocessors in whole runs of the engine.
import { expect, test } from 'vitest'
import { builtinPlugins } from '#plugins'
import {
  definePlugin,
  defineService,
  type HookArgs,
  type NumberColumn,
  pluginSpec,
  type Table,
} from '#sdk'
import { Workbench } from '../../src/engine/testing/workbench.ts'
import prices from '../../src/plugins/testing/prices.json' with { type: 'json' }

const number = (data: Float32Array): NumberColumn => ({
  type: 'number',
  data,
  shape: [],
  dtype: 'float32',
})

const TEXTS = ['a big house', 'the fast man', 'a small film', 'huge mistake', 'the smart kid', 'no']

/** Prices with the change that comes next, and short texts. */
const tables = definePlugin({
  manifest: { name: 'tables', version: '1.0.0', provides: ['dataset/prices', 'dataset/texts'] },
  methods: {
    initialize(ctx) {
      const price = Float32Array.from(prices.price)
      const labels = price.map((value, i) => ((price[i + 1] ?? value) - value) / 100)
      ctx.provide('dataset', 'prices', () => ({
        load: async () => ({
          length: price.length,
          columns: { price: number(price), labels: number(labels) },
        }),
      }))
      const data = Array.from({ length: 60 }, (_, i) => TEXTS[i % TEXTS.length]!)
      ctx.provide('dataset', 'texts', () => ({
        load: async () => ({ length: data.length, columns: { text: { type: 'text', data } } }),
      }))
    },
  },
})

/** Keeps what it sees of runs. */
function spy(look: (args: HookArgs<'onEpochEnd'>) => void) {
  return definePlugin({
    manifest: { name: 'spy', version: '1.0.0' },
    methods: { onEpochEnd: look },
  })
}

async function train(config: string, look: (args: HookArgs<'onEpochEnd'>) => void = () => {}) {
  const bench = new Workbench({ plugins: [...builtinPlugins, tables, spy(look)] })
  const ended = await bench.train({}, `plugins: { use: { spy: {} } }\n${config}`)
  expect(ended.error).toBeUndefined()
  return bench
}

const eventsOf = (bench: Workbench, type: string) =>
  bench.records
    .filter((record) => record.type === type)
    .map(({ data }) => data as Record<string, unknown>)

test('[P05] technical indicators of real prices are those of pandas, and train a model', async () => {
  const columns = Object.keys(prices.indicators).map((name) => `ind_price_${name}`)
  let found: Record<string, number[]> = {}
  const bench = await train(
    `experiment:
  dataset: prices
  features:
    - { name: technical_indicators, config: { input_columns: [price], output_prefix: ind_ } }
  preprocess: [{ name: standardize, config: { columns: [price] } }]
  model: { name: mlp, config: { input: ind_price_rsi } }
  training: { loss: mse, epochs: 1, batch_size: 8 }
`,
    ({ run }) => {
      const rows = [run.data.train, run.data.validation] as const
      found = Object.fromEntries(
        columns.map((name) => [
          name,
          rows.flatMap((table: Table) => Array.from((table.columns[name] as NumberColumn).data)),
        ]),
      )
    },
  )
  expect(eventsOf(bench, 'feature.extraction_completed')).toEqual([
    { feature: 'technical_indicators', rows: 104, new_features: columns },
  ])
  // Rows are split at random: the same values, in another order.
  for (const [name, wanted] of Object.entries(prices.indicators)) {
    const sorted = found[`ind_price_${name}`]!.toSorted((a, b) => a - b)
    const expected = wanted.toSorted((a, b) => a - b)
    expect(sorted).toHaveLength(104)
    sorted.forEach((value, i) => expect(Math.abs(value / expected[i]! - 1)).toBeLessThan(1e-6))
  }
})

const textProject = (augment: string, epochs = 2) => `experiment:
  dataset: texts
  augment: ${augment}
  tokenizer: char
  preprocess: [{ name: next_token, config: { context: 16 } }]
  model: { name: gpt, config: { layers: 1, heads: 2, width: 8 } }
  training: { epochs: ${epochs}, batch_size: 10, metrics: [perplexity] }
`

test('[K06] augmenters change training rows in each epoch, and never validation rows', async () => {
  const seen = { train: [] as number[], validation: [] as number[] }
  const watch = definePlugin({
    manifest: { name: 'watch', version: '1.0.0', provides: ['augmenter/shift'] },
    methods: {
      initialize(ctx) {
        ctx.provide('augmenter', 'shift', () => ({
          augment(table, { training, epoch }) {
            expect(training).toBe(true)
            const labels = table.columns['labels'] as NumberColumn
            const data = labels.data.map(() => 1000 * epoch)
            return { ...table, columns: { ...table.columns, labels: { ...labels, data } } }
          },
        }))
      },
      onBatchBegin({ batch }) {
        seen.train.push(batch['labels']!.dataSync()[0]!)
      },
      onTrainEnd({ run }) {
        const { data } = run.data.validation.columns['labels'] as NumberColumn
        seen.validation = Array.from(data)
      },
    },
  })
  const bench = new Workbench({ plugins: [...builtinPlugins, tables, watch] })
  const ended = await bench.train(
    {},
    `experiment:
  dataset: prices
  augment: [shift]
  model: { name: mlp, config: { input: price, hidden: [] } }
  training: { optimizer: sgd, loss: mse, epochs: 2, batch_size: 100, learning_rate: 0.000000001 }
`,
  )
  expect(ended).toMatchObject({ reason: 'finished' })
  expect(seen.train).toEqual([1000, 2000])
  expect(Math.max(...seen.validation)).toBeLessThan(10)
})

test('[P04] back translation rewords texts by its probability, tells how many, with the local translator', async () => {
  const config = (probability: number, more = '') =>
    textProject(
      `[{ name: back_translation, config: { augmentation_probability: ${probability}${more} } }]`,
      2,
    )
  const bench = await train(config(1))
  expect(eventsOf(bench, 'augmenter.started')).toMatchObject([
    { epoch: 1, input_count: 54, probability: 1 },
    { epoch: 2, input_count: 54, probability: 1 },
  ])
  const counts = (of: Workbench) =>
    eventsOf(of, 'augmenter.completed').map(({ augmented_count }) => augmented_count as number)
  // Of six texts two come back in other words, `big mistake` and `the clever kid` or `child`; the others are what
  // their German words come back as.
  for (const count of counts(bench)) expect(Math.abs(count - 54 / 3)).toBeLessThan(5)
  expect(counts(await train(config(0)))).toEqual([0, 0])
  const [half] = counts(await train(config(0.5)))
  expect(half).toBeGreaterThan(2)
  expect(half).toBeLessThan(counts(bench)[0]!)
})

test('[P04] a translator of the workspace takes part, up to max_augmentations_per_sample times', async () => {
  const calls: string[] = []
  const translator = definePlugin({
    manifest: { name: 'local_translation', version: '2.0.0', provides: ['text.translator'] },
    methods: {
      initialize(ctx) {
        ctx.provideService(defineService('text.translator'), {
          translate: async (text: string, { from, to }: { from: string; to: string }) => {
            calls.push(`${from}-${to}`)
            return `${text}.`
          },
        })
      },
    },
  })
  const plugins = builtinPlugins.filter(
    (it) => pluginSpec(it)?.manifest?.name !== 'local_translation',
  )
  const bench = new Workbench({ plugins: [...plugins, tables, translator] })
  const ended = await bench.train(
    {},
    textProject(
      '[{ name: back_translation, config: { augmentation_probability: 1, max_augmentations_per_sample: 3, target_language: fr } }]',
      1,
    ),
  )
  expect(calls).toHaveLength(54 * 3 * 2)
  expect(new Set(calls)).toEqual(new Set(['en-fr', 'fr-en']))
  expect(eventsOf(bench, 'augmenter.completed')).toMatchObject([{ augmented_count: 54 }])
  expect(ended).toMatchObject({ reason: 'finished' })
})

test('a stop while augmenters work ends the run, with no epoch begun', async () => {
  const calls: string[] = []
  const slow = definePlugin({
    manifest: { name: 'slow', version: '1.0.0', provides: ['augmenter/slow'] },
    methods: {
      initialize(ctx) {
        ctx.provide('augmenter', 'slow', () => ({
          augment: (_, { signal }) =>
            new Promise((_resolve, reject) => {
              calls.push('augment')
              signal.addEventListener('abort', () => reject(new Error('aborted')))
            }),
        }))
      },
      onEpochBegin: () => void calls.push('onEpochBegin'),
      onTrainEnd: ({ reason }) => void calls.push(reason),
    },
  })
  const bench = new Workbench({ plugins: [...builtinPlugins, tables, slow] })
  await bench.start({}, textProject('[slow]'))
  await expect.poll(() => calls).toEqual(['augment'])
  await bench.engine.control('stop')
  expect(await bench.ended()).toMatchObject({ reason: 'stopped' })
  expect(calls).toEqual(['augment', 'stopped'])
})

test('[F03] a preprocessor is fitted on training rows, inverts, and is saved and loaded', async () => {
  let checked = false
  await train(
    `experiment:
  dataset: prices
  preprocess: [{ name: standardize, config: { columns: [price] } }]
  model: { name: mlp, config: { input: price } }
  training: { loss: mse, epochs: 1, batch_size: 8 }
`,
    ({ run }) => {
      const standardize = run.preprocessors[0]!
      const values = (table: Table) => Array.from((table.columns['price'] as NumberColumn).data)
      const made = values(run.data.train)
      const mean = made.reduce((sum, value) => sum + value, 0) / made.length
      const square = made.reduce((sum, value) => sum + value ** 2, 0) / made.length
      expect(mean).toBeCloseTo(0, 5)
      expect(square).toBeCloseTo(1, 5)
      const back = standardize.inverseTransform!(run.data.validation)
      const known = new Set(prices.price.map((value) => Math.round(100 * value)))
      for (const value of values(back)) expect(known).toContain(Math.round(100 * value))
      // What it learned goes through a copy, as through a checkpoint.
      const state = structuredClone(standardize.save!())
      standardize.fit!({ length: 2, columns: { price: number(Float32Array.of(0, 1)) } })
      expect(values(standardize.transform(back))).not.toEqual(values(run.data.validation))
      standardize.load!(state as never)
      values(standardize.transform(back)).forEach((value, i) =>
        expect(value).toBeCloseTo(values(run.data.validation)[i]!, 4),
      )
      checked = true
    },
  )
  expect(checked).toBe(true)
})
