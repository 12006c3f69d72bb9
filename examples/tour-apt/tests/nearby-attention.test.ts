// The attention alone, and as the engine chooses it.
import * as tf from '@tensorflow/tfjs'
import {
  buildModule,
  componentSchema,
  createRandom,
  type ForwardContext,
  type InstanceOf,
  Module,
  plugin,
  type TensorMap,
  z,
} from 'plugboard'
import {
  checkGradientFlow,
  createTestEngine,
  expect,
  lineExperiment,
  linePlugin,
  test,
  testPlugin,
} from 'plugboard/testing'
import NearbyAttention from '../plugins/nearby-attention.ts'

const shape = { width: 4, heads: 2, context: 5, dropout: 0 }
const quiet: ForwardContext = { training: false, random: createRandom(0), step: 0, scalars: {} }
const x = tf.keep(tf.tensor3d([...createRandom(3).normals(20)], [1, 5, 4]))

async function build(focus: number) {
  const engine = await createTestEngine({ plugins: [NearbyAttention] })
  await engine.up()
  const { ctx } = engine.instance('nearby_attention')
  const ref = { name: 'nearby', config: { focus } }
  const layer = buildModule(createRandom(1), () => ctx.create('attention', ref, shape))
  return { ctx, layer }
}

/** How much output `to` changes with input `from`. */
const influence = (layer: Module<tf.Tensor, tf.Tensor>, from: number, to: number) =>
  tf.tidy(() => {
    const nudge = tf.oneHot(tf.tensor1d([from], 'int32'), 5).reshape([1, 5, 1])
    const changed = layer.forward(x.add(nudge), quiet).sub(layer.forward(x, quiet))
    return changed.abs().slice([0, to, 0], [1, 1, 4]).max().dataSync()[0]!
  })

test('conforms to what every plugin must keep', () => testPlugin(NearbyAttention))

test('sees near positions more than far ones, and none to come', async () => {
  const { layer } = await build(100)
  expect(influence(layer, 4, 4)).toBeGreaterThan(10 * influence(layer, 0, 4))
  expect(influence(layer, 4, 3)).toBe(0)
  const { layer: wide } = await build(0)
  expect(influence(wide, 4, 4)).toBeLessThan(10 * influence(wide, 0, 4))
})

test('takes its focus from a schedule, where there is one', async () => {
  const [one, three] = [await build(1), await build(3)]
  const scheduled = one.layer.forward(x, { ...quiet, scalars: { focus: tf.scalar(3) } })
  expect(scheduled.dataSync()).toEqual(three.layer.forward(x, quiet).dataSync())
  expect(scheduled.dataSync()).not.toEqual(one.layer.forward(x, quiet).dataSync())
})

test('works on less than the whole context, and learns with all its parameters', async () => {
  const { layer } = await build(1)
  expect(layer.forward(tf.ones([2, 3, 4]), quiet).shape).toEqual([2, 3, 4])
  // Adding the same to all keys changes no weight: their offset has no gradient.
  checkGradientFlow(layer, x, { except: ['key.bias'] })
})

test('[A04] is listed with its version, and is not the default', async () => {
  const { ctx } = await build(1)
  expect(ctx.list('attention')).toContainEqual(
    expect.objectContaining({ name: 'nearby', version: '1.1.0', isDefault: false }),
  )
})

test('[A05] judges a config before a layer is made of it', async () => {
  const { ctx } = await build(1)
  const problems = (config: Record<string, unknown>) =>
    ctx.validateConfig('attention', 'nearby', config).map(({ message }) => message)
  expect(problems({ focus: 2 })).toEqual([])
  expect(problems({ focus: -1 })).toEqual([expect.stringContaining('focus')])
  expect(problems({ fokus: 1 })).toEqual([expect.stringContaining('fokus')])
})

/** A model that names two attentions side by side. */
class Both extends plugin({ manifest: { name: 'both', version: '1.0.0' } }) {
  initialize() {
    class Sum extends Module {
      readonly parts: InstanceOf<'attention'>[]
      constructor(parts: InstanceOf<'attention'>[]) {
        super()
        this.parts = parts
      }
      forward({ x: input }: TensorMap, ctx: ForwardContext) {
        const rows = input!.expandDims(1)
        const prediction = tf.addN(this.parts.map((part) => part.forward(rows, ctx))).sum([1, 2])
        return { prediction: prediction.expandDims(1) }
      }
    }
    this.ctx.provide(
      'model',
      'both',
      ({ attention }, { create }) =>
        new Sum(
          attention.map((ref) =>
            create('attention', ref, { width: 2, heads: 1, context: 1, dropout: 0 }),
          ),
        ),
      { config: z.strictObject({ attention: z.array(componentSchema) }) },
    )
  }
}

const runWith = async (...attention: string[]) => {
  const model = { name: 'both', config: { attention } }
  const engine = await createTestEngine({
    plugins: [linePlugin, NearbyAttention, Both],
    config: { experiment: lineExperiment({ model }) },
  })
  return await engine.run()
}

test('[A06] is refused beside `full`, with both names', async () => {
  expect((await runWith('nearby')).reason).toBe('finished')
  await expect(runWith('nearby', 'full')).rejects.toThrow(
    'attention nearby must not be used beside attention full',
  )
})
