// Every format that models are written in, for every kind of model: what comes back computes the same.
import { beforeAll, describe, expect, test } from 'vitest'
import { type ComponentRef, readSafetensors, type Table, writeSafetensors } from '#sdk'
import { fill, integers } from '../../src/plugins/testing/reference.ts'
import { type Held, oneStep, ROWS } from './one-step.fixture.ts'

const TIME = 8
const ids = (seed: number) => integers(ROWS * TIME, seed, 11)

const int = { type: 'number', dtype: 'int32' } as const
const image = {
  type: 'number',
  data: fill([ROWS, 6, 6, 1], 50).dataSync<'float32'>(),
  shape: [6, 6, 1],
  dtype: 'float32',
} as const
const classes = { ...int, data: Int32Array.of(0, 1, 2, 3), shape: [], limit: 5 } as const
const words = { ...int, data: ids(0), shape: [TIME], limit: 11 } as const
const mask = {
  type: 'number',
  data: Float32Array.from({ length: ROWS * TIME }, (_, i) => (i % TIME < 6 ? 1 : 0)),
  shape: [TIME],
  dtype: 'float32',
} as const

const images: Table['columns'] = { image, labels: classes }
const texts: Table['columns'] = { input_ids: words, attention_mask: mask, labels: classes }
const nextWords: Table['columns'] = { input_ids: words, labels: { ...words, data: ids(1) } }

const SEES = `inputs: [image]
nodes:
  - { name: conv, layer: conv2d, config: { channels: 3, size: 3 } }
  - { name: pool, layer: max_pool2d }
  - { name: flat, layer: flatten }
  - { name: norm, layer: layer_norm }
  - { name: square, layer: linear, config: { units: 27 } }
  - { name: head, layer: linear, config: { units: $columns.labels.limit } }
outputs: { logits: head }
`

const READS = `inputs: [input_ids]
config: { blocks: 1 } # each on the one before
nodes:
  - { name: words, layer: embedding, config: { vocabulary: $columns.input_ids.limit, width: 8 } }
  - name: blocks
    repeat: $blocks
    nodes:
      - { name: norm, layer: rms_norm }
      - { name: mix, layer: attention, config: { heads: 2 } }
      - { name: sum, layer: add, inputs: [input, mix] }
      - { name: gates, layer: swiglu, config: { hidden: 8 } }
  - { name: over, layer: lstm, config: { units: 8 } }
  - { name: pooled, layer: pool }
outputs: { hidden_states: pooled }
`

/** Widths are chosen so that square weights, which fit either way round, are among them. */
const models: Record<string, [columns: Table['columns'], experiment: string]> = {
  mlp: [images, 'model: { name: mlp, config: { input: image, hidden: [5] } }'],
  'cnn with pooling': [images, 'model: { name: cnn, config: { channels: [3, 4], hidden: [6] } }'],
  gpt: [nextWords, 'model: { name: gpt, config: { layers: 1, heads: 2, width: 8 } }'],
  'gpt with experts': [
    nextWords,
    'model: { name: gpt, config: { layers: 1, heads: 2, width: 8, tie_weights: false, positions: rotary, ffn: moe } }',
  ],
  'encoder with a head': [
    texts,
    'model: { name: encoder, config: { layers: 1, heads: 2, width: 8 } }\n  head: classification',
  ],
  'lstm with a head': [
    texts,
    'model: { name: rnn, config: { hidden: 8, bidirectional: true } }\n  head: classification',
  ],
  gru: [
    nextWords,
    'model: { name: rnn, config: { hidden: 8, cell: gru, layers: 2 } }\n  head: language_model',
  ],
  'a graph of images': [images, 'model: sees'],
  'a graph of text with a head': [
    texts,
    'model: { name: reads, config: { blocks: 2 } }\n  head: classification',
  ],
  'the same graph, as it is by itself': [texts, 'model: reads\n  head: classification'],
}

/** A run of one step; `initFrom` names a file among the assets. */
function begin(
  model: string,
  seed: number,
  initFrom?: string,
  assets?: Record<string, Uint8Array>,
  reads = READS,
): Promise<Held> {
  const [columns, experiment] = models[model]!
  const files = { 'models/sees.yaml': SEES, 'models/reads.yaml': reads }
  return oneStep({ columns, experiment, seed, initFrom, assets, files })
}

const formats: [label: string, format: ComponentRef, initFrom: string][] = [
  ['safetensors', 'safetensors', 'data/model.safetensors'],
  ['tfjs', 'tfjs', '{ file: data/model.json, format: tfjs }'],
  ['json', 'json', '{ file: data/model.json, format: json }'],
]

const kinds = Object.keys(models).filter((model) => !model.startsWith('the same'))

describe.each(kinds)('%s', (model) => {
  let held: Held
  beforeAll(async () => {
    held = await begin(model, 1)
  })

  test.each(formats)('[G14] comes back from %s', async (_, format, initFrom) => {
    const files = await held.exported(format)
    const assets = Object.fromEntries(files.map(({ name, bytes }) => [`data/${name}`, bytes]))
    const again = await begin(model, 2, initFrom, assets)
    expect(again.logits).toEqual(held.logits)
  })
})

test('[G14] comes back in either order of axes; without a word of it, as PyTorch writes files', async () => {
  const model = 'a graph of images'
  const held = await begin(model, 1)
  const written = async (format: ComponentRef) => (await held.exported(format))[0]!.bytes
  const { tensors } = readSafetensors(await written('safetensors'), 'model.safetensors')
  const assets = {
    'data/bare.safetensors': writeSafetensors(tensors),
    'data/ours.safetensors': await written({
      name: 'safetensors',
      config: { layout: 'plugboard' },
    }),
  }
  for (const path of Object.keys(assets)) {
    const again = await begin(model, 2, path, assets)
    expect([path, again.logits]).toEqual([path, held.logits])
  }
  // The weights are the file's, not those of chance.
  expect((await begin(model, 2)).logits).not.toEqual(held.logits)
})

test('[G14] a model graph comes back from yaml with the settings that it was trained with', async () => {
  const held = await begin('a graph of text with a head', 1)
  const [file] = await held.exported('yaml')
  const [weights] = await held.exported('safetensors')
  expect(file!.name).toBe('reads.yaml')
  const text = new TextDecoder().decode(file!.bytes)
  expect(text).toContain('config: { blocks: 2 } # each on the one before\n')
  const assets = { 'data/model.safetensors': weights!.bytes }
  const model = 'the same graph, as it is by itself'
  const again = await begin(model, 2, 'data/model.safetensors', assets, text)
  expect(again.logits).toEqual(held.logits)
  const code = await begin('mlp', 1)
  await expect(code.exported('yaml')).rejects.toThrow(
    'the checkpoint has no graph of the model mlp: it is made by code',
  )
})
