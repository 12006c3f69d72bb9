// The built-in models against PyTorch: names and shapes of parameters, forward pass, 20 steps of training.
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs'
import {
  buildModule,
  type ColumnSpec,
  createRandom,
  disposeModule,
  type Loss,
  type Model,
  type ModelEnv,
  nn,
  type Optimizer,
  parametersOf,
  type PluginInstance,
  type TensorMap,
} from 'plugboard'
import { beforeAll, describe, expect, test } from 'vitest'
import crossEntropy from '../losses/cross-entropy.ts'
import adamw from '../optimizers/adamw.ts'
import sgd from '../optimizers/sgd.ts'
import { initialize } from '../testing/contributions.ts'
import { buildModel, fillParameters, quiet, shapesOf } from '../testing/model.ts'
import reference from '../testing/models.json' with { type: 'json' }
import { difference, fill, integers } from '../testing/reference.ts'
import cnn from './cnn.ts'
import gpt from './gpt.ts'
import mlp from './mlp.ts'

beforeAll(() => tf.setBackend('cpu'))

interface Reference {
  shapes: Record<string, number[]>
  first_logits: number[]
  losses: number[]
}

/** float32 sums in another order: losses drift apart by less than this in 20 steps. */
const LOSS_TOLERANCE = 2e-4
const FORWARD_TOLERANCE = 1e-5

interface Training {
  model: Model
  loss: Loss
  optimizer: Optimizer
  learningRate: number
  batch(step: number): TensorMap
}

/** Trains as the engine does, in the plainest way. */
function trainSteps({ model, loss, optimizer, learningRate, batch }: Training, steps: number) {
  const parameters = parametersOf(model)
  const rate = tf.scalar(learningRate)
  const losses = Array.from({ length: steps }, (_, step) =>
    tf.tidy(() => {
      const rows = batch(step)
      const { value, grads } = tf.variableGrads(
        () =>
          loss.compute({ outputs: model.forward(rows, { ...quiet, training: true }), batch: rows }),
        [...parameters.values()],
      )
      const gradients = new Map([...parameters].map(([path, it]) => [path, grads[it.name]!]))
      optimizer.update({ parameters, gradients, learningRate: rate, step: step + 1 })
      return value.dataSync()[0]!
    }),
  )
  rate.dispose()
  return losses
}

const VOCABULARY = 11
const CONTEXT = 8
const BATCH = 4

const ids: ColumnSpec = { shape: [CONTEXT], dtype: 'int32', limit: VOCABULARY }

function gptBatch(step: number): TensorMap {
  const flat = integers(BATCH * (CONTEXT + 1), step, VOCABULARY)
  const rows = tf.tensor2d(flat, [BATCH, CONTEXT + 1], 'int32')
  const mask = Float32Array.from({ length: BATCH * CONTEXT }, (_, i) =>
    i >= CONTEXT / 2 && i < CONTEXT ? 0 : 1,
  )
  return {
    input_ids: rows.slice([0, 0], [BATCH, CONTEXT]),
    labels: rows.slice([0, 1], [BATCH, CONTEXT]),
    attention_mask: tf.tensor2d(mask, [BATCH, CONTEXT]),
  }
}

const imageBatch = (step: number): TensorMap => ({
  image: fill([6, 6, 6, 1], 50 + step),
  labels: tf.tensor1d(integers(6, step, 5), 'int32'),
})
const imageColumns: Record<string, ColumnSpec> = {
  image: { shape: [6, 6, 1], dtype: 'float32' },
  labels: { shape: [], dtype: 'int32', limit: 5 },
}

const gptConfig = { layers: 2, heads: 2, width: 16 }

const adamwOptimizer = async () =>
  (await initialize(adamw)).create('optimizer', 'adamw', { weight_decay: 0.1 }, {})
const sgdOptimizer = async () =>
  (await initialize(sgd)).create('optimizer', 'sgd', { momentum: 0.9 }, {})

const cases = [
  {
    name: 'gpt',
    expected: reference.gpt as Reference,
    build: async () => buildModel(await initialize(gpt), 'gpt', gptConfig, { input_ids: ids }),
    optimizer: adamwOptimizer,
    learningRate: 0.01,
    scale: 0.5,
    batch: gptBatch,
  },
  {
    name: 'gpt with an output of its own',
    expected: reference.gpt_untied as Reference,
    build: async () =>
      buildModel(
        await initialize(gpt),
        'gpt',
        { ...gptConfig, tie_weights: false },
        { input_ids: ids },
      ),
    optimizer: adamwOptimizer,
    learningRate: 0.01,
    scale: 0.5,
    batch: gptBatch,
  },
  {
    name: 'mlp',
    expected: reference.mlp as Reference,
    build: async () => buildModel(await initialize(mlp), 'mlp', { hidden: [8] }, imageColumns),
    optimizer: sgdOptimizer,
    learningRate: 0.1,
    scale: 1,
    batch: imageBatch,
  },
  {
    name: 'cnn',
    expected: reference.cnn as Reference,
    build: async () => buildModel(await initialize(cnn), 'cnn', { channels: [3, 4] }, imageColumns),
    optimizer: sgdOptimizer,
    learningRate: 0.1,
    scale: 1,
    batch: imageBatch,
  },
]

describe.each(cases)('$name', ({ expected, build, optimizer, learningRate, scale, batch }) => {
  test('has the parameters of the reference, by name and shape', async () => {
    const model = await build()
    expect(shapesOf(model)).toEqual(expected.shapes)
    disposeModule(model)
  })

  test('gives the logits of the reference', async () => {
    const model = await build()
    fillParameters(parametersOf(model), expected.shapes, scale)
    const logits = tf.tidy(() => model.forward(batch(0), quiet)['logits']!.dataSync())
    expect(difference(logits, expected.first_logits)).toBeLessThan(FORWARD_TOLERANCE)
    disposeModule(model)
  })

  test('has the losses of the reference over 20 steps, and frees all it took', async () => {
    const before = tf.memory().numTensors
    const model = await build()
    tf.tidy(() => fillParameters(parametersOf(model), expected.shapes, scale))
    const loss = (await initialize(crossEntropy)).create('loss', 'cross_entropy', {}, {})
    const training = { model, loss, optimizer: await optimizer(), learningRate, batch }
    const losses = trainSteps(training, 20)
    expect(difference(losses, expected.losses)).toBeLessThan(LOSS_TOLERANCE)

    const steady = tf.memory().numTensors
    trainSteps(training, 3)
    expect(tf.memory().numTensors).toBe(steady)
    training.optimizer.dispose()
    disposeModule(model)
    // Scalars of the device stay; there are few of them.
    expect(tf.memory().numTensors - before).toBeLessThan(20)
  })
})

describe('mlp for numbers', () => {
  test('predicts in the shape of the labels', async () => {
    const columns: Record<string, ColumnSpec> = {
      features: { shape: [3], dtype: 'float32' },
      labels: { shape: [2, 2], dtype: 'float32' },
    }
    const model = await buildModel(await initialize(mlp), 'mlp', { input: 'features' }, columns)
    const { predictions } = model.forward({ features: fill([5, 3], 1) }, quiet)
    expect(predictions!.shape).toEqual([5, 2, 2])
    disposeModule(model)
  })
})

describe('columns that a model cannot use', () => {
  test.each([
    ['gpt', gpt, "gpt needs a column 'input_ids'"],
    ['mlp', mlp, "mlp reads the columns 'image' and 'labels'; batches have words"],
    ['cnn', cnn, 'cnn reads images [height, width, channels]'],
  ] as const)('%s says so', async (name, plugin, message) => {
    const columns: Record<string, ColumnSpec> = { words: { shape: [2], dtype: 'int32' } }
    await expect(
      buildModel(await initialize<PluginInstance>(plugin), name, {}, columns),
    ).rejects.toThrow(message)
  })
})

test('gpt takes one row of one id, and refuses more ids than it has positions for', async () => {
  const model = await buildModel(await initialize(gpt), 'gpt', gptConfig, { input_ids: ids })
  const one = model.forward({ input_ids: tf.tensor2d([[3]], [1, 1], 'int32') }, quiet)
  expect(one['logits']!.shape).toEqual([1, 1, VOCABULARY])
  const long = { input_ids: tf.zeros([1, CONTEXT + 1], 'int32') }
  expect(() => model.forward(long, quiet)).toThrow('built for 8 ids in a row, but was given 9')
  disposeModule(model)
})

test('[A06] gpt takes the layers that its config names, else the defaults of their kinds', async () => {
  const plugin = await initialize(gpt)
  const asked: unknown[] = []
  const create: ModelEnv['create'] = (kind, ref) => {
    asked.push([kind, ref])
    return new nn.Dropout(0)
  }
  const env = { columns: { input_ids: ids }, hasHead: false, create }
  const model = buildModule(createRandom(1), () =>
    plugin.create('model', 'gpt', { layers: 1, attention: 'near' }, env),
  )
  expect(asked).toEqual([
    ['attention', 'near'],
    ['ffn', undefined],
  ])
  disposeModule(model)
})

test('gpt refuses heads that do not divide its width', async () => {
  const plugin = await initialize(gpt)
  await expect(
    buildModel(plugin, 'gpt', { width: 10, heads: 4 }, { input_ids: ids }),
  ).rejects.toThrow('width 10 cannot be split into 4 heads')
})

test('gpt does not look at later tokens', async () => {
  const model = await buildModel(await initialize(gpt), 'gpt', gptConfig, { input_ids: ids })
  const logits = (last: number) => {
    const input = tf.tensor2d([[1, 2, 3, 4, 5, 6, 7, last]], [1, 8], 'int32')
    return model.forward({ input_ids: input }, quiet)['logits']!.dataSync()
  }
  const [a, b] = [logits(0), logits(9)]
  const seen = 7 * VOCABULARY
  expect(a.subarray(0, seen)).toEqual(b.subarray(0, seen))
  expect(a.subarray(seen)).not.toEqual(b.subarray(seen))
  disposeModule(model)
})
