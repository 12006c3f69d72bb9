// The layer on a few positions.
import * as tf from '@tensorflow/tfjs'
import { buildModule, createRandom, parametersOf } from 'plugboard'
import { checkGradientFlow, createTestEngine, expect, test, testPlugin } from 'plugboard/testing'
import MyFfn from '../plugins/my-ffn.ts'

async function build(dropout: number) {
  const engine = await createTestEngine({ plugins: [MyFfn] })
  await engine.up()
  const { ctx } = engine.instance('my_ffn')
  const ref = { name: 'my_ffn', config: { expansion: 1.5 } }
  return buildModule(createRandom(1), () =>
    ctx.create('ffn', ref, { width: 4, heads: 1, context: 3, dropout }),
  )
}

const contextOf = (training: boolean) => ({
  training,
  random: createRandom(1),
  step: 0,
  scalars: {},
})
const x = () => tf.randomNormal([2, 3, 4], 0, 1, 'float32', 1)

test('conforms to what every plugin must keep', () => testPlugin(MyFfn))

test('keeps the shape, treats each position alone, and uses every parameter', async () => {
  const layer = await build(0)
  expect(parametersOf(layer).get('up.weight')!.shape).toEqual([4, 6])
  const whole = layer.forward(x(), contextOf(false))
  expect(whole.shape).toEqual([2, 3, 4])
  const one = layer.forward(x().slice([1, 2, 0], [1, 1, 4]), contextOf(false))
  const same = whole.slice([1, 2, 0], [1, 1, 4])
  expect(tf.max(tf.abs(one.sub(same))).dataSync()[0]).toBeLessThan(1e-6)
  checkGradientFlow(layer, x())
})

test('leaves values out in training only', async () => {
  const layer = await build(0.5)
  const zeros = (training: boolean) =>
    [...layer.forward(x(), contextOf(training)).dataSync()].filter((value) => value === 0).length
  expect(zeros(true)).toBeGreaterThan(0)
  expect(zeros(false)).toBe(0)
})
