// The table of a run's metrics: what is in it, that it goes on with the run, and that it opens as data again.
import { expect, test } from 'vitest'
import { builtinPlugins } from '#plugins'
import { definePlugin } from '#sdk'
import { linePlugin } from '../../src/engine/testing/line-plugin.ts'
import { Workbench } from '../../src/engine/testing/workbench.ts'

/** Reports values of its own, under names that a table has to take care of. */
const reporter = definePlugin({
  manifest: { name: 'reporter', version: '1.0.0' },
  methods: {
    onMetrics({ run, step }) {
      if (step === 3) run.report({ 'my, "odd" metric': 0.1 + 0.2, step: 30, broken: Number.NaN })
    },
    onStepEnd({ run, step }) {
      if (step === 6) run.checkpoint('six')
    },
  },
})

const project = (settings = '{}', training = 'epochs: 2') => `
plugins: { use: { reporter: {}, metrics_csv: { config: ${settings} } } }
experiment:
  dataset: line
  model: line
  validation_split: 0.2
  training: { optimizer: momentum, loss: squared_error, batch_size: 8, ${training} }
`

const newBench = (assets: Record<string, string> = {}) =>
  new Workbench({ plugins: [...builtinPlugins, linePlugin, reporter], assets })

async function textOf(bench: Workbench, name = 'metrics.csv'): Promise<string> {
  expect(bench.events('hook.failed')).toEqual([])
  return new TextDecoder().decode((await bench.engine.artefact(name))!)
}

/** All but the time, which no two runs have alike. */
const withoutTime = (text: string): string => text.replaceAll(/^(\d+,\d+),[\d.]+,/gm, '$1,')

/** Values of a metric by step, as the page heard of them. */
const told = (bench: Workbench, metric: string): (readonly [number, number])[] =>
  bench
    .events('run.metrics')
    .flatMap(({ points }) =>
      points.flatMap(({ step, values }) =>
        values[metric] === undefined ? [] : [[step, values[metric]] as const],
      ),
    )

test('has a row for each step, a column for each metric, and nothing where there is no value', async () => {
  const bench = newBench()
  expect(await bench.train({}, project())).toMatchObject({ reason: 'finished', step: 8 })
  const [head, ...lines] = (await textOf(bench)).trimEnd().split('\n')
  expect(head).toBe('step,epoch,time,loss,"my, ""odd"" metric",metric step,val_loss')
  const rows = lines.map((line) => line.split(','))
  expect(rows.map(([step, epoch]) => `${step} ${epoch}`)).toEqual(
    [1, 2, 3, 4, 5, 6, 7, 8].map((step) => `${step} ${step < 5 ? 1 : 2}`),
  )
  const column = (at: number) =>
    rows.flatMap((row) => (row[at] === '' ? [] : [[Number(row[0]), Number(row[at])]]))
  expect(column(3)).toEqual(told(bench, 'loss'))
  expect(column(6)).toEqual(told(bench, 'val_loss'))
  expect(column(6).map(([step]) => step)).toEqual([4, 8])
  // Reported while the values of step 3 came back, some steps later.
  expect([column(4), column(5)]).toEqual([
    [[told(bench, 'step')[0]![0], 0.1 + 0.2]],
    [[told(bench, 'step')[0]![0], 30]],
  ])
  const times = rows.map((row) => Number(row[2]))
  expect(times).toEqual(times.toSorted((a, b) => a - b))
  expect(times.at(-1)).toBeLessThan(60)
})

test('a resumed run has the whole table, a new one its own', async () => {
  const bench = newBench()
  await bench.train({}, project())
  const whole = withoutTime(await textOf(bench))
  bench.records.length = 0
  await bench.engine.startRun({ from: 'checkpoints/six.safetensors' })
  await bench.ended()
  expect(told(bench, 'loss').map(([step]) => step)).toEqual([7, 8])
  expect(withoutTime(await textOf(bench))).toBe(whole)
  bench.records.length = 0
  await bench.engine.startRun()
  await bench.ended()
  expect(withoutTime(await textOf(bench))).toBe(whole)
})

test('a run that goes on from before the table was kept has no rows of another', async () => {
  const bench = newBench()
  await bench.train({}, project().replace('metrics_csv: { config: {} }', ''))
  const from = new Uint8Array(await bench.engine.asset('checkpoints/six.safetensors'))
  await bench.open({}, project())
  for (const options of [{}, { from }]) {
    bench.records.length = 0
    await bench.engine.startRun(options)
    await bench.ended()
  }
  expect(await textOf(bench)).toMatch(/^step,[^\n]*\n7,[^\n]*\n8,[^\n]*\n$/)
})

test('opens as data: the numbers are those that were told', async () => {
  const bench = newBench()
  await bench.train({}, project('{ file: logs/line.csv }'))
  const text = await textOf(bench, 'logs/line.csv')
  const rows: unknown[] = []
  const reader = definePlugin({
    manifest: { name: 'reader', version: '1.0.0' },
    methods: {
      onTrainBegin({ run }) {
        const { labels, features } = run.data.train.columns
        rows.push(
          Array.from(labels!.data as Float32Array),
          Array.from(features!.data as Float32Array),
        )
      },
    },
  })
  const other = new Workbench({
    plugins: [...builtinPlugins, reader],
    assets: { 'data/line.csv': text },
  })
  const ended = await other.train(
    {},
    `
plugins: { use: { reader: {} } }
experiment:
  dataset: { name: table, config: { file: data/line.csv, label: loss, columns: { loss: number } } }
  validation: { order: as_given }
  preprocess:
    - { name: impute, config: { columns: [val_loss, 'my, "odd" metric', metric step] } }
    - { name: join_columns, config: { columns: [step, epoch, 'my, "odd" metric'] } }
  model: { name: mlp, config: { input: features, hidden: [2] } }
  head: regression
  training: { max_steps: 1, batch_size: 4 }
`,
  )
  expect(ended.error?.message).toBeUndefined()
  const losses = told(bench, 'loss').map(([, loss]) => loss)
  const features = losses.flatMap((_, i) => [i + 1, i < 4 ? 1 : 2, Math.fround(0.3)])
  expect(rows).toEqual([losses.slice(0, -1), features.slice(0, -3)])
})

test('every_steps leaves rows out, but none with a validation; what is over the limit is thinned', async () => {
  const stepsOf = async (settings: string, training: string) => {
    const bench = newBench()
    await bench.train({}, project(settings, training))
    const lines = (await textOf(bench)).trimEnd().split('\n').slice(1)
    const logs = bench.events('log').map(({ message }) => message)
    return { steps: lines.map((line) => Number.parseInt(line, 10)), logs }
  }
  const sparse = await stepsOf('{ every_steps: 3 }', 'epochs: 2')
  expect(sparse.steps).toEqual([3, 4, 6, 8])
  // Seven columns: 143 rows are over 1,000 numbers.
  const long = await stepsOf('{ max_values: 1000 }', 'epochs: 40, validate_every: 25')
  expect(long.logs).toEqual([
    'metrics.csv has come to 1000 numbers: it now has one in 2 steps, and goes on so',
  ])
  const expected = Array.from({ length: 160 }, (_, i) => i + 1).filter(
    (step) => step % 2 === 0 || step % 25 === 0,
  )
  expect(long.steps).toEqual(expected)
  const dense = await stepsOf('{ max_values: 1000 }', 'epochs: 40, validate_every: 1')
  expect(dense.steps.length).toBeLessThan(143)
  expect(dense.steps.at(-1)).toBe(160)
})

test('an edit of its settings while a run is on keeps the table', async () => {
  const bench = newBench()
  await bench.start({}, project('{}', 'epochs: 15'))
  await bench.once('run.metrics', ({ points }) => points.some(({ step }) => step > 5))
  await bench.open({}, project('{ every_steps: 10 }', 'epochs: 15'))
  await bench.ended()
  const text = await textOf(bench)
  expect(text).toContain('\n5,')
  expect(text).toContain('\n60,')
  expect(text.split('\n').length).toBeLessThan(60)
})
