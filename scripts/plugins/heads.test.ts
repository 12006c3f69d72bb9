// Built-in heads in whole runs of the engine.
import { expect, test } from 'vitest'
import { builtinPlugins } from '#plugins'
import { definePlugin, type EventRecord, type Table } from '#sdk'
import { Workbench } from '../../src/engine/testing/workbench.ts'

const ROWS = 160
const sine = (i: number): number => Math.sin(i * 7.3)

/** Two numbers a row; whether each is above 0, whether their sum is; labels half of which are noise, and masked. */
const points = definePlugin({
  manifest: { name: 'quadrants', version: '1.0.0', provides: ['dataset/quadrants'] },
  methods: {
    initialize(ctx) {
      const x = Float32Array.from({ length: 2 * ROWS }, (_, i) => sine(i))
      const label = (isIt: (a: number, b: number) => boolean) => ({
        type: 'number' as const,
        data: Int32Array.from({ length: ROWS }, (_, i) => Number(isIt(x[2 * i]!, x[2 * i + 1]!))),
        shape: [],
        dtype: 'int32' as const,
        limit: 2,
      })
      const table: Table = {
        length: ROWS,
        columns: {
          x: { type: 'number', data: x, shape: [2], dtype: 'float32' },
          labels: label((a, b) => a > b),
          left_labels: label((a) => a > 0),
          sum_labels: label((a, b) => a + b > 0),
          half_labels: label((a, b) => (b > 0 ? a : sine(1e4 * a)) > 0),
          half_mask: {
            type: 'number',
            data: Float32Array.from({ length: ROWS }, (_, i) => Number(x[2 * i + 1]! > 0)),
            shape: [],
            dtype: 'float32',
          },
        },
      }
      ctx.provide('dataset', 'quadrants', () => ({ load: async () => table }))
    },
  },
})

const project = (head: string, more = ''): string => `
experiment:
  dataset: quadrants
  model: { name: mlp, config: { input: x, hidden: [16] } }
  head: ${head}
  training:
    epochs: 12
    batch_size: 16
    learning_rate: 0.02
    ${more}
`

async function train(config: string) {
  const bench = new Workbench({ plugins: [...builtinPlugins, points, lossOf] })
  const ended = await bench.train({}, `plugins: { use: { loss_of: {} } }\n${config}`)
  return { bench, ended }
}

/** Weighted losses of the first step, worked out from outputs and labels, and as the engine has it. */
const losses: { expected: number; found: number }[] = []
const lossOf = definePlugin({
  manifest: { name: 'loss_of', version: '1.0.0' },
  methods: {
    onBatchEnd({ step, outputs, batch }) {
      if (step !== 1) return
      const crossEntropy = (task: string): number => {
        const logits = outputs[`${task}_logits`]?.arraySync() as number[][] | undefined
        const labels = batch[`${task}_labels`]!.dataSync()
        const rows = (logits ?? []).map(
          (row, i) => Math.log(row.reduce((sum, it) => sum + Math.exp(it), 0)) - row[labels[i]!]!,
        )
        return rows.reduce((sum, it) => sum + it, 0) / labels.length
      }
      losses.push({ expected: crossEntropy('left') + 0.5 * crossEntropy('sum'), found: NaN })
    },
    onBackwardBegin({ step, loss }) {
      if (step === 1) losses.at(-1)!.found = loss.dataSync()[0]!
    },
  },
})

const valuesOf = (bench: Workbench, metric: string): number[] =>
  bench
    .events('run.metrics')
    .flatMap(({ points: all }) => all.flatMap(({ values }) => values[metric] ?? []))

test('[K05] the multi-task head trains every task it has labels for, and tells accuracy and F1 of each', async () => {
  const { bench, ended } = await train(
    project(
      '{ name: multi_task, config: { hidden: 32, tasks: { left: {}, sum: { weight: 0.5 }, ghost: { output_size: 3 } } } }',
    ),
  )
  expect(ended).toMatchObject({ reason: 'finished' })
  for (const task of ['left', 'sum']) {
    expect(valuesOf(bench, `val_${task}_accuracy`).at(-1)).toBeGreaterThan(0.9)
    expect(valuesOf(bench, `val_${task}_f1`).at(-1)).toBeGreaterThan(0.9)
  }
  // No labels, no say: neither in the metrics nor in the weights.
  expect(valuesOf(bench, 'val_ghost_accuracy')).toEqual([])
  const warnings = bench.events('log').filter(({ level }) => level === 'warn')
  expect(warnings.map(({ message }) => message)).toEqual([
    expect.stringMatching(/head\.tasks\.ghost\.up\.weight.*stay as initialised/),
  ])
  const { parameters } = bench.events('run.begin')[0]!
  expect(parameters).toContainEqual({ path: 'head.tasks.sum.out.weight', shape: [32, 2] })
  // The loss is the sum of the tasks' cross-entropies, each times its weight.
  const [{ expected, found } = { expected: 0, found: 1 }] = losses
  expect(found).toBeCloseTo(expected, 5)
})

test('[K05] rows that a mask says have no label for a task have no say in it', async () => {
  const tasks = '{ name: multi_task, config: { hidden: 8, tasks: { left: {}, half: {} } } }'
  const { bench, ended } = await train(project(tasks))
  expect(ended).toMatchObject({ reason: 'finished' })
  // The labels of half of its rows are noise, and masked: with a say, they would keep it near 0.75.
  expect(valuesOf(bench, 'val_half_accuracy').at(-1)).toBeGreaterThan(0.9)
  expect(valuesOf(bench, 'val_half_f1').at(-1)).toBeGreaterThan(0.9)
})

test('[P03] the classification head learns, and its events tell shapes as they are new', async () => {
  const { bench, ended } = await train(project('classification', 'metrics: [accuracy]'))
  expect(ended).toMatchObject({ reason: 'finished' })
  expect(valuesOf(bench, 'val_accuracy').at(-1)).toBeGreaterThan(0.9)
  const events = bench.records.filter(({ type }) => type.startsWith('head.'))
  expect(events.slice(0, 2)).toMatchObject([
    {
      type: 'head.forward_start',
      plugin: 'classification_head',
      data: { head_type: 'classification', input_shape: [16, 16] },
    },
    { type: 'head.forward_complete', data: { output_shape: [16, 2] } },
  ] satisfies Partial<EventRecord>[])
  // All batches have one shape here: two events for the whole run, not two for each step.
  expect(events).toHaveLength(2)
})

test('labels that a head has no class for are refused before the first step, by row', async () => {
  const data = Int32Array.from({ length: 12 }, (_, i) => i % 3)
  const column = { type: 'number', data, shape: [], dtype: 'int32' } as const
  const mask = { ...column, data: Int32Array.from(data, (label) => Number(label < 2)) }
  const thirds = (more: Table['columns']) =>
    definePlugin({
      manifest: { name: 'thirds', version: '1.0.0', provides: ['dataset/thirds'] },
      methods: {
        initialize(ctx) {
          const x = {
            type: 'number',
            data: Float32Array.from(data),
            shape: [1],
            dtype: 'float32',
          } as const
          const table: Table = { length: 12, columns: { x, labels: column, ...more } }
          ctx.provide('dataset', 'thirds', () => ({
            load: async () => ({ train: table, validation: table }),
          }))
        },
      },
    })
  const errorOf = async (head: string, more: Table['columns'] = {}) => {
    const bench = new Workbench({ plugins: [...builtinPlugins, thirds(more)] })
    const config = project(head).replace('dataset: quadrants', 'dataset: thirds')
    const { step, error } = await bench.train({}, config.replace('epochs: 12', 'max_steps: 1'))
    return error && { step, message: error.message }
  }
  const refused = (name: string) => ({
    step: 0,
    message: expect.stringContaining(
      `column ${name} of the training rows, row 2 of the training table of dataset thirds (the first is 0): 2 is not a whole number from 0 to 1`,
    ),
  })
  const two = '{ name: classification, config: { num_labels: 2 } }'
  expect(await errorOf(two)).toMatchObject(refused('labels'))
  expect(await errorOf(two.replace('2', '3'))).toBeUndefined()
  const tasks = '{ name: multi_task, config: { tasks: { own: { output_size: 2 } } } }'
  expect(await errorOf(tasks, { own_labels: column })).toMatchObject(refused('own_labels'))
  expect(await errorOf(tasks, { own_labels: column, own_mask: mask })).toBeUndefined()
})

test('the classification head smooths its labels where it is told to', async () => {
  const lossesOf = async (config: string) => {
    const head = `{ name: classification, config: { dropout_rate: 0, ${config} } }`
    const { bench, ended } = await train(project(head, 'max_steps: 30'))
    expect(ended.error).toBeUndefined()
    return bench
      .events('run.metrics')
      .flatMap((it) => it.points.flatMap(({ values }) => values['loss'] ?? []))
  }
  const [plain, smoothed] = [await lossesOf(''), await lossesOf('label_smoothing: 0.5')]
  expect(smoothed.at(-1)).toBeGreaterThan(plain.at(-1)!)
  // No guess is better than being right by three quarters: ln(1/p) of that is the least there is.
  expect(Math.min(...smoothed)).toBeGreaterThan(0.55)
})
