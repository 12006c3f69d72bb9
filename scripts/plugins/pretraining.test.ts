// An encoder learns from text alone, and then, with its weights, to classify from a few labelled rows.
import { expect, test } from 'vitest'
import { builtinPlugins } from '#plugins'
import {
  createRandom,
  definePlugin,
  floatsOf,
  parametersOf,
  readSafetensors,
  type Table,
} from '#sdk'
import { Workbench } from '../../src/engine/testing/workbench.ts'

/** Words of two subjects; a text keeps to one of them. */
const SUBJECTS = [
  'anchor bay captain deck eel ferry gull harbour island jetty keel lagoon',
  'apple bread cheese dough egg flour ginger honey icing jam kettle lemon',
].map((words) => words.split(' '))

function textsOf(count: number, key: string): Table {
  const random = createRandom(5).fork(key)
  const subjects = Int32Array.from({ length: count }, (_, i) => i % 2)
  const texts = Array.from(subjects, (subject) =>
    Array.from({ length: 6 }, () => SUBJECTS[subject]![random.int(12)]).join(' '),
  )
  return {
    length: count,
    columns: {
      text: { type: 'text', data: texts },
      subjects: { type: 'number', data: subjects, shape: [], dtype: 'int32', limit: 2 },
    },
  }
}

/** The labelled texts have other words between them than the others: a tokenizer fitted on them would not fit. */
const subjects = definePlugin({
  manifest: {
    name: 'subjects',
    version: '1.0.0',
    provides: ['dataset/texts', 'dataset/labelled_texts'],
  },
  methods: {
    initialize(ctx) {
      const withoutLabels = ({ length, columns: { text } }: Table): Table => ({
        length,
        columns: { text: text! },
      })
      const withLabels = ({ length, columns: { text, subjects: labels } }: Table): Table => ({
        length,
        columns: { text: text!, labels: labels! },
      })
      const splits = (of: (table: Table) => Table, rows: number) => async () => ({
        train: of(textsOf(rows, 'train')),
        validation: of(textsOf(20, 'validation')),
      })
      ctx.provide('dataset', 'texts', () => ({ load: splits(withoutLabels, 96) }))
      ctx.provide('dataset', 'labelled_texts', () => ({ load: splits(withLabels, 4) }))
    },
  },
})

const MODEL = '{ name: encoder, config: { layers: 1, heads: 2, width: 8, dropout: 0 } }'
const TOKENIZER = '{ name: word_piece, config: { vocab_size: 200 } }'

const pretraining = `
experiment:
  seed: 3
  dataset: texts
  tokenizer: ${TOKENIZER}
  preprocess: [{ name: encode_text, config: { context: 8, masked: 0.25 } }]
  model: ${MODEL}
  head: masked_language_model
  training: { epochs: 4, batch_size: 16, learning_rate: 0.01 }
plugins: { use: { checkpointing: {} } }
`

const fineTuning = (from = ''): string => `
experiment:
  seed: 3
  dataset: labelled_texts
  tokenizer: ${TOKENIZER}
  preprocess: [{ name: encode_text, config: { context: 8 } }]
  model: ${MODEL}
  head: { name: classification, config: { dropout_rate: 0, activation: none } }
  ${from}
  training: { epochs: 1, batch_size: 4, learning_rate: 0.01 }
plugins: { use: { first_weights: {} } }
`

/** Weights of the model when training begins, by path. */
const first = new Map<string, Float32Array>()
const firstWeights = definePlugin({
  manifest: { name: 'first_weights', version: '1.0.0' },
  methods: {
    onTrainBegin({ run }) {
      first.clear()
      for (const [path, parameter] of parametersOf(run.model))
        first.set(path, parameter.dataSync() as Float32Array)
    },
  },
})

async function train(config: string, assets: Record<string, Uint8Array> = {}) {
  const bench = new Workbench({ plugins: [...builtinPlugins, subjects, firstWeights], assets })
  const ended = await bench.train({}, config)
  expect(ended).toMatchObject({ reason: 'finished' })
  return bench
}

test('an encoder learns to guess hidden words, and another run begins with all that it learned', async () => {
  const bench = await train(pretraining)
  const losses = bench
    .events('run.metrics')
    .flatMap(({ points }) => points.flatMap(({ values }) => values['val_loss'] ?? []))
  expect(losses).toHaveLength(4)
  expect(losses.at(-1)).toBeLessThan(losses[0]!)
  const { key, sizeBytes } = bench.events('run.checkpoint').at(-1)!
  const file = (await bench.engine.checkpoint(key, 0, sizeBytes))!

  const from = 'init_from: { file: pretrained.safetensors, partial: true }'
  const other = await train(fineTuning(from), { 'pretrained.safetensors': file })
  const { tensors } = readSafetensors(file, 'the file')
  const ofModel = (all: Iterable<string>): string[] =>
    [...all].filter((path) => path.startsWith('model.')).toSorted()
  const paths = ofModel(first.keys())
  expect(paths).toEqual(ofModel(tensors.keys()))
  for (const path of paths)
    expect([path, first.get(path)]).toEqual([path, floatsOf(tensors.get(path)!)])
  const messages = other.events('log').map(({ message }) => message)
  expect(messages).toContainEqual(
    expect.stringMatching(
      /begins with \d+ of \d+ tensors.*head\.classifier\.weight \[8, 2\] is missing there/,
    ),
  )
}, 60_000)
