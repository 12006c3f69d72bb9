// The head on states of known size.
import * as tf from '@tensorflow/tfjs'
import { buildModule, createRandom } from 'plugboard'
import { checkGradientFlow, createTestEngine, expect, test, testPlugin } from 'plugboard/testing'
import MyHead from '../plugins/my-head.ts'

async function build(columns: object) {
  const engine = await createTestEngine({ plugins: [MyHead] })
  await engine.up()
  const { ctx } = engine.instance('my_head')
  return buildModule(createRandom(1), () =>
    ctx.create('head', 'my_head', {
      width: 4,
      columns: { ...columns },
      create: (kind, ref, env) => ctx.create(kind, ref, env),
    }),
  )
}

const labels = { shape: [], dtype: 'int32', limit: 3 }
const context = { training: false, random: createRandom(1), step: 0, scalars: {} }

test('conforms to what every plugin must keep', () => testPlugin(MyHead))

test('gives a logit for each class, of the positions that the mask keeps', async () => {
  const head = await build({ labels })
  expect(head.outputSize()).toEqual({ logits: 3 })
  const states = tf.randomNormal([2, 5, 4], 0, 1, 'float32', 1)
  const mask = tf.tensor2d([1, 1, 0, 0, 0, 1, 1, 0, 0, 0], [2, 5])
  const logits = (hidden_states: tf.Tensor, attention_mask: tf.Tensor) =>
    head.forward({ hidden_states, attention_mask }, context)['logits']!
  const masked = logits(states, mask)
  expect(masked.shape).toEqual([2, 3])
  const first = logits(states.slice([0, 0, 0], [2, 2, 4]), tf.ones([2, 2]))
  first.dataSync().forEach((value, i) => expect(value).toBeCloseTo(masked.dataSync()[i]!))
  checkGradientFlow(head, { hidden_states: states })
})

test('has a loss of its own: even logits cost the logarithm of the classes', async () => {
  const head = await build({ labels })
  const outputs = { logits: tf.zeros([2, 3]) }
  const loss = head.computeLoss!({ outputs, batch: { labels: tf.tensor1d([0, 2], 'int32') } })
  expect(loss.dataSync()[0]).toBeCloseTo(Math.log(3))
})

test('says what it needs', async () => {
  await expect(build({})).rejects.toThrow("my_head needs class numbers in 'labels'")
})
