// Models of text with their heads against PyTorch: parameters, outputs, loss, and the gradient of every parameter.
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs'
import {
  type ColumnSpec,
  disposeModule,
  type Head,
  type Model,
  nn,
  parametersOf,
  type PluginClass,
  type Predicted,
  type TensorMap,
} from 'plugboard'
import { beforeAll, expect, test } from 'vitest'
import classification from '../heads/classification.ts'
import languageModel from '../heads/language-model.ts'
import maskedLanguageModel from '../heads/masked-language-model.ts'
import regression from '../heads/regression.ts'
import { initialize } from '../testing/contributions.ts'
import { buildHead, buildModel, fillParameters, quiet } from '../testing/model.ts'
import { difference, fill, integers } from '../testing/reference.ts'
import reference from '../testing/text-models.json' with { type: 'json' }
import encoder from './encoder.ts'
import rnn from './rnn.ts'

beforeAll(() => tf.setBackend('cpu'))

/** As in scripts/reference/text_models.py. */
const [VOCABULARY, CONTEXT, WIDTH, BATCH, CLASSES] = [11, 6, 8, 3, 4]
const TOLERANCE = 2e-5

const spec = (shape: number[], limit?: number): ColumnSpec =>
  limit === undefined ? { shape, dtype: 'float32' } : { shape, dtype: 'int32', limit }
const ids = (seed: number, limit: number): tf.Tensor =>
  tf.tensor2d(integers(BATCH * CONTEXT, seed, limit), [BATCH, CONTEXT], 'int32')
const kept = (): tf.Tensor =>
  tf.tensor2d([6, 4, 1].map((length) => Array.from({ length: CONTEXT }, (_, i) => +(i < length))))

const ofText = { input_ids: spec([CONTEXT], VOCABULARY), attention_mask: spec([CONTEXT]) }
const texts = (): TensorMap => ({ input_ids: ids(1, VOCABULARY), attention_mask: kept() })

/** What is to be predicted: columns and batch. */
const tasks = {
  classes: {
    columns: { labels: spec([], CLASSES) },
    batch: () => ({ labels: tf.tensor1d(integers(BATCH, 4, CLASSES), 'int32') }),
  },
  guesses: {
    columns: { labels: spec([CONTEXT], VOCABULARY), labels_mask: spec([CONTEXT]) },
    batch: () => ({
      labels: ids(3, VOCABULARY),
      labels_mask: tf.tensor2d([0, 1, 0, 1, 1, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0], [3, 6]),
    }),
  },
  tokens: {
    columns: { labels: spec([CONTEXT], VOCABULARY) },
    batch: () => ({ labels: ids(3, VOCABULARY) }),
  },
  numbers: {
    columns: { labels: spec([2]) },
    batch: () => ({ labels: fill([BATCH, 2], 5) }),
  },
} satisfies Record<string, { columns: Record<string, ColumnSpec>; batch: () => TensorMap }>

interface Case {
  model: [plugin: PluginClass, name: string, config: Record<string, unknown>]
  /** Without one, the loss is that of a language model. */
  head?: [plugin: PluginClass, name: string, config: Record<string, unknown>]
  task: keyof typeof tasks
  segments?: true
}

const small = { layers: 2, heads: 2, width: WIDTH, dropout: 0 }
const cases: Record<string, Case> = {
  encoder: {
    model: [encoder, 'encoder', small],
    head: [classification, 'classification', { dropout_rate: 0 }],
    task: 'classes',
  },
  encoder_post_norm: {
    model: [encoder, 'encoder', { ...small, norm: 'post' }],
    head: [classification, 'classification', { dropout_rate: 0 }],
    task: 'classes',
    segments: true,
  },
  encoder_masked: {
    model: [encoder, 'encoder', small],
    head: [maskedLanguageModel, 'masked_language_model', {}],
    task: 'guesses',
  },
  lstm: { model: [rnn, 'rnn', { hidden: WIDTH, width: 5, layers: 2 }], task: 'tokens' },
  gru: {
    model: [rnn, 'rnn', { cell: 'gru', hidden: WIDTH, width: 5 }],
    head: [languageModel, 'language_model', {}],
    task: 'tokens',
  },
  rnn: {
    model: [rnn, 'rnn', { cell: 'rnn', hidden: WIDTH, width: 5 }],
    head: [languageModel, 'language_model', {}],
    task: 'tokens',
  },
  lstm_both_ways: {
    model: [rnn, 'rnn', { hidden: WIDTH, width: 5, layers: 2, bidirectional: true }],
    head: [classification, 'classification', { dropout_rate: 0 }],
    task: 'classes',
  },
  ...Object.fromEntries(
    (['mse', 'huber', 'mae'] as const).map((loss): [string, Case] => [
      `encoder_${loss}`,
      {
        model: [encoder, 'encoder', small],
        head: [regression, 'regression', { dropout: 0, loss }],
        task: 'numbers',
      },
    ]),
  ),
}

async function build({ model: m, head: h, task, segments }: Case) {
  const columns = {
    ...ofText,
    ...(segments && { token_type_ids: spec([CONTEXT], 2) }),
    ...tasks[task].columns,
  }
  const plugin = await initialize(m[0] as never)
  const model = await buildModel(plugin, m[1], m[2], columns, h !== undefined)
  const head =
    h && (await buildHead(await initialize(h[0] as never), h[1], h[2], columns, model.width!))
  const batch = (): TensorMap => ({
    ...texts(),
    ...(segments && { token_type_ids: ids(2, 2) }),
    ...tasks[task].batch(),
  })
  return { model, head, batch }
}

function forward(model: Model, head: Head | undefined, batch: TensorMap): TensorMap {
  const given = model.forward(batch, quiet)
  return head?.forward({ attention_mask: batch['attention_mask']!, ...given }, quiet) ?? given
}

/** The mean over labels that are kept, as `cross_entropy` takes it. */
function tokenLoss(args: Predicted): tf.Scalar {
  const { logits, labels, mask } = nn.readClasses('the test', args)
  return nn.crossEntropy(logits, labels, { mask })
}

interface Reference {
  shapes: Record<string, number[]>
  outputs: number[]
  loss: number
  gradients: Record<string, number[]>
}
const expectedOf = (name: string) => (reference as unknown as Record<string, Reference>)[name]!

test.each(Object.entries(cases))('%s is what PyTorch gives', async (name, each) => {
  const { model, head, batch } = await build(each)
  const expected = expectedOf(name)
  const parts = head ? { model, head } : { model }
  const parameters = parametersOf(parts)
  const shapes = Object.fromEntries([...parameters].map(([path, { shape }]) => [path, shape]))
  expect(shapes).toEqual(expected.shapes)
  tf.tidy(() => fillParameters(parameters, expected.shapes, 0.5))

  const lossOf = (args: Predicted) => head?.computeLoss!(args) ?? tokenLoss(args)
  tf.tidy(() => {
    const [made] = Object.values(forward(model, head, batch()))
    expect(difference(made!.dataSync(), expected.outputs)).toBeLessThan(TOLERANCE)
    const { value, grads } = tf.variableGrads(
      () => lossOf({ outputs: forward(model, head, batch()), batch: batch() }),
      [...parameters.values()],
    )
    expect(difference(value.dataSync(), [expected.loss])).toBeLessThan(TOLERANCE)
    for (const [path, parameter] of parameters) {
      const gradient = grads[parameter.name]!.dataSync()
      expect([path, difference(gradient, expected.gradients[path]!) < TOLERANCE]).toEqual([
        path,
        true,
      ])
    }
  })
  disposeModule(parts)
})
