// What a position sees of the others.
import * as tf from '@tensorflow/tfjs'
import { buildModule, createRandom } from 'plugboard'
import { checkGradientFlow, createTestEngine, expect, test, testPlugin } from 'plugboard/testing'
import MyAttention from '../plugins/my-attention.ts'

async function build(slope: number) {
  const engine = await createTestEngine({ plugins: [MyAttention] })
  await engine.up()
  const { ctx } = engine.instance('my_attention')
  const env = { width: 8, heads: 2, context: 4, dropout: 0 }
  return buildModule(createRandom(1), () =>
    ctx.create('attention', { name: 'my_attention', config: { slope } }, env),
  )
}

const context = { training: false, random: createRandom(1), step: 0, scalars: {} }
const x = () => tf.randomNormal([1, 4, 8], 0, 1, 'float32', 1)

/** How much the output at each position moves with the input at position `at`. */
async function influence(slope: number, at: number): Promise<number[]> {
  const layer = await build(slope)
  const moved = x().add(tf.oneHot(at, 4).toFloat().reshape([1, 4, 1]))
  const change = layer.forward(moved, context).sub(layer.forward(x(), context))
  return [...change.abs().sum(-1).dataSync()]
}

test('conforms to what every plugin must keep', () => testPlugin(MyAttention))

test('never looks ahead', async () => {
  const [zero, one, two, three] = await influence(1, 2)
  expect([zero, one]).toEqual([0, 0])
  expect(Math.min(two!, three!)).toBeGreaterThan(0)
})

test('sees less of what is farther back, the steeper the slope', async () => {
  const [even] = [(await influence(0, 0))[3]!]
  const steep = (await influence(10, 0))[3]!
  expect(steep).toBeLessThan(even)
  // So steep that only the position itself is left.
  expect((await influence(1e6, 0)).slice(1)).toEqual([0, 0, 0])
})

test('takes shorter rows, and every parameter has a say', async () => {
  const layer = await build(1)
  expect(layer.forward(x().slice([0, 0, 0], [1, 2, 8]), context).shape).toEqual([1, 2, 8])
  // A bias of all keys alike changes no softmax.
  checkGradientFlow(layer, x(), { except: ['key.bias'] })
})
