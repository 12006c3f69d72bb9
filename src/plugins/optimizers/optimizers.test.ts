// The optimizers against PyTorch, and what they do with state.
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs'
import type { Optimizer, PluginInstance } from 'plugboard'
import { beforeAll, describe, expect, test } from 'vitest'
import { initialize } from '../testing/contributions.ts'
import reference from '../testing/layers.json' with { type: 'json' }
import { difference, fill } from '../testing/reference.ts'
import parts from '../testing/training-parts.json' with { type: 'json' }
import adamw from './adamw.ts'
import lion from './lion.ts'
import muon from './muon.ts'
import rmsprop from './rmsprop.ts'
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

type Case = { plugin: unknown; kind: string; config: Record<string, unknown> }

const make = async ({ plugin, kind, config }: Case): Promise<Optimizer> => {
  const made = await initialize(plugin as new (init: never) => PluginInstance)
  return made.create('optimizer', kind, config, {})
}

const parametersOf = () =>
  new Map([
    ['first.matrix', tf.variable(fill([3, 4], 1))],
    ['second.vector', tf.variable(fill([5], 2))],
  ])

type Parameters = ReturnType<typeof parametersOf>

/** One step along the gradients of scripts/reference/layers.py. */
function step(optimizer: Optimizer, parameters: Parameters, index: number): void {
  tf.tidy(() => {
    const gradients = new Map<string, tf.Tensor>([
      ['first.matrix', fill([3, 4], 10 + index)],
      ['second.vector', fill([5], 30 + index, 0.1)],
    ])
    const learningRate = tf.scalar(optimizer.learningRate)
    optimizer.update({ parameters, gradients, learningRate, step: index + 1 })
  })
}

const TOLERANCE = 2e-6

/** Half the rate for the first parameter, no decay for the second. */
const grouped = {
  groups: [
    { match: 'first', learning_rate_factor: 0.5 },
    { match: 'second', weight_decay: 0 },
  ],
}

test.each(cases)('$name moves parameters as PyTorch does, over 10 steps', async (each) => {
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

const more = [
  {
    name: 'sgd_decay',
    plugin: sgd,
    kind: 'sgd',
    config: { learning_rate: 0.1, momentum: 0.9, weight_decay: 0.1 },
  },
  {
    name: 'sgd_groups',
    plugin: sgd,
    kind: 'sgd',
    config: { momentum: 0.9, nesterov: true, weight_decay: 0.1, ...grouped },
  },
  { name: 'rmsprop', plugin: rmsprop, kind: 'rmsprop', config: {} },
  {
    name: 'rmsprop_momentum',
    plugin: rmsprop,
    kind: 'rmsprop',
    config: { alpha: 0.9, momentum: 0.8, weight_decay: 0.07 },
  },
  { name: 'rmsprop_centered', plugin: rmsprop, kind: 'rmsprop', config: { centered: true } },
  {
    name: 'adam_decay',
    plugin: adamw,
    kind: 'adam',
    config: { learning_rate: 0.01, weight_decay: 0.07 },
  },
  {
    name: 'adamw_all',
    plugin: adamw,
    kind: 'adamw',
    config: { learning_rate: 0.01, weight_decay: 0.1, decayed: 'all' },
  },
  {
    name: 'adamw_groups',
    plugin: adamw,
    kind: 'adamw',
    config: { learning_rate: 0.01, weight_decay: 0.1, decayed: 'all', ...grouped },
  },
  {
    name: 'lion',
    plugin: lion,
    kind: 'lion',
    config: { learning_rate: 0.01, weight_decay: 0.1, decayed: 'all' },
  },
  {
    name: 'muon',
    plugin: muon,
    kind: 'muon',
    config: { learning_rate: 0.01, adjust_learning_rate: 'original' },
  },
  {
    name: 'muon_matched',
    plugin: muon,
    kind: 'muon',
    config: { learning_rate: 0.01, nesterov: false, weight_decay: 0 },
  },
] as const

/** The parameters and gradients of scripts/reference/training_parts.py. */
const shapes = { 'first.weight': [3, 4], 'second.weight': [4, 2], 'third.bias': [5] }

const threeParameters = () =>
  new Map(Object.entries(shapes).map(([path, shape], i) => [path, tf.variable(fill(shape, 1 + i))]))

const threeGradients = (index: number) =>
  new Map(
    Object.entries(shapes).map(([path, shape], i) => [
      path,
      fill(shape, 10 + index + 20 * i, shape.length === 1 ? 0.1 : 1),
    ]),
  )

test.each(more)('$name moves parameters as PyTorch does, over 10 steps', async (each) => {
  const optimizer = await make(each)
  const parameters = threeParameters()
  const [first, tenth] = parts.optimizers[each.name]
  for (let index = 0; index < 10; index++) {
    const learningRate = tf.scalar(optimizer.learningRate)
    optimizer.update({
      parameters,
      gradients: threeGradients(index),
      learningRate,
      step: index + 1,
    })
    const expected = index === 0 ? first : index === 9 ? tenth : undefined
    if (!expected) continue
    for (const [i, parameter] of [...parameters.values()].entries())
      expect(difference(parameter.dataSync(), expected[i]!)).toBeLessThan(1e-5)
  }
})

describe.each([...cases, ...more])('$name', (each) => {
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
    const before = parameters.get('second.vector')!.dataSync().slice()
    const gradients = new Map([['first.matrix', fill([3, 4], 10)]])
    optimizer.update({ parameters, gradients, learningRate: tf.scalar(0.1), step: 1 })
    expect(parameters.get('second.vector')!.dataSync()).toEqual(before)
    expect([...optimizer.state().keys()].some((name) => name.endsWith('vector'))).toBe(false)
  })

  test('leaves parameters and state as they are in a step that is not healthy', async () => {
    const optimizer = await make(each)
    const parameters = threeParameters()
    const learningRate = tf.scalar(optimizer.learningRate)
    const update = (index: number, healthy: number) => {
      const gradients = threeGradients(index)
      const given = healthy
        ? gradients
        : new Map([...gradients].map(([path, it]) => [path, tf.zerosLike(it)]))
      const factor = tf.scalar(healthy)
      optimizer.update({
        parameters,
        gradients: given,
        learningRate: learningRate.mul(factor),
        healthy: factor,
        step: index + 1,
      })
    }
    const values = () =>
      [...parameters, ...optimizer.state()].map(([name, it]) => [name, ...it.dataSync()])
    update(0, 1)
    update(1, 1)
    const before = values()
    update(2, 0)
    expect(values()).toEqual(before)
    update(3, 1)
    expect(values()).not.toEqual(before)
  })

  test('changes nothing at a rate of 0', async () => {
    const optimizer = await make(each)
    const parameters = parametersOf()
    const before = parameters.get('first.matrix')!.dataSync().slice()
    const gradients = new Map([['first.matrix', fill([3, 4], 10)]])
    optimizer.update({ parameters, gradients, learningRate: tf.scalar(0), step: 1 })
    expect(parameters.get('first.matrix')!.dataSync()).toEqual(before)
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

test('a group of no parameter is refused by its number, in the first step', async () => {
  const config = { groups: [{ match: 'third' }, { match: 'embeding' }] }
  for (const [plugin, kind] of [
    [sgd, 'sgd'],
    [adamw, 'adamw'],
    [rmsprop, 'rmsprop'],
    [lion, 'lion'],
    [muon, 'muon'],
  ] as const) {
    const optimizer = await make({ plugin, kind, config })
    const args = { parameters: threeParameters(), gradients: threeGradients(0), step: 1 }
    expect(() => optimizer.update({ ...args, learningRate: tf.scalar(1) })).toThrow(
      'groups[1] of the optimizer is for paths that contain "embeding", but none of the model\'s 3 parameters has such a path; they are first.weight, second.weight, third.bias',
    )
  }
})

describe('muon', () => {
  test('takes steps whose singular values are all near 1', async () => {
    const config = { adjust_learning_rate: 'original', weight_decay: 0, newton_schulz_steps: 8 }
    const optimizer = await make({ plugin: muon, kind: 'muon', config })
    const parameters = new Map([['weight', tf.variable(tf.zeros([6, 3]))]])
    const gradients = new Map([['weight', fill([6, 3], 5)]])
    optimizer.update({ parameters, gradients, learningRate: tf.scalar(1), step: 1 })
    const step = parameters.get('weight')! as unknown as tf.Tensor2D
    const gram = tf.matMul(step, step, true)
    const squares = [0, 1, 2].map((i) => gram.dataSync()[4 * i]!)
    expect(Math.min(...squares)).toBeGreaterThan(0.4)
    expect(Math.max(...squares)).toBeLessThan(1.6)
  })

  test('leaves embeddings, heads, vectors and filters to AdamW', async () => {
    const optimizer = await make({ plugin: muon, kind: 'muon', config: {} })
    const shapes = {
      'layer.weight': [4, 4],
      'layer.bias': [4],
      'token_embedding.weight': [5, 4],
      'head.weight': [4, 5],
      'conv.weight': [3, 3, 1, 2],
    }
    const entries = Object.entries(shapes)
    const parameters = new Map(entries.map(([path, shape]) => [path, tf.variable(tf.ones(shape))]))
    const gradients = new Map(entries.map(([path, shape]) => [path, fill(shape, 3)]))
    optimizer.update({ parameters, gradients, learningRate: tf.scalar(0.1), step: 1 })
    const names = [...optimizer.state().keys()].filter((name) => !name.startsWith('correction'))
    expect(names.filter((name) => name.startsWith('momentum/'))).toEqual(['momentum/layer.weight'])
    expect(names).toHaveLength(1 + 2 * 4)
  })
})
