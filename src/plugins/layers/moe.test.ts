// The mixture of experts by itself: plain while it is off, routed while it is on, and what it tells besides.
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs'
import {
  buildModule,
  componentOf,
  type CreatePart,
  createRandom,
  type ForwardContext,
  parametersOf,
} from 'plugboard'
import { checkGradientFlow } from 'plugboard/testing'
import { beforeAll, expect, test } from 'vitest'
import { initialize } from '../testing/contributions.ts'
import { quiet } from '../testing/model.ts'
import { fill } from '../testing/reference.ts'
import mlpFfn from './mlp-ffn.ts'
import moeFfn from './moe-ffn.ts'
import topKRouter from './top-k-router.ts'

beforeAll(() => tf.setBackend('cpu'))

const env = { width: 4, heads: 1, context: 3, dropout: 0 }
const x = () => fill([2, 3, 4], 1, 4) as tf.Tensor3D

/** A layer of three experts, and the plugin it is from. */
async function build(config: object = {}) {
  const parts = { router: await initialize(topKRouter), ffn: await initialize(mlpFfn) }
  const create: CreatePart = (kind, ref, partEnv) => {
    const { name, config: own } = componentOf(ref ?? (kind === 'ffn' ? 'mlp' : 'top_k'))
    return parts[kind as keyof typeof parts].create(kind, name, own, partEnv)
  }
  const moe = await initialize(moeFfn)
  const make = () =>
    buildModule(createRandom(1), () =>
      moe.create('ffn', 'moe', { experts: 3, ...config }, { ...env, create } as typeof env),
    )
  const begin = () => {
    moe.plugin.start()
    moe.plugin.onStepBegin()
  }
  return { plugin: moe.plugin, make, begin }
}

/** Sum of what was added to the loss, and all metrics, of one forward pass. */
function told(layer: ReturnType<Awaited<ReturnType<typeof build>>['make']>, mask?: tf.Tensor) {
  const losses: number[] = []
  const metrics: Record<string, number> = {}
  const ctx: ForwardContext = {
    ...quiet,
    mask,
    addLoss: (loss) => void losses.push(loss.dataSync()[0]!),
    observe: (module, values) => {
      expect(module).toBe(layer)
      for (const [name, value] of Object.entries(values)) metrics[name] = value.dataSync()[0]!
    },
  }
  const output = layer.forward(x(), ctx)
  return { output, losses, metrics }
}

test('while it is off, its experts are one network and stay so', async () => {
  const { make } = await build()
  const layer = make()
  const { output, losses, metrics } = told(layer)
  const { experts } = layer as unknown as { experts: (typeof layer)[] }
  const alone = experts[2]!.forward(x(), quiet)
  expect(output.sub(alone).abs().max().dataSync()[0]).toBeLessThan(1e-6)
  expect(losses).toEqual([0])
  const third = Math.fround(1 / 3)
  expect(metrics).toEqual({ expert_load_0: third, expert_load_1: third, expert_load_2: third })

  const parameters = [...parametersOf(layer)].filter(([path]) => path.endsWith('up.weight'))
  const { grads } = tf.variableGrads(
    () => layer.forward(x(), quiet).square().sum().asScalar(),
    parameters.map(([, it]) => it),
  )
  const [first, ...others] = parameters.map(([, { name }]) => grads[name]!.dataSync())
  expect(first!.some((value) => value !== 0)).toBe(true)
  expect(others).toEqual([first, first])
})

test('from its start on, the router weighs what the experts say, and asks for balance', async () => {
  const { make, begin, plugin } = await build()
  const layer = make()
  begin()
  const { router, experts } = layer as unknown as {
    router: {
      forward(tokens: tf.Tensor, ctx: ForwardContext): { weights: tf.Tensor; aux_loss: tf.Scalar }
    }
    experts: (typeof layer)[]
  }
  // They part: each gets values of its own.
  experts.forEach((expert, i) => {
    for (const [, parameter] of parametersOf(expert)) parameter.assign(fill(parameter.shape, i + 5))
  })
  const { weights, aux_loss } = router.forward(x().reshape([6, 4]), quiet)
  const wanted = tf.addN(
    experts.map((expert, i) =>
      expert.forward(x(), quiet).mul(weights.slice([0, i], [6, 1]).reshape([2, 3, 1])),
    ),
  )
  const { output, losses, metrics } = told(layer)
  expect(output.sub(wanted).abs().max().dataSync()[0]).toBeLessThan(1e-6)
  expect(losses).toEqual([aux_loss.dataSync()[0]])
  expect(losses[0]).toBeGreaterThan(0.005)
  const loads = Object.values(metrics)
  expect(loads.reduce((a, b) => a + b)).toBeCloseTo(1)
  expect(new Set(loads).size).toBe(3)
  checkGradientFlow(layer, x())

  plugin.stop()
  expect(told(layer).losses).toEqual([0])
})

test('one that is on when the model is built has experts of their own', async () => {
  const { make, begin } = await build()
  begin()
  const layer = make()
  const weights = [...parametersOf(layer)].filter(([path]) => path.endsWith('up.weight'))
  expect(new Set(weights.map(([, it]) => it.dataSync().join())).size).toBe(3)
})

test('a layer that is built later is switched on with the next step', async () => {
  const { make, begin, plugin } = await build()
  begin()
  const layer = make()
  // As a reload does: the values of a layer that was switched off.
  ;(layer as unknown as { routed: tf.Variable }).routed.assign(tf.zeros([1]))
  expect(told(layer).losses).toEqual([0])
  plugin.onStepBegin()
  expect(told(layer).losses[0]).toBeGreaterThan(0.005)
})

test('padding counts neither for the load nor for the balance', async () => {
  const { make, begin } = await build()
  begin()
  const layer = make()
  const mask = tf.tensor2d([1, 0, 0, 0, 0, 0], [2, 3])
  const { metrics } = told(layer, mask)
  const alone = layer as unknown as {
    router: { forward(tokens: tf.Tensor, ctx: ForwardContext): { weights: tf.Tensor } }
  }
  const { weights } = alone.router.forward(x().reshape([6, 4]), quiet)
  expect(Object.values(metrics)).toEqual([...weights.slice([0, 0], [1, 3]).dataSync()])
})

test('the router takes its temperature from a schedule, and says when it is missing', async () => {
  const router = await initialize(topKRouter)
  const build = (config: object) =>
    buildModule(createRandom(1), () =>
      router.create('router', 'top_k', config, { width: 4, experts: 3 }),
    )
  const tokens = () => fill([6, 4], 1, 40) as tf.Tensor2D
  const spread = (heat: number) =>
    build({ k: 3, temperature: 'heat' })
      .forward(tokens(), { ...quiet, scalars: { heat: tf.scalar(heat) } })
      .weights.max(1)
      .mean()
      .dataSync()[0]!
  expect(spread(100)).toBeLessThan(0.35)
  expect(spread(0)).toBeCloseTo(1)
  expect(() => build({ temperature: 'heat' }).forward(tokens(), quiet)).toThrow(
    'the temperature of top_k is to be the value `heat`, but the schedules have no values',
  )
  expect(() => build({ k: 4 })).toThrow('top_k is to choose 4 experts, but there are 3')
})

test('noise is drawn from the stream of the step, in training only', async () => {
  const router = await initialize(topKRouter)
  const layer = buildModule(createRandom(1), () =>
    router.create('router', 'top_k', { noise: 1 }, { width: 4, experts: 3 }),
  )
  const weights = (seed: number, training = true) => [
    ...layer
      .forward(fill([6, 4], 1) as tf.Tensor2D, { ...quiet, training, random: createRandom(seed) })
      .weights.dataSync(),
  ]
  expect(weights(1)).toEqual(weights(1))
  expect(weights(1)).not.toEqual(weights(2))
  expect(weights(1, false)).toEqual(weights(2, false))
})

test('of one expert alone, the weight is its probability, so that the gate learns', async () => {
  const router = await initialize(topKRouter)
  const layer = buildModule(createRandom(1), () =>
    router.create('router', 'top_k', { k: 1, balance: 0 }, { width: 4, experts: 3 }),
  )
  const tokens = fill([6, 4], 1) as tf.Tensor2D
  const weights = layer.forward(tokens, quiet).weights
  expect([...weights.greater(0).toFloat().sum(1).dataSync()]).toEqual([1, 1, 1, 1, 1, 1])
  expect(weights.max().dataSync()[0]).toBeLessThan(0.5)
  const [[, gate]] = [...parametersOf(layer)] as [[string, tf.Variable]]
  const sum = () => layer.forward(tokens, quiet).weights.sum().asScalar()
  const gradient = tf.variableGrads(sum, [gate]).grads[gate.name]!
  expect(gradient.abs().max().dataSync()[0]).toBeGreaterThan(0)
})
