// Models of text on WebAssembly: losses and gradients are what they are on the CPU, which is held against PyTorch.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import classification from '../../src/plugins/heads/classification.ts'
import maskedLanguageModel from '../../src/plugins/heads/masked-language-model.ts'
import encoder from '../../src/plugins/models/encoder.ts'
import rnn from '../../src/plugins/models/rnn.ts'
import { initialize } from '../../src/plugins/testing/contributions.ts'
import { buildHead, buildModel, quiet } from '../../src/plugins/testing/model.ts'
import { difference, integers } from '../../src/plugins/testing/reference.ts'
import { openDevice } from '../../src/workers/device/index.ts'
import { type ColumnSpec, disposeModule, parametersOf, type PluginClass } from '#sdk'

const packageFile = createRequire(import.meta.url).resolve(
  '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm',
)
const options = {
  asset: async () => new Uint8Array(await readFile(packageFile)).buffer,
  beat: () => undefined,
  work: () => undefined,
}

/** More words than a gradient by one-hot rows is made for. */
const WORDS = 1500
const [BATCH, TIME] = [4, 6]

const ids: ColumnSpec = { shape: [TIME], dtype: 'int32', limit: WORDS }
const mask: ColumnSpec = { shape: [TIME], dtype: 'float32' }
const rows = (seed: number, limit: number) =>
  tf.tensor2d(integers(BATCH * TIME, seed, limit), [BATCH, TIME], 'int32')

const classes = {
  head: [classification, 'classification', { dropout_rate: 0 }],
  columns: { labels: { shape: [], dtype: 'int32', limit: 3 } },
  labels: () => ({ labels: tf.tensor1d(integers(BATCH, 2, 3), 'int32') }),
} as const
const guesses = {
  head: [maskedLanguageModel, 'masked_language_model', {}],
  columns: { labels: ids, labels_mask: mask },
  labels: () => ({ labels: rows(2, WORDS), labels_mask: rows(3, 2).toFloat() }),
} as const

const cases = [
  ['encoder', encoder, { layers: 1, heads: 2, width: 8, dropout: 0 }, guesses],
  ['encoder', encoder, { layers: 1, heads: 2, width: 8, dropout: 0, positions: 'rotary' }, classes],
  ['rnn', rnn, { hidden: 8, layers: 2, bidirectional: true }, classes],
  ['rnn', rnn, { hidden: 8, cell: 'gru' }, classes],
  ['rnn', rnn, { hidden: 8, cell: 'rnn' }, classes],
] as const

async function gradientsOf([
  name,
  Model,
  config,
  {
    head: [Head, headName, headConfig],
    columns,
    labels,
  },
]: (typeof cases)[number]): Promise<Map<string, ArrayLike<number>>> {
  const all: Record<string, ColumnSpec> = { input_ids: ids, attention_mask: mask, ...columns }
  const plugin = await initialize(Model as PluginClass as never)
  const model = await buildModel(plugin, name, config, all, true)
  const headPlugin = await initialize(Head as PluginClass as never)
  const head = await buildHead(headPlugin, headName, headConfig, all, model.width!)
  const parameters = parametersOf({ model, head })
  const found = new Map<string, ArrayLike<number>>()
  tf.tidy(() => {
    const kept = tf
      .range(0, TIME)
      .less(tf.tensor2d([6, 4, 1, 5], [BATCH, 1]))
      .toFloat()
    const batch = { input_ids: rows(1, WORDS), attention_mask: kept, ...labels() }
    const { value, grads } = tf.variableGrads(() => {
      const given = model.forward(batch, quiet)
      const outputs = head.forward({ attention_mask: kept, ...given }, quiet)
      return head.computeLoss!({ outputs, batch })
    }, [...parameters.values()])
    found.set('loss', value.dataSync())
    for (const [path, { name: id }] of parameters) found.set(path, grads[id]!.dataSync().slice())
  })
  disposeModule({ model, head })
  return found
}

test('models of text learn there as they do on the CPU', async () => {
  const gradients = async (device: 'cpu' | 'wasm') => {
    await openDevice(device, options)
    expect(tf.getBackend()).toBe(device)
    return Promise.all(cases.map(gradientsOf))
  }
  const [wanted, found] = [await gradients('cpu'), await gradients('wasm')]
  wanted.forEach((each, i) => {
    for (const [path, values] of each) {
      const isSame = difference(found[i]!.get(path)!, Array.from(values)) < 1e-4
      expect([cases[i]![0], path, isSame]).toEqual([cases[i]![0], path, true])
    }
  })
}, 60_000)
