// The rows, and that a model learns from them.
import { createRandom, type Table } from 'plugboard'
import { createTestEngine, expect, test, testPlugin } from 'plugboard/testing'
import MyDataset from '../plugins/my-dataset.ts'

test('conforms to what every plugin must keep', () => testPlugin(MyDataset))

test('has as many rows as it is told to, all arms alike, the same for the same seed', async () => {
  const engine = await createTestEngine({ plugins: [MyDataset] })
  await engine.up()
  const { ctx } = engine.instance('my_dataset')
  const load = async (seed: number) => {
    const env = {
      asset: (path: string) => ctx.asset(path),
      random: createRandom(seed),
      signal: ctx.signal,
    }
    const dataset = ctx.create('dataset', { name: 'my_dataset', config: { rows: 90 } }, env)
    return (await dataset.load()) as Table
  }
  const { length, columns } = await load(1)
  const [point, labels] = [columns['point']!, columns['labels']!]
  expect([length, point.data.length]).toEqual([90, 180])
  expect([0, 1, 2].map((arm) => [...labels.data].filter((label) => label === arm).length)).toEqual([
    30, 30, 30,
  ])
  expect(point.data).toEqual((await load(1)).columns['point']!.data)
  expect(point.data).not.toEqual((await load(2)).columns['point']!.data)
})

test('can be learned', async () => {
  const engine = await createTestEngine({
    plugins: [MyDataset],
    config: {
      experiment: {
        dataset: 'my_dataset',
        model: { name: 'mlp', config: { input: 'point', hidden: [16] } },
        training: {
          max_steps: 120,
          epochs: 10,
          optimizer: { name: 'adamw', config: { learning_rate: 0.03 } },
          loss: 'cross_entropy',
          metrics: ['accuracy'],
        },
      },
    },
  })
  const { metrics } = await engine.run()
  expect(metrics['val_accuracy']).toBeGreaterThan(0.5)
})
