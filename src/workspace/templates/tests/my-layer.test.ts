// The layer alone, and in a model.
import * as tf from '@tensorflow/tfjs'
import { buildModule, createRandom } from 'plugboard'
import { checkGradients, createTestEngine, expect, test, testPlugin } from 'plugboard/testing'
import MyLayer from '../plugins/my-layer.ts'

async function build(carry: number) {
  const engine = await createTestEngine({ plugins: [MyLayer] })
  await engine.up()
  const { ctx } = engine.instance('my_layer')
  return buildModule(createRandom(1), () =>
    ctx.create('layer', { name: 'my_layer', config: { carry } }, { shape: [3] }),
  )
}

const context = { training: true, random: createRandom(1), step: 0, scalars: {} }
const x = () => tf.tensor2d([0.5, -1, 2, 1, 0.3, -0.2], [2, 3])

test('conforms to what every plugin must keep', () => testPlugin(MyLayer))

test('lets everything through while its gates are closed, and not when they are open', async () => {
  const closed = await build(50)
  expect([...closed.forward(x(), context).dataSync()]).toEqual([...x().dataSync()])
  const open = await build(-50)
  expect(tf.max(tf.abs(open.forward(x(), context))).dataSync()[0]).toBeLessThan(1)
})

test('has the gradients it should have', async () => {
  expect(checkGradients(await build(0), x())).toBeGreaterThan(0)
})

test('learns as a part of a model', async () => {
  const engine = await createTestEngine({
    plugins: [MyLayer],
    config: {
      experiment: {
        dataset: 'digits',
        model: { name: 'my_layer', config: { width: 16 } },
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
