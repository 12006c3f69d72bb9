// What settings of the built-in models change, and what they refuse.
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs'
import {
  type ColumnSpec,
  disposeModule,
  type Model,
  parametersOf,
  type PluginClass,
  type TensorMap,
} from 'plugboard'
import { checkGradientFlow } from 'plugboard/testing'
import { beforeAll, describe, expect, test } from 'vitest'
import languageModel from '../heads/language-model.ts'
import maskedLanguageModel from '../heads/masked-language-model.ts'
import regression from '../heads/regression.ts'
import { initialize } from '../testing/contributions.ts'
import { buildHead, buildModel, quiet } from '../testing/model.ts'
import { fill, integers } from '../testing/reference.ts'
import cnn from './cnn.ts'
import encoder from './encoder.ts'
import gpt from './gpt.ts'
import rnn from './rnn.ts'

beforeAll(() => tf.setBackend('cpu'))

const ids: ColumnSpec = { shape: [6], dtype: 'int32', limit: 9 }
const classes: ColumnSpec = { shape: [], dtype: 'int32', limit: 3 }
const texts = (seed = 1): TensorMap => ({
  input_ids: tf.tensor2d(integers(12, seed, 9), [2, 6], 'int32'),
})

const build = async (
  Plugin: PluginClass,
  name: string,
  config: unknown,
  columns: Record<string, ColumnSpec>,
  hasHead = false,
): Promise<Model> => buildModel(await initialize(Plugin as never), name, config, columns, hasHead)

const small = { layers: 1, heads: 2, width: 8 }

describe('rotary positions', () => {
  test.each([
    ['gpt', gpt, false],
    ['encoder', encoder, true],
  ] as const)('of %s need no vectors, and yet tell orders apart', async (name, Plugin, hasHead) => {
    const config = { ...small, positions: 'rotary' }
    const model = await build(Plugin, name, config, { input_ids: ids }, hasHead)
    expect([...parametersOf(model).keys()]).not.toContain('position_embedding.weight')
    tf.tidy(() => {
      const of = (row: number[]) => {
        const [made] = Object.values(
          model.forward({ input_ids: tf.tensor2d([row], [1, 6], 'int32') }, quiet),
        )
        return Array.from(made!.slice([0, 5, 0], [1, 1, -1]).dataSync())
      }
      expect(of([1, 2, 3, 4, 5, 6])).not.toEqual(of([2, 1, 3, 4, 5, 6]))
    })
    disposeModule(model)
  })
})

test('gpt with the head of a language model gives logits that look at nothing later', async () => {
  const columns = { input_ids: ids, labels: ids }
  const model = await build(gpt, 'gpt', small, columns, true)
  const plugin = await initialize(languageModel)
  const head = await buildHead(plugin, 'language_model', {}, columns, model.width!)
  tf.tidy(() => {
    const logits = (last: number) => {
      const row = tf.tensor2d([[1, 2, 3, 4, 5, last]], [1, 6], 'int32')
      const made = head.forward(model.forward({ input_ids: row }, quiet), quiet)['logits']!
      expect(made.shape).toEqual([1, 6, 9])
      return Array.from(made.slice([0, 0, 0], [1, 5, 9]).dataSync())
    }
    expect(logits(0)).toEqual(logits(8))
  })
  disposeModule({ model, head })
})

describe('rnn', () => {
  test('reads series of numbers, and sees nothing of what comes later', async () => {
    const columns: Record<string, ColumnSpec> = { days: { shape: [5, 3], dtype: 'float32' } }
    const config = { input: 'days', cell: 'gru', hidden: 4, layers: 2 }
    const model = await build(rnn, 'rnn', config, columns, true)
    expect([...parametersOf(model).keys()]).not.toContain('embedding.weight')
    tf.tidy(() => {
      const days = fill([2, 5, 3], 1)
      const states = (x: tf.Tensor) => model.forward({ days: x }, quiet)['hidden_states']!
      expect(states(days).shape).toEqual([2, 5, 4])
      const other = tf.concat([days.slice([0, 0, 0], [2, 4, 3]), tf.ones([2, 1, 3])], 1)
      const before = (x: tf.Tensor) => Array.from(states(x).slice([0, 0, 0], [2, 4, 4]).dataSync())
      expect(before(days)).toEqual(before(other))
      checkGradientFlow(model, { days })
    })
    disposeModule(model)
  })

  test('refuses what it cannot read, and to look ahead as a language model', async () => {
    await expect(build(rnn, 'rnn', {}, { x: { shape: [3], dtype: 'float32' } })).rejects.toThrow(
      "rnn reads ids from the column 'input_ids'; batches have x",
    )
    await expect(build(rnn, 'rnn', { bidirectional: true }, { input_ids: ids })).rejects.toThrow(
      'a language model must not see what it is to predict',
    )
    await expect(build(rnn, 'rnn', { input: 'labels' }, { labels: classes }, true)).rejects.toThrow(
      "rnn reads a sequence from the column 'labels'",
    )
  })
})

describe('encoder', () => {
  test('takes rows without a mask or parts, as somebody may try it', async () => {
    const columns = { input_ids: ids, token_type_ids: { ...ids, limit: 2 } }
    const model = await build(encoder, 'encoder', small, columns, true)
    tf.tidy(() => {
      const { hidden_states: states } = model.forward(texts(), quiet)
      expect(states!.shape).toEqual([2, 6, 8])
      const types = tf.zeros([2, 6], 'int32')
      const same = model.forward({ ...texts(), token_type_ids: types }, quiet)['hidden_states']!
      expect(Array.from(states!.dataSync())).toEqual(Array.from(same.dataSync()))
      const long = { input_ids: tf.zeros([1, 7], 'int32') }
      expect(() => model.forward(long, quiet)).toThrow('built for 6 ids in a row, but was given 7')
    })
    disposeModule(model)
  })

  test('says what it misses', async () => {
    await expect(build(encoder, 'encoder', {}, { x: ids }, true)).rejects.toThrow(
      "encoder needs a column 'input_ids' of token ids; batches have x",
    )
    await expect(build(encoder, 'encoder', {}, { input_ids: ids })).rejects.toThrow(
      'the experiment names no head',
    )
  })
})

describe('cnn', () => {
  const image: ColumnSpec = { shape: [7, 6, 1], dtype: 'float32' }

  test('halves by the largest of four, goes on with linear layers, and serves a head', async () => {
    const config = { channels: [2, 3], halving: 'max', hidden: [5], dropout: 0.5 }
    const model = await build(cnn, 'cnn', config, { image, labels: classes })
    const shapes = Object.fromEntries(
      [...parametersOf(model)].map(([path, it]) => [path, it.shape]),
    )
    // 7 × 6 becomes 4 × 3, and that 2 × 2.
    expect(shapes).toMatchObject({ 'layers.0.weight': [2 * 2 * 3, 5], 'head.weight': [5, 3] })
    tf.tidy(() => {
      const batch = { image: fill([2, 7, 6, 1], 1) }
      expect(model.forward(batch, quiet)['logits']!.shape).toEqual([2, 3])
      checkGradientFlow(model, batch)
    })
    const body = await build(cnn, 'cnn', config, { image }, true)
    expect(body.width).toBe(5)
    tf.tidy(() => {
      const states = body.forward({ image: fill([2, 7, 6, 1], 1) }, quiet)['hidden_states']!
      expect(states.shape).toEqual([2, 5])
    })
    disposeModule({ model, body })
  })
})

describe('heads', () => {
  const headOf = async (Plugin: PluginClass, name: string, columns: Record<string, ColumnSpec>) =>
    buildHead(await initialize(Plugin as never), name, {}, columns, 8)

  test('predict one number for each row in the shape of its labels', async () => {
    const labels: ColumnSpec = { shape: [], dtype: 'float32' }
    const head = await headOf(regression, 'regression', { labels })
    tf.tidy(() => {
      const made = head.forward({ hidden_states: fill([4, 3, 8], 1) }, quiet)
      expect(made['predictions']!.shape).toEqual([4])
    })
    expect(head.outputSize()).toEqual({})
    disposeModule(head)
  })

  test('say what they miss', async () => {
    await expect(headOf(regression, 'regression', { labels: classes })).rejects.toThrow(
      "predicts numbers, but 'labels' are 3 classes",
    )
    await expect(headOf(regression, 'regression', { ids })).rejects.toThrow("no column 'labels'")
    await expect(headOf(languageModel, 'language_model', {})).rejects.toThrow(
      'does not know how many tokens there are',
    )
    const masked = headOf(maskedLanguageModel, 'masked_language_model', { labels: ids })
    await expect(masked).rejects.toThrow("in 'labels' and 'labels_mask'; there are labels")
  })
})
