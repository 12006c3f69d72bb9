// The layers by themselves: values worked out by hand, and gradients.
import * as tf from '@tensorflow/tfjs'
import { buildModule, type ComponentRef, createRandom, type ForwardContext } from 'plugboard'
import {
  checkGradients,
  createTestEngine,
  describe,
  expect,
  test,
  testPlugin,
} from 'plugboard/testing'
import CustomLayers from '../plugins/custom-layers.ts'

const context: ForwardContext = { training: true, random: createRandom(1), step: 0, scalars: {} }

async function layer(ref: ComponentRef, shape: readonly number[]) {
  const engine = await createTestEngine({ plugins: [CustomLayers] })
  await engine.up()
  const { ctx } = engine.instance('custom_layers')
  return buildModule(createRandom(1), () => ctx.create('layer', ref, { shape }))
}

const valuesOf = (tensor: tf.Tensor): number[] => [...tensor.dataSync<'float32'>()]

function expectClose(tensor: tf.Tensor, wanted: readonly number[]) {
  const found = valuesOf(tensor)
  expect(found).toHaveLength(wanted.length)
  for (const [i, value] of wanted.entries()) expect(found[i]).toBeCloseTo(value, 4)
}

test('conforms to what every plugin must keep', () => testPlugin(CustomLayers))

test('GELU is x times the share of a normal distribution below x', async () => {
  const gelu = await layer('GELU', [4])
  const y = gelu.forward(tf.tensor2d([[-2, -1, 0, 1]]), context)
  expectClose(y, [-0.0455003, -0.1586553, 0, 0.8413447])
})

describe('RMS norm', () => {
  test('makes the mean square 1', async () => {
    const norm = await layer('custom.RMSNorm', [2])
    expectClose(
      norm.forward(
        tf.tensor2d([
          [3, 4],
          [0, -2],
        ]),
        context,
      ),
      [0.848528, 1.131371, 0, -1.414214],
    )
  })

  test('has the gradients it should have', async () => {
    expect(checkGradients(await layer('custom.RMSNorm', [3]), tf.tensor2d([[1, -2, 0.5]]))).toBe(3)
  })
})

describe('SwiGLU', () => {
  test('is W (silu(U x) V x)', async () => {
    const swiglu = await layer({ name: 'custom.SwiGLU', config: { hidden: 1 } }, [1])
    const weights = { gate: 2, value: 3, out: -1 }
    for (const [name, value] of Object.entries(weights)) {
      const part = Reflect.get(swiglu, name) as { weight: tf.Variable }
      part.weight.assign(tf.tensor2d([[value]]))
    }
    // silu(1) * 1.5, with silu(1) = 1 / (1 + exp(-1)).
    expectClose(swiglu.forward(tf.tensor2d([[0.5]]), context), [-1.096588])
  })

  test('has the gradients it should have', async () => {
    const swiglu = await layer({ name: 'SwiGLU', config: { hidden: 4 } }, [3])
    expect(checkGradients(swiglu, tf.tensor2d([[1, -2, 0.5]]))).toBe(30)
  })
})

describe('rotary positions', () => {
  test('turn pairs by an angle that grows with the position', async () => {
    const rotary = await layer('custom.RotaryEmbedding', [2, 2])
    const y = rotary.forward(
      tf.tensor3d([
        [
          [1, 0],
          [1, 0],
        ],
      ]),
      context,
    )
    expectClose(y, [1, 0, Math.cos(1), Math.sin(1)])
  })

  test('let products of two positions depend on their distance alone', async () => {
    const rotary = await layer({ name: 'RotaryEmbedding', config: { base: 100 } }, [6, 4])
    const same = tf.tensor3d([Array.from({ length: 6 }, () => [0.3, -1, 2, 0.5])])
    const y = rotary.forward(same, context).reshape<tf.Tensor2D>([6, 4])
    const products = (await y.matMul(y, false, true).array()) as number[][]
    expect(products[0]![2]).toBeCloseTo(products[3]![5]!, 4)
    expect(Math.abs(products[0]![2]! - products[0]![4]!)).toBeGreaterThan(0.1)
  })

  test('refuse a width that has no pairs', async () => {
    await expect(layer('RotaryEmbedding', [6, 3])).rejects.toThrow('not [6, 3]')
  })
})
