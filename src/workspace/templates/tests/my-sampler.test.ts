// The rows that it draws, and how many steps a run has with them.
import { createRandom } from 'plugboard'
import {
  createTestEngine,
  expect,
  lineExperiment,
  linePlugin,
  lineRows,
  test,
  testPlugin,
} from 'plugboard/testing'
import MySampler from '../plugins/my-sampler.ts'

test('conforms to what every plugin must keep', () => testPlugin(MySampler))

test('draws a share of the rows, each once, others in each epoch', async () => {
  const engine = await createTestEngine({ plugins: [MySampler] })
  await engine.up()
  const sampler = engine.instance('my_sampler').ctx.create('sampler', 'my_sampler', {})
  const rows = (epoch: number) => [
    ...sampler.order(lineRows(40), { random: createRandom(epoch), epoch }),
  ]
  expect(rows(1)).toHaveLength(20)
  expect(new Set(rows(1)).size).toBe(20)
  expect(Math.max(...rows(1))).toBeLessThan(40)
  expect(rows(2)).not.toEqual(rows(1))
})

test('makes an epoch shorter', async () => {
  const sampler = { name: 'my_sampler', config: { share: 0.25 } }
  const engine = await createTestEngine({
    plugins: [linePlugin, MySampler],
    config: { experiment: lineExperiment({ training: { sampler } }) },
  })
  // 32 rows in batches of 8 would be four steps.
  expect(await engine.run()).toMatchObject({ steps: 1 })
})
