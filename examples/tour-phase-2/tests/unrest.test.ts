// Unrest: by ranges where there are high and low, by changes where there are not.
import type { Table } from 'plugboard'
import { createTestEngine, expect, test, testPlugin } from 'plugboard/testing'
import Unrest from '../plugins/unrest.ts'
import { tableOf, valuesOf } from './tables.ts'

async function extract(table: Table) {
  const engine = await createTestEngine({ plugins: [Unrest] })
  await engine.up()
  const ref = { name: 'unrest', config: { days: [1, 2] } }
  const made = engine.instance('unrest').ctx.create('feature', ref, {}).extract(table)
  return { engine, made: await made }
}

const close = [100, 100, 100 * Math.exp(0.02)]
const usual = [1, 1, 1]

test('conforms to what every plugin must keep', () => testPlugin(Unrest))

test('measures ranges by what is usual', async () => {
  const high = [1, 2, 4].map((range) => 100 * Math.exp(range / 100))
  const { engine, made } = await extract(tableOf({ high, low: [100, 100, 100], close, usual }))
  expect(valuesOf(made, 'feature_unrest_1').map(Math.exp)).toEqual([
    expect.closeTo(2, 4),
    expect.closeTo(4, 4),
  ])
  expect(valuesOf(made, 'feature_unrest_2').map(Math.exp)[1]).toBeCloseTo(3, 4)
  expect(valuesOf(made, 'feature_change')).toEqual([0, expect.closeTo(2, 4)])
  engine.events.assertNotEmitted('feature.degraded')
})

test('goes on with changes of the price, saying so, without high and low', async () => {
  const { engine, made } = await extract(tableOf({ close, usual }))
  expect(valuesOf(made, 'feature_unrest_1').map(Math.exp)).toEqual([
    expect.closeTo(0.05, 4),
    expect.closeTo(2, 4),
  ])
  engine.events.assertEmitted('feature.degraded', { message: expect.stringContaining("'low'") })
  engine.events.assertEmitted('log', { level: 'warn' })
})

test('does not go on without what is usual', async () => {
  await expect(extract(tableOf({ close }))).rejects.toThrow("reads the column 'usual'")
})
