// The indicators: real prices against pandas, what they tell, how long they take.
import type { Context, Table } from 'plugboard'
import { createTestEngine, expect, measure, test, testPlugin } from 'plugboard/testing'
import Indicators from '../plugins/indicators.ts'
import { tableOf, valuesOf } from './tables.ts'

async function up() {
  const engine = await createTestEngine({ plugins: [Indicators] })
  await engine.up()
  const { ctx } = engine.instance('indicators')
  const extract = async (table: Table, config: Record<string, unknown>) =>
    await ctx.create('feature', { name: 'indicators', config }, {}).extract(table)
  return { engine, ctx, extract }
}

/** Columns of numbers of a file of the workspace, by name. */
async function columnsOf(ctx: Context, path: string): Promise<Record<string, number[]>> {
  const [head, ...lines] = new TextDecoder()
    .decode(await ctx.asset(path))
    .trim()
    .split('\n')
  const rows = lines.map((line) => line.split(',').map(Number))
  return Object.fromEntries(head!.split(',').map((name, i) => [name, rows.map((row) => row[i]!)]))
}

test('conforms to what every plugin must keep', () => testPlugin(Indicators))

test('has the numbers of pandas on 60 real days, and tells which columns are new', async () => {
  const { engine, ctx, extract } = await up()
  const { close } = await columnsOf(ctx, 'data/sp500.csv')
  const wanted = await columnsOf(ctx, 'tests/indicators.csv')
  const table = tableOf({ close: close!.slice(0, 60) })
  const made = await extract(table, { input_columns: ['close'], output_prefix: 'f_' })
  expect(made.length).toBe(41)
  for (const [name, values] of Object.entries(wanted)) {
    valuesOf(made, `f_close_${name}`).forEach((value, i) => {
      expect(Math.abs(value / values[i]! - 1)).toBeLessThan(1e-5)
    })
  }
  engine.events.assertEmitted('feature.extraction_started', { feature: 'indicators', rows: 60 })
  engine.events.assertEmitted('feature.extraction_completed', {
    rows: 41,
    new_features: Object.keys(wanted).map((name) => `f_close_${name}`),
  })
})

test('says averages and bands in % above the price, if asked to', async () => {
  const { extract } = await up()
  const config = { input_columns: ['close'], indicators: ['moving_average'], window_size: 2 }
  const made = await extract(tableOf({ close: [90, 110] }), { ...config, relative: true })
  expect(valuesOf(made, 'feature_close_ma_2')[0]).toBeCloseTo(100 * (100 / 110 - 1), 4)
})

test('an RSI is 50 where nothing moves, and 100 where all rises', async () => {
  const { extract } = await up()
  const config = { input_columns: ['a', 'b'], indicators: ['rsi'], rsi_period: 2 }
  const made = await extract(tableOf({ a: [1, 1, 1], b: [1, 2, 3] }), config)
  expect(valuesOf(made, 'feature_a_rsi')).toEqual([50])
  expect(valuesOf(made, 'feature_b_rsi')).toEqual([100])
})

test('a column that is not there is named, and the failure told', async () => {
  const { engine, extract } = await up()
  const asked = extract(tableOf({ close: [1, 2] }), { input_columns: ['price'] })
  await expect(asked).rejects.toThrow("column 'price' of one number a row; there are close")
  engine.events.assertEmitted('feature.extraction_failed')
  engine.events.assertNotEmitted('feature.extraction_completed')
})

test('takes less than half a second for 1000 days, and counts each time', async () => {
  const { engine, extract } = await up()
  const table = tableOf({ close: Array.from({ length: 1000 }, (_, i) => 100 + Math.sin(i)) })
  const run = () => extract(table, { input_columns: ['close'] })
  const { averageMs, leftTensors } = await measure(run, { times: 5, warmUp: 2 })
  expect(averageMs).toBeLessThan(500)
  expect(leftTensors).toBe(0)
  const { plugins } = await engine.report()
  const { metrics } = plugins.find(({ manifest }) => manifest.name === 'indicators')!
  expect(metrics).toContainEqual(expect.objectContaining({ name: 'extract', unit: 'ms', count: 8 }))
  expect(metrics).toContainEqual(expect.objectContaining({ name: 'rows', min: 981, max: 981 }))
})
