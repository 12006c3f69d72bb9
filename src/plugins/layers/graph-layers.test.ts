// Layers of model graphs that have no parameters: what they give, their gradients, and shapes they refuse.
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs'
import { type LayerInput, nn, type PluginClass } from 'plugboard'
import { beforeAll, describe, expect, test } from 'vitest'
import { initialize } from '../testing/contributions.ts'
import { quiet } from '../testing/model.ts'
import activations from './activations.ts'
import joining from './joining.ts'
import pooling from './pooling.ts'
import reshaping from './reshaping.ts'

beforeAll(() => tf.setBackend('cpu'))

type Shapes = readonly (readonly number[])[]

async function layer(Plugin: PluginClass, name: string, shapes: Shapes, config: unknown = {}) {
  const plugin = await initialize(Plugin, {})
  return plugin.create('layer', name, config, { shape: shapes[0]!, shapes })
}

/** Values and shape for inputs, which have a batch axis. */
async function given(Plugin: PluginClass, name: string, inputs: tf.Tensor[], config: unknown = {}) {
  const shapes = inputs.map(({ shape }) => shape.slice(1))
  const input: LayerInput = inputs.length === 1 ? inputs[0]! : inputs
  const y = (await layer(Plugin, name, shapes, config)).forward(input, quiet)
  return { values: [...y.dataSync()], shape: y.shape }
}

const a = () => tf.tensor([1, -2, 3, 4], [2, 2])
const b = () => tf.tensor([5, 6, -7, 8], [2, 2])

describe('[G11] layers that join', () => {
  test('give sum, product and concatenation', async () => {
    expect(await given(joining, 'add', [a(), b()])).toEqual({
      values: [6, 4, -4, 12],
      shape: [2, 2],
    })
    expect((await given(joining, 'add', [a(), b(), a()])).values).toEqual([7, 2, -1, 16])
    expect((await given(joining, 'multiply', [a(), b()])).values).toEqual([5, -12, -21, 32])
    const gate = tf.tensor([2, 3], [2, 1])
    expect((await given(joining, 'multiply', [a(), gate])).values).toEqual([2, -4, 9, 12])
    const joined = { values: [1, -2, 5, 6, 3, 4, -7, 8], shape: [2, 4] }
    expect(await given(joining, 'concat', [a(), b()])).toEqual(joined)
    expect(await given(joining, 'concat', [a(), b()], { axis: 0 })).toEqual(joined)
    expect((await given(joining, 'concat', [a()])).values).toEqual([1, -2, 3, 4])
  })

  test.each([
    ['add', [[2], [3]], 'must have the same shape, but they are [2], [3]'],
    ['add', [[2], [4, 2]], 'but they are [2], [4, 2]'],
    [
      'concat',
      [
        [4, 2],
        [5, 3],
      ],
      'the same sizes but for axis -1, but they are [4, 2], [5, 3]',
    ],
    ['concat', [[4], [5, 3]], 'but they are [4], [5, 3]'],
  ])('%s refuses shapes %j', async (name, shapes, message) => {
    await expect(layer(joining, name, shapes)).rejects.toThrow(message)
  })
})

describe('[G11] layers that lay out anew', () => {
  test('keep the batch axis and every value', async () => {
    const x = () => tf.range(0, 12).reshape([2, 3, 2])
    expect((await given(reshaping, 'flatten', [x()])).shape).toEqual([2, 6])
    expect((await given(reshaping, 'reshape', [x()], { shape: [-1, 3] })).shape).toEqual([2, 2, 3])
    expect(await given(reshaping, 'permute', [x()], { order: [1, 0] })).toEqual({
      values: [0, 2, 4, 1, 3, 5, 6, 8, 10, 7, 9, 11],
      shape: [2, 2, 3],
    })
  })

  test.each([
    ['reshape', { shape: [4] }, '6 values of [3, 2] cannot be laid out as [4]'],
    ['reshape', { shape: [-1, 4] }, 'cannot be laid out as [-1, 4]'],
    ['permute', { order: [0, 0] }, '[0, 0] is no order of the 2 axes of [3, 2]'],
  ])('%s refuses %j', async (name, config, message) => {
    await expect(layer(reshaping, name, [[3, 2]], config)).rejects.toThrow(message)
  })
})

describe('[G11] pool', () => {
  test('takes the positions that a mask keeps', async () => {
    const states = () => tf.tensor([1, 2, 3, 4, 100, 100], [1, 3, 2])
    const mask = () => tf.tensor([1, 1, 0], [1, 3], 'int32')
    expect((await given(pooling, 'pool', [states(), mask()])).values).toEqual([2, 3])
    expect((await given(pooling, 'pool', [states(), mask()], { how: 'last' })).values).toEqual([
      3, 4,
    ])
    expect((await given(pooling, 'pool', [states()], { how: 'first' })).values).toEqual([1, 2])
    const it = await layer(pooling, 'pool', [[3, 2]])
    expect([...it.forward(states(), { ...quiet, mask: mask() }).dataSync()]).toEqual([2, 3])
    await expect(layer(pooling, 'pool', [[3, 2], [4]])).rejects.toThrow('but was given [3, 2], [4]')
  })
})

describe('[G11] activations', () => {
  const functions: [string, (x: number) => number][] = [
    ['relu', (x) => Math.max(0, x)],
    ['silu', (x) => x / (1 + Math.exp(-x))],
    ['sigmoid', (x) => 1 / (1 + Math.exp(-x))],
    ['tanh', Math.tanh],
  ]
  test.each(functions)('%s, and its gradient', async (name, f) => {
    const xs = [-1.5, -0.3, 0.7, 2]
    const { values } = await given(activations, name, [tf.tensor(xs, [2, 2])])
    xs.forEach((x, i) => expect(values[i]).toBeCloseTo(f(x), 5))
    const it = await layer(activations, name, [[2]])
    const gradient = tf
      .grad((x) => it.forward(x, quiet).sum())(tf.tensor(xs, [2, 2]))
      .dataSync()
    const step = 1e-5
    xs.forEach((x, i) =>
      expect(gradient[i]).toBeCloseTo((f(x + step) - f(x - step)) / (2 * step), 4),
    )
  })

  test('softmax goes over the last axis, gelu is that of the kit', async () => {
    const { values } = await given(activations, 'softmax', [
      tf.tensor([0, 0, 0, Math.log(3)], [2, 2]),
    ])
    for (const [i, value] of [0.5, 0.5, 0.25, 0.75].entries())
      expect(values[i]).toBeCloseTo(value, 5)
    expect((await given(activations, 'gelu', [a()])).values).toEqual([...nn.gelu(a()).dataSync()])
  })
})
