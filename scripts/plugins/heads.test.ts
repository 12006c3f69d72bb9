// Built-in heads in whole runs of the engine.
import { expect, test } from 'vitest'
import { builtinPlugins } from '#plugins'
import { definePlugin, type EventRecord, type Table } from '#sdk'
import { Workbench } from '../../src/engine/testing/workbench.ts'

const ROWS = 160
const sine = (i: number): number => Math.sin(i * 7.3)

/** Two numbers a row; whether each is above 0, whether their sum is; labels half of which are noise, and masked. */
const points = definePlugin({
  manifest: { name: 'points', version: '1.0.0', provides: ['dataset/points'] },
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
      ctx.provide('dataset', 'points', () => ({ load: async () => table }))
    },
  },
})

const project = (head: string, more = ''): string => `
experiment:
  dataset: points
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
