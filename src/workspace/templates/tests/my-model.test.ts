// The model built for small images: shapes, gradients, and that it learns.
import * as tf from '@tensorflow/tfjs'
import { buildModule, createRandom, parametersOf } from 'plugboard'
import { checkGradientFlow, createTestEngine, expect, test, testPlugin } from 'plugboard/testing'
import MyModel from '../plugins/my-model.ts'

async function build(columns: object) {
  const engine = await createTestEngine({ plugins: [MyModel] })
  await engine.up()
  const { ctx } = engine.instance('my_model')
  return buildModule(createRandom(1), () =>
    ctx.create(
      'model',
      { name: 'my_model', config: { hidden: 6 } },
      {
        columns: { ...columns },
        hasHead: false,
        create: (kind, ref, env) => ctx.create(kind, ref, env),
      },
    ),
  )
}

const image = { shape: [2, 2, 1], dtype: 'float32' }
const labels = { shape: [], dtype: 'int32', limit: 3 }

test('conforms to what every plugin must keep', () => testPlugin(MyModel))

test('gives a logit for each class, and every parameter has a say', async () => {
  const model = await build({ image, labels })
  const shapes = [...parametersOf(model)].map(([path, { shape }]) => [path, shape])
  expect(shapes).toEqual([
    ['up.weight', [4, 6]],
    ['up.bias', [6]],
    ['down.weight', [6, 3]],
    ['down.bias', [3]],
  ])
  const inputs = { image: tf.randomNormal([5, 2, 2, 1], 0, 1, 'float32', 1) }
  const ctx = { training: false, random: createRandom(1), step: 0, scalars: {} }
  expect(model.forward(inputs, ctx)['logits']!.shape).toEqual([5, 3])
  checkGradientFlow(model, inputs)
})

test('says what it needs', async () => {
  await expect(build({ labels })).rejects.toThrow("my_model reads 'image'")
})

test('learns to read digits', async () => {
  const engine = await createTestEngine({
    plugins: [MyModel],
    config: {
      experiment: {
        dataset: 'digits',
        model: { name: 'my_model', config: { hidden: 16 } },
        training: {
          max_steps: 30,
          optimizer: { name: 'adamw', config: { learning_rate: 0.01 } },
          metrics: ['accuracy'],
        },
      },
    },
  })
  const { metrics } = await engine.run()
  expect(metrics['val_accuracy']).toBeGreaterThan(0.5)
}, 30_000)
