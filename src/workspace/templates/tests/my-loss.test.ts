// The loss on logits whose hinge can be told by hand.
import * as tf from '@tensorflow/tfjs'
import { createTestEngine, expect, test, testPlugin } from 'plugboard/testing'
import MyLoss from '../plugins/my-loss.ts'

async function createLoss(config: Record<string, unknown> = {}) {
  const engine = await createTestEngine({ plugins: [MyLoss] })
  await engine.up()
  return engine.instance('my_loss').ctx.create('loss', { name: 'my_loss', config }, {})
}

const outputs = () => ({
  logits: tf.tensor2d([
    [3, 0, 1],
    [0, 0.5, 0],
    [1, 0, 4],
  ]),
})
const labels = () => tf.tensor1d([0, 1, 0], 'int32')

test('conforms to what every plugin must keep', () => testPlugin(MyLoss))

test('costs what the right class lacks of the margin', async () => {
  const loss = await createLoss()
  const args = { outputs: outputs(), batch: { labels: labels() } }
  // The first leads by 2, the second by 0.5, the third is 3 behind.
  expect(loss.compute(args).dataSync()[0]).toBeCloseTo((0 + 0.5 + 4) / 3)
  expect((await createLoss({ margin: 3 })).compute(args).dataSync()[0]).toBeCloseTo(9.5 / 3)
})

test('leaves out what the mask leaves out', async () => {
  const batch = { labels: labels(), attention_mask: tf.tensor1d([1, 1, 0]) }
  const loss = await createLoss()
  expect(loss.compute({ outputs: outputs(), batch }).dataSync()[0]).toBeCloseTo(0.5 / 2)
  expect(loss.weight!({ outputs: outputs(), batch }).dataSync()[0]).toBe(2)
})
