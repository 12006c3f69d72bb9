// Whom the router chooses, and the mixture that it serves.
import * as tf from '@tensorflow/tfjs'
import { buildModule, createRandom, parametersOf } from 'plugboard'
import { checkGradientFlow, createTestEngine, expect, test, testPlugin } from 'plugboard/testing'
import MyRouter from '../plugins/my-router.ts'

async function open() {
  const engine = await createTestEngine({ plugins: [MyRouter] })
  await engine.up()
  return engine.instance('my_router').ctx
}

async function build(active: number) {
  const ctx = await open()
  const router = buildModule(createRandom(1), () =>
    ctx.create('router', { name: 'my_router', config: { active } }, { width: 3, experts: 3 }),
  )
  // Each row scores the experts by its own values.
  parametersOf(router).get('score.weight')!.assign(tf.eye(3))
  return router
}

const context = { training: true, random: createRandom(1), step: 0, scalars: {} }

test('conforms to what every plugin must keep', () => testPlugin(MyRouter))

test('gives weight to the best experts only, of sum 1', async () => {
  const rows = tf.tensor2d([
    [2, 1, 0],
    [0, 5, 5],
  ])
  const one = (await build(1)).forward(rows.slice(0, 1), context)
  expect([...one.weights.dataSync()]).toEqual([1, 0, 0])
  const [a, b, c, d, e, f] = (await build(2)).forward(rows, context).weights.dataSync()
  expect([c, d]).toEqual([0, 0])
  expect(a! / b!).toBeCloseTo(Math.E)
  expect([a! + b!, e, f]).toEqual([expect.closeTo(1), 0.5, 0.5])
  // Where all score alike, all have a say.
  const even = (await build(1)).forward(tf.zeros<tf.Rank.R2>([1, 3]), context)
  for (const weight of even.weights.dataSync()) expect(weight).toBeCloseTo(1 / 3)
})

test('finds it worse when one expert gets all rows', async () => {
  const router = await build(1)
  const lossOf = (rows: tf.Tensor2D) => router.forward(rows, context).aux_loss!.dataSync()[0]!
  const even = lossOf(tf.eye(3).mul(4))
  expect(even).toBeCloseTo(0.01)
  expect(lossOf(tf.tensor2d([4, 0, 0, 4, 0, 0], [2, 3]))).toBeGreaterThan(2 * even)
})

test('trains router and experts', async () => {
  const ctx = await open()
  const model = buildModule(createRandom(1), () =>
    ctx.create('model', 'my_router', {
      columns: {
        image: { shape: [2, 2, 1], dtype: 'float32' },
        labels: { shape: [], dtype: 'int32', limit: 3 },
      },
      hasHead: false,
      create: (kind, ref, env) => ctx.create(kind, ref, env),
    }),
  )
  checkGradientFlow(model, { image: tf.randomNormal([20, 2, 2, 1], 0, 3, 'float32', 1) })
})
