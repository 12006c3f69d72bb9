// The model graph: its settings, and that it learns. A test's experiment finds models/*.yaml by name.
import { createTestEngine, expect, test } from 'plugboard/testing'

const train = async (config: Record<string, unknown>, max_steps: number) => {
  const engine = await createTestEngine({
    config: {
      experiment: {
        dataset: 'digits',
        model: { name: 'my_graph', config },
        training: {
          max_steps,
          optimizer: { name: 'adamw', config: { learning_rate: 0.01 } },
          loss: 'cross_entropy',
          metrics: ['accuracy'],
        },
      },
    },
  })
  return { engine, ...(await engine.run()) }
}

test('has as many blocks as it is told, of the width that it is told', async () => {
  const { engine } = await train({ width: 8, depth: 1 }, 1)
  const [begun] = engine.events.data('run.begin')
  const shapes = Object.fromEntries(begun!.parameters.map(({ path, shape }) => [path, shape]))
  expect(shapes).toMatchObject({
    'embed.weight': [784, 8],
    'blocks.0.wide.weight': [8, 8],
    'classes.weight': [8, 10],
  })
  expect(shapes).not.toHaveProperty(['blocks.1.wide.weight'])
})

test('refuses settings that make no sense', async () => {
  await expect(train({ width: 0 }, 1)).rejects.toThrow('width')
})

test('learns to read digits', async () => {
  const { metrics } = await train({ width: 16 }, 30)
  expect(metrics['val_accuracy']).toBeGreaterThan(0.5)
}, 30_000)
