// The optimizers against PyTorch, and what they do with state.
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs'
import type { Optimizer } from 'plugboard'
import { beforeAll, describe, expect, test } from 'vitest'
import { initialize } from '../testing/contributions.ts'
import reference from '../testing/layers.json' with { type: 'json' }
import { difference, fill } from '../testing/reference.ts'
import adamw from './adamw.ts'
import sgd from './sgd.ts'

beforeAll(() => tf.setBackend('cpu'))

const cases = [
  { name: 'sgd', plugin: sgd, kind: 'sgd', config: { learning_rate: 0.1 } },
  { name: 'sgd_momentum', plugin: sgd, kind: 'sgd', config: { learning_rate: 0.1, momentum: 0.9 } },
  {
    name: 'sgd_nesterov',
    plugin: sgd,
    kind: 'sgd',
    config: { learning_rate: 0.1, momentum: 0.9, nesterov: true },
  },
  { name: 'adam', plugin: adamw, kind: 'adam', config: { learning_rate: 0.01 } },
  {
    name: 'adamw',
    plugin: adamw,
    kind: 'adamw',
    config: { learning_rate: 0.01, weight_decay: 0.1 },
  },
] as const

type Case = (typeof cases)[number]

const make = async ({ plugin, kind, config }: Case): Promise<Optimizer> =>
  plugin === sgd
    ? (await initialize(sgd)).create('optimizer', kind, config, {})
    : (await initialize(adamw)).create('optimizer', kind, config, {})

const parametersOf = () =>
  new Map([
    ['matrix', tf.variable(fill([3, 4], 1))],
    ['vector', tf.variable(fill([5], 2))],
  ])

type Parameters = ReturnType<typeof parametersOf>

/** One step along the gradients of scripts/reference/layers.py. */
function step(optimizer: Optimizer, parameters: Parameters, index: number): void {
  tf.tidy(() => {
    const gradients = new Map<string, tf.Tensor>([
      ['matrix', fill([3, 4], 10 + index)],
      ['vector', fill([5], 30 + index, 0.1)],
    ])
    const learningRate = tf.scalar(optimizer.learningRate)
    optimizer.update({ parameters, gradients, learningRate, step: index + 1 })
  })
}

const TOLERANCE = 2e-6

describe.each(cases)('$name', (each) => {
  test('moves parameters as PyTorch does, over 10 steps', async () => {
    const optimizer = await make(each)
    const parameters = parametersOf()
    const [first, tenth] = reference[each.name] as [number[][], number[][]]
    for (let index = 0; index < 10; index++) {
      step(optimizer, parameters, index)
      const expected = index === 0 ? first : index === 9 ? tenth : undefined
      if (!expected) continue
      for (const [i, parameter] of [...parameters.values()].entries()) {
        expect(difference(parameter.dataSync(), expected[i]!)).toBeLessThan(TOLERANCE)
      }
    }
  })

  test('goes on from restored state as if it had never stopped', async () => {
    const [unbroken, first] = [await make(each), await make(each)]
    const [expected, found] = [parametersOf(), parametersOf()]
    for (let index = 0; index < 6; index++) step(unbroken, expected, index)
    for (let index = 0; index < 3; index++) step(first, found, index)
    const second = await make(each)
    second.restore(first.state())
    first.dispose()
    for (let index = 3; index < 6; index++) step(second, found, index)
    for (const [path, parameter] of expected) {
      expect(found.get(path)!.dataSync()).toEqual(parameter.dataSync())
    }
  })

  test('may be given its own state', async () => {
    const optimizer = await make(each)
    step(optimizer, parametersOf(), 0)
    const values = () => [...optimizer.state()].map(([name, it]) => [name, ...it.dataSync()])
    const before = values()
    optimizer.restore(optimizer.state())
    expect(values()).toEqual(before)
    optimizer.dispose()
  })

  test('keeps as many tensors after 30 steps as after one, and none in the end', async () => {
    const warm = await make(each)
    step(warm, parametersOf(), 0)
    warm.dispose()
    const optimizer = await make(each)
    const parameters = parametersOf()
    const before = tf.memory().numTensors
    step(optimizer, parameters, 0)
    const steady = tf.memory().numTensors
    for (let index = 1; index < 30; index++) step(optimizer, parameters, index)
    expect(tf.memory().numTensors).toBe(steady)
    optimizer.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })

  test('leaves a parameter without gradient alone', async () => {
    const optimizer = await make(each)
    const parameters = parametersOf()
    const before = parameters.get('vector')!.dataSync().slice()
    const gradients = new Map([['matrix', fill([3, 4], 10)]])
    optimizer.update({ parameters, gradients, learningRate: tf.scalar(0.1), step: 1 })
    expect(parameters.get('vector')!.dataSync()).toEqual(before)
    expect([...optimizer.state().keys()].some((name) => name.endsWith('/vector'))).toBe(false)
  })

  test('changes nothing at a rate of 0', async () => {
    const optimizer = await make(each)
    const parameters = parametersOf()
    const before = parameters.get('matrix')!.dataSync().slice()
    const gradients = new Map([['matrix', fill([3, 4], 10)]])
    optimizer.update({ parameters, gradients, learningRate: tf.scalar(0), step: 1 })
    expect(parameters.get('matrix')!.dataSync()).toEqual(before)
  })
})

test('sgd refuses to look ahead along no momentum', async () => {
  const plugin = await initialize(sgd)
  expect(() => plugin.create('optimizer', 'sgd', { nesterov: true }, {})).toThrow('no momentum')
})

describe('adamw', () => {
  const decayed = async (config: unknown, paths: Record<string, number[]>) => {
    const optimizer = (await initialize(adamw)).create('optimizer', 'adamw', config, {})
    const parameters = new Map(
      Object.entries(paths).map(([path, shape]) => [path, tf.variable(tf.ones(shape))]),
    )
    const gradients = new Map([...parameters].map(([path, { shape }]) => [path, tf.zeros(shape)]))
    optimizer.update({ parameters, gradients, learningRate: tf.scalar(0.1), step: 1 })
    return Object.fromEntries([...parameters].map(([path, it]) => [path, it.dataSync()[0]! < 1]))
  }

  test('shrinks matrices, not biases, norms or embeddings', async () => {
    const paths = {
      'layers.0.attn.query.weight': [2, 2],
      'layers.0.attn.query.bias': [2],
      'layers.0.norm1.weight': [2],
      'token_embedding.weight': [3, 2],
      'conv.weight': [1, 1, 2, 2],
    }
    expect(await decayed({ weight_decay: 0.1 }, paths)).toEqual({
      'layers.0.attn.query.weight': true,
      'layers.0.attn.query.bias': false,
      'layers.0.norm1.weight': false,
      'token_embedding.weight': false,
      'conv.weight': true,
    })
    expect(await decayed({ weight_decay: 0.1, no_decay: ['query'] }, paths)).toMatchObject({
      'layers.0.attn.query.weight': false,
      'token_embedding.weight': true,
    })
  })

  test('a parameter that joins late begins with a step of the usual size', async () => {
    const config = { learning_rate: 0.01, weight_decay: 0 }
    const optimizer = (await initialize(adamw)).create('optimizer', 'adamw', config, {})
    const parameters = parametersOf()
    for (let index = 0; index < 50; index++) step(optimizer, parameters, index)
    const late = tf.variable(tf.zeros([2]))
    const gradients = new Map([['late', tf.tensor1d([3, -0.2])]])
    const learningRate = tf.scalar(0.01)
    optimizer.update({ parameters: new Map([['late', late]]), gradients, learningRate, step: 51 })
    expect(difference(late.dataSync(), [-0.01, 0.01])).toBeLessThan(1e-4)
  })
})
