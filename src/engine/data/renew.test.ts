// What preprocessors draw anew for each epoch: training rows only, of the seed and the epoch.
import { expect, test } from 'vitest'
import { definePlugin, type Table } from '#sdk'
import { linePlugin, lineProject } from '../testing/line-plugin.ts'
import { Workbench } from '../testing/workbench.ts'

const column = (data: Float32Array) =>
  ({ type: 'number', data, shape: [], dtype: 'float32' }) as const

/** Notes the column `drawn` of every batch: -1 as transformed, else what was drawn. */
function drawing(form: 'right' | 'wrong' = 'right') {
  const seen: { training: Map<number, number[]>; validation: number[] } = {
    training: new Map(),
    validation: [],
  }
  const draws = definePlugin({
    manifest: { name: 'draws', version: '1.0.0', provides: ['preprocessor/draws'] },
    methods: {
      initialize(ctx) {
        const withDrawn = (table: Table, drawn: (row: number) => number): Table => ({
          length: table.length,
          columns: {
            ...table.columns,
            [form === 'wrong' && drawn(0) >= 0 ? 'other' : 'drawn']: column(
              Float32Array.from({ length: table.length }, (_, row) => drawn(row)),
            ),
          },
        })
        ctx.provide('preprocessor', 'draws', () => ({
          transform: (table) => withDrawn(table, () => -1),
          renew: (table, { random, epoch }) =>
            withDrawn(table, (row) => 10 * epoch + Number(row === 0) * random.next()),
        }))
      },
      onBatchBegin({ epoch, batch }) {
        const values = seen.training.get(epoch) ?? []
        seen.training.set(epoch, [...values, ...batch['drawn']!.dataSync()])
      },
      onTrainEnd({ run }) {
        const drawn = run.data.validation.columns['drawn']
        if (drawn?.type === 'number') seen.validation = Array.from(drawn.data)
      },
    },
  })
  return { draws, seen }
}

const project = (seed: number) =>
  lineProject().replace('experiment:', `experiment:\n  seed: ${seed}\n  preprocess: [draws]`)

async function run(seed: number, form?: 'wrong') {
  const { draws, seen } = drawing(form)
  const bench = new Workbench({ plugins: [linePlugin, draws] })
  const ended = await bench.train({}, project(seed))
  return { ended, seen }
}

test('training rows are drawn anew for each epoch, the same for the same seed; held-back rows never', async () => {
  const { ended, seen } = await run(1)
  expect(ended).toMatchObject({ reason: 'finished' })
  expect(seen.training.size).toBeGreaterThan(1)
  for (const [epoch, values] of seen.training) {
    expect(Math.floor(Math.min(...values) / 10)).toBe(epoch)
    expect(Math.floor(Math.max(...values) / 10)).toBe(epoch)
  }
  expect(new Set(seen.validation)).toEqual(new Set([-1]))
  expect((await run(1)).seen.training).toEqual(seen.training)
  expect((await run(2)).seen.training).not.toEqual(seen.training)
})

test('rows of another form are refused, by column', async () => {
  const { ended } = await run(1, 'wrong')
  expect(ended).toMatchObject({ reason: 'failed' })
  expect(ended.error?.message).toMatch(
    /column other is missing in the training rows, but .*float32 .*epoch 1/,
  )
})
