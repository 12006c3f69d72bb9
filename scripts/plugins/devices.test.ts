// Losses, metrics and optimizers on WebAssembly: what they are on the CPU, which is held against PyTorch.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import { builtinPlugins } from '#plugins'
import { pluginSpec } from '#sdk'
import { initialize } from '../../src/plugins/testing/contributions.ts'
import { fill, integers } from '../../src/plugins/testing/reference.ts'
import { openDevice } from '../../src/workers/device/index.ts'

const packageFile = createRequire(import.meta.url).resolve(
  '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm',
)
const options = {
  asset: async () => new Uint8Array(await readFile(packageFile)).buffer,
  beat: () => undefined,
  work: () => undefined,
}

const classes = () => ({
  outputs: { logits: fill([12, 4], 1, 6) },
  batch: {
    labels: tf.tensor1d(integers(12, 2, 4), 'int32'),
    attention_mask: fill([12], 5, 4).greater(0),
  },
})
const binary = () => ({
  outputs: { logits: fill([12], 1, 6) },
  batch: { labels: tf.tensor1d(integers(12, 2, 2), 'int32') },
})
const numbers = () => ({
  outputs: { predictions: fill([12, 2], 1, 6) },
  batch: { labels: fill([12, 2], 3) },
})

const cases = [
  ['loss', 'cross_entropy', { class_weights: [1, 2, 3, 4], label_smoothing: 0.1 }, classes],
  ['loss', 'bce', { pos_weight: 2 }, binary],
  ['loss', 'mse', {}, numbers],
  ['loss', 'mae', {}, numbers],
  ['loss', 'huber', {}, numbers],
  ['metric', 'accuracy', { top_k: 2 }, classes],
  ['metric', 'accuracy', {}, binary],
  ['metric', 'f1', {}, classes],
  ['metric', 'confusion_matrix', {}, classes],
  ['metric', 'auc', { bins: 50 }, classes],
  ['metric', 'auc', { bins: 50 }, binary],
  ['metric', 'perplexity', {}, classes],
  ['metric', 'bits_per_character', {}, classes],
  ['metric', 'mae', {}, numbers],
  ['metric', 'r2', {}, numbers],
  ['optimizer', 'sgd', { momentum: 0.9, nesterov: true, weight_decay: 0.1 }],
  ['optimizer', 'rmsprop', { centered: true, momentum: 0.5 }],
  ['optimizer', 'adam', { weight_decay: 0.1 }],
  ['optimizer', 'adamw', { groups: [{ match: 'first', learning_rate_factor: 0.5 }] }],
  ['optimizer', 'lion', {}],
  ['optimizer', 'muon', {}],
] as const

type Case = (typeof cases)[number]

/** The plugins that contribute the cases, by `kind/name`. */
const owners = new Map<string, Awaited<ReturnType<typeof initialize>>>()

async function open(): Promise<void> {
  for (const [kind, name] of cases) {
    const provides = `${kind}/${name}`
    const Plugin = builtinPlugins.find((it) =>
      pluginSpec(it)?.manifest?.provides?.includes(provides),
    )
    owners.set(provides, await initialize(Plugin as never))
  }
}

/** What a case computes, as numbers. */
function valuesOf([kind, name, config, inputs]: Case): number[] {
  const plugin = owners.get(`${kind}/${name}`)!
  if (kind === 'metric')
    return [...plugin.create(kind, name, config, {}).measure(inputs()).dataSync()]
  if (kind === 'loss') {
    const loss = plugin.create(kind, name, config, {})
    const { outputs, batch } = inputs()
    const [output, predicted] = Object.entries(outputs)[0]!
    const of = (x: tf.Tensor) => loss.compute({ outputs: { [output]: x }, batch })
    const weight = loss.weight!({ outputs, batch })
    return [of(predicted), tf.grad(of)(predicted), weight].flatMap((it) => [...it.dataSync()])
  }
  const optimizer = plugin.create(kind, name, config, {})
  const shapes = { 'first.weight': [5, 3], 'second.weight': [3, 4], bias: [3] }
  const named = (seed: number) =>
    new Map(Object.entries(shapes).map(([path, shape], i) => [path, fill(shape, seed + i)]))
  const parameters = new Map([...named(1)].map(([path, it]) => [path, tf.variable(it)]))
  for (let step = 1; step <= 3; step++) {
    const [learningRate, healthy] = [tf.scalar(0.01), tf.scalar(1)]
    optimizer.update({ parameters, gradients: named(4 + step), learningRate, healthy, step })
  }
  return [...parameters.values(), ...optimizer.state().values()].flatMap((it) => [...it.dataSync()])
}

test('losses, metrics and optimizers give on WebAssembly what they give on the CPU', async () => {
  await open()
  await openDevice('cpu', options)
  const wanted = cases.map(valuesOf)
  await openDevice('wasm', options)
  expect(tf.getBackend()).toBe('wasm')
  cases.forEach((each, i) => {
    const found = valuesOf(each)
    const far = wanted[i]!.findIndex((value, at) => !(Math.abs(found[at]! - value) < 1e-4))
    expect([...each.slice(0, 2), far, found.length]).toEqual([
      ...each.slice(0, 2),
      -1,
      wanted[i]!.length,
    ])
  })
})
