// The average of the weights: when it joins, what it measures, and that training does not notice it.
import * as tf from '@tensorflow/tfjs'
import { createRandom, plugin } from 'plugboard'
import { createTestEngine, expect, test, testPlugin } from 'plugboard/testing'
import WeightAverage from '../plugins/weight-average.ts'

/** Forty words of three letters: as many as a test needs. */
class Words extends plugin({ manifest: { name: 'words', version: '1.0.0' } }) {
  initialize() {
    const random = createRandom(1)
    const letter = () => 'abcd'.charAt(random.int(4))
    const data = Array.from({ length: 40 }, () => letter() + letter() + letter())
    const table = { length: data.length, columns: { text: { type: 'text' as const, data } } }
    this.ctx.provide('dataset', 'words', () => ({ load: async () => table }))
  }
}

const experiment = {
  seed: 1,
  dataset: 'words',
  validation_split: 0.2,
  tokenizer: 'char',
  preprocess: [{ name: 'next_token', config: { context: 4 } }],
  model: { name: 'gpt', config: { layers: 1, heads: 1, width: 4 } },
  // Four steps in an epoch.
  training: { epochs: 2, batch_size: 8, loss: 'cross_entropy' },
}

async function run(everySteps: number | undefined, epoch: number) {
  const isUsed = everySteps !== undefined
  const engine = await createTestEngine({
    plugins: [Words, WeightAverage],
    config: {
      experiment,
      schedules: { plugins: { weight_average: { enable_at_epoch: epoch } } },
      plugins: {
        use: {
          weight_average: isUsed ? { config: { every_steps: everySteps } } : { enabled: false },
        },
      },
    },
  })
  const { metrics } = await engine.run()
  const points = engine.events.data('run.metrics').flatMap((data) => data.points)
  const losses = points.flatMap(({ values }) => values['loss'] ?? [])
  const averages = points.flatMap(({ values }) => values['average_val_loss'] ?? [])
  return { metrics, losses, averages, events: engine.events }
}

test('conforms to what every plugin must keep', () => testPlugin(WeightAverage))

test('hands its tensors over as numbers, and frees them', async () => {
  const engine = await createTestEngine({ plugins: [WeightAverage] })
  await engine.up()
  const plugin = engine.instance<WeightAverage>('weight_average')
  const before = tf.memory().numTensors
  const state = {
    run: 'r',
    samples: 3,
    means: [{ path: 'a', shape: [2], values: new Float32Array([1, 2]) }],
  }
  plugin.restore(state)
  expect(await plugin.capture()).toEqual(state)
  expect(tf.memory().numTensors).toBe(before + 1)
  await engine.down()
  expect(tf.memory().numTensors).toBe(before)
})

test('[A14] joins at its epoch', async () => {
  const { averages, events } = await run(2, 2)
  expect(averages).toHaveLength(1)
  events.assertEmitted('weight_average.measured', { epoch: 2 })
})

test('an average of one is as good as the weights; training goes on as without it', async () => {
  const alone = await run(undefined, 1)
  const { metrics, losses } = await run(8, 1)
  expect(metrics['average_val_loss']).toBeCloseTo(metrics['val_loss']!, 4)
  expect(losses).toEqual(alone.losses)
})

test('an average of several is another', async () => {
  const { metrics, averages } = await run(1, 1)
  expect(averages).toHaveLength(2)
  expect(metrics['average_val_loss']).not.toBeCloseTo(metrics['val_loss']!, 4)
})
