// The router alone, and in a mixture of experts.
import * as tf from '@tensorflow/tfjs'
import { buildModule, createRandom, parametersOf } from 'plugboard'
import { checkGradientFlow, createTestEngine, expect, test, testPlugin } from 'plugboard/testing'
import SoftRouter from '../plugins/soft-router.ts'

const context = { training: false, random: createRandom(1), step: 0, scalars: {} }

async function open() {
  const engine = await createTestEngine({
    plugins: [SoftRouter],
    // A built-in plugin comes up when something asks for it.
    config: { plugins: { use: { moe: {} } } },
  })
  await engine.up()
  return engine.instance('soft_router').ctx
}

test('conforms to what every plugin must keep', () => testPlugin(SoftRouter))

test('gives every expert a share, of sum 1', async () => {
  const ctx = await open()
  const router = buildModule(createRandom(1), () =>
    ctx.create('router', 'soft', { width: 4, experts: 3 }),
  )
  const { weights } = router.forward(
    tf.randomNormal<tf.Rank.R2>([6, 4], 0, 1, 'float32', 1),
    context,
  )
  expect(weights.shape).toEqual([6, 3])
  for (const sum of weights.sum(1).dataSync()) expect(sum).toBeCloseTo(1)
  expect(weights.min().dataSync()[0]).toBeGreaterThan(0)
})

test('serves the built-in mixture, and learns in it', async () => {
  const ctx = await open()
  const ref = { name: 'moe', config: { experts: 3, router: 'soft' } }
  const layer = buildModule(createRandom(1), () =>
    ctx.create('ffn', ref, { width: 4, heads: 1, context: 5, dropout: 0 }),
  )
  expect(parametersOf(layer).get('router.gate.weight')!.shape).toEqual([4, 3])
  const x = tf.randomNormal<tf.Rank.R3>([2, 5, 4], 0, 1, 'float32', 1)
  expect(layer.forward(x, context).shape).toEqual([2, 5, 4])
  checkGradientFlow(layer, x)
})
