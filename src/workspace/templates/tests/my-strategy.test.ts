// One batch of two rows, with a loss that tells what it was given.
import * as tf from '@tensorflow/tfjs'
import { createRandom, type TensorMap } from 'plugboard'
import { createTestEngine, expect, test, testPlugin } from 'plugboard/testing'
import MyStrategy from '../plugins/my-strategy.ts'

async function step(strength: number) {
  const engine = await createTestEngine({ plugins: [MyStrategy] })
  await engine.up()
  const { ctx } = engine.instance('my_strategy')
  const strategy = ctx.create('strategy', { name: 'my_strategy', config: { strength } }, {})
  const given: { input: number[]; labels: number[] }[] = []
  const { loss } = strategy.step({
    batch: { input: tf.tensor1d([0, 1]), labels: tf.tensor1d([3, 4], 'int32') },
    evaluate(batch: TensorMap) {
      const [input, labels] = [batch['input']!, batch['labels']!]
      given.push({ input: [...input.dataSync()], labels: [...labels.dataSync()] })
      return { loss: labels.toFloat().gather(0).asScalar(), outputs: {} }
    },
    ctx: { training: true, random: createRandom(1), step: 0, scalars: {} },
  })
  return { given, loss: loss.dataSync()[0]! }
}

test('conforms to what every plugin must keep', () => testPlugin(MyStrategy))

test('blends rows, and the losses for the labels of both by the same share', async () => {
  const { given, loss } = await step(1)
  const share = given[0]!.input[1]!
  expect(share).toBeGreaterThanOrEqual(0.5)
  expect(share).toBeLessThan(1)
  expect(given[0]).toEqual({ input: [expect.closeTo(1 - share), share], labels: [3, 4] })
  expect(given[1]).toEqual({ ...given[0], labels: [4, 3] })
  expect(loss).toBeCloseTo(share * 3 + (1 - share) * 4)
})

test('leaves rows as they are without strength', async () => {
  const { given, loss } = await step(0)
  expect(given[0]!.input).toEqual([0, 1])
  expect(loss).toBeCloseTo(3)
})
