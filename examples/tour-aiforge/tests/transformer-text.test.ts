// Step IV: the plugin is tested part by part, and in a run of one epoch with all parts of the real one.
import * as tf from '@tensorflow/tfjs'
import {
  buildModule,
  createRandom,
  definePlugin,
  disposeModule,
  type Table,
  type Tokenizer,
} from 'plugboard'
import {
  checkGradientFlow,
  createTestEngine,
  describe,
  expect,
  fn,
  test,
  testPlugin,
} from 'plugboard/testing'
import TransformerText from '../plugins/transformer-text/index.ts'
import { preprocessConfig, transformerConfig } from '../plugins/transformer-text/config.ts'
import { readMails } from '../plugins/transformer-text/dataset.ts'
import { Model } from '../plugins/transformer-text/model.ts'
import { Preprocessor } from '../plugins/transformer-text/preprocessor.ts'

test('the plugin conforms', () => testPlugin(TransformerText))

const mails = [
  'ham\t"see you at noon"',
  'spam\t"buy it now"',
  'ham\t"noon is fine"',
  'spam\t"now or never"',
]

describe('the dataset', () => {
  test('reads mails and their labels', () => {
    const { length, columns } = readMails(mails, 'mails')
    expect(length).toBe(4)
    expect(columns['text']).toMatchObject({
      data: ['see you at noon', 'buy it now', 'noon is fine', 'now or never'],
    })
    expect(columns['labels']).toMatchObject({
      data: Int32Array.of(0, 1, 0, 1),
      classes: ['ham', 'spam'],
    })
  })

  test('names the line that is no mail', () => {
    expect(() => readMails([...mails, 'eggs\t"and ham"'], 'mails')).toThrow(
      "mails, line 5 is no mail: 'eggs",
    )
  })
})

/** One id for each letter, from 1 on. */
const letters: Tokenizer = {
  boundary: -1,
  vocabSize: 27,
  fit: () => undefined,
  encode: (text) => Array.from(text, (letter) => letter.charCodeAt(0) - 96),
  decode: (ids) => String.fromCharCode(...Array.from(ids, (id) => id + 96)),
}

describe('the preprocessor', () => {
  const info = fn()
  const log = { debug: fn(), info, warn: fn(), error: fn(), child: () => log }
  const create = (config: Record<string, number>) =>
    new Preprocessor(preprocessConfig.parse(config), letters, log)
  const table = (...data: string[]): Table => ({
    length: data.length,
    columns: { text: { type: 'text', data } },
  })

  test('fills rows up to the longest, or cuts them', () => {
    const step = create({ max_seq_len: 3 })
    step.fit(table('ab', 'abcde'))
    const rows = step.transform(table('ab', 'abcde', ''))
    expect(rows.columns['input_ids']).toMatchObject({
      data: Int32Array.of(1, 2, 0, 1, 2, 3, 0, 0, 0),
      shape: [3],
      limit: 27,
    })
    expect(rows.columns['attention_mask']).toMatchObject({
      data: Uint8Array.of(1, 1, 0, 1, 1, 1, 1, 0, 0),
    })
    expect(info).toHaveBeenLastCalledWith('rows have 3 ids; the longest text, of 5, is cut')
  })

  test('gives texts back, also from what another one saved', () => {
    const step = create({})
    step.fit(table('abc'))
    const other = create({})
    expect(() => other.transform(table('abc'))).toThrow('before it was fitted')
    other.load(step.save()!)
    expect(other.inverseTransform(step.transform(table('abc', 'z')))).toEqual(table('abc', 'z'))
  })
})

describe('the model', () => {
  const columns = {
    input_ids: { shape: [4], dtype: 'int32' as const, limit: 9 },
    attention_mask: { shape: [4], dtype: 'float32' as const },
    labels: { shape: [], dtype: 'int32' as const, limit: 2 },
  }
  const create = () => {
    throw new Error('it has no parts of other kinds')
  }
  const build = () =>
    buildModule(createRandom(1), () => {
      const config = transformerConfig.parse({ embedding_dim: 8, ff_dim: 8 })
      return new Model(config, { columns, hasHead: false, create })
    })
  const inputs = (filler = 0) => ({
    input_ids: tf.tensor2d([1, 2, 3, 4, 5, 6, filler, filler], [2, 4], 'int32'),
    attention_mask: tf.tensor2d([1, 1, 1, 1, 1, 1, 0, 0], [2, 4]),
  })
  const ctx = { training: false, random: createRandom(0), step: 0, scalars: {} }

  test('tells classes, whatever rows are filled up with', () => {
    const model = build()
    const logits = (filler: number) =>
      tf.tidy(() => {
        const made = model.forward(inputs(filler), ctx).logits
        expect(made.shape).toEqual([2, 2])
        return Array.from(made.dataSync())
      })
    expect(logits(0)).toEqual(logits(8))
    disposeModule(model)
  })

  test('learns with all of its parameters', () => {
    const model = build()
    tf.tidy(() => checkGradientFlow(model, inputs()))
    disposeModule(model)
  })
})

test('an experiment of one epoch goes through all parts', async () => {
  const fewMails = definePlugin({
    manifest: { name: 'few_mails', version: '1.0.0', provides: ['dataset/few_mails'] },
    methods: {
      initialize(ctx) {
        ctx.provide('dataset', 'few_mails', () => ({ load: async () => readMails(mails, 'mails') }))
      },
    },
  })
  const engine = await createTestEngine({
    plugins: [TransformerText, fewMails],
    config: {
      experiment: {
        dataset: 'few_mails',
        tokenizer: 'word_piece',
        preprocess: [{ name: 'fixed_length', config: { max_seq_len: 8 } }],
        model: { name: 'transformer_text', config: { embedding_dim: 8, ff_dim: 8 } },
        validation_split: 0.5,
        training: { epochs: 1, batch_size: 2, learning_rate: 0.01, metrics: ['accuracy'] },
      },
    },
  })
  const { metrics } = await engine.run()
  expect(metrics['val_loss']).toBeGreaterThan(0)
  expect(metrics['val_accuracy']).toBeGreaterThanOrEqual(0)
})
