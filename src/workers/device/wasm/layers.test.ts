// Every layer that models are made of gives on WebAssembly what it gives on the CPU, gradients included.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { buildModule, createRandom, type Module, nn, parametersOf } from '#sdk'
import * as tf from '@tensorflow/tfjs'
import { expect, it } from 'vitest'
import { openDevice } from '../index.ts'

const packageFile = createRequire(import.meta.url).resolve(
  '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm',
)
const options = {
  asset: async () => new Uint8Array(await readFile(packageFile)).buffer,
  beat: () => undefined,
  work: () => undefined,
}

const attention = { width: 8, heads: 4, context: 6 }

const cases: Record<string, [make: () => Module<never, tf.Tensor>, shape: number[]]> = {
  LayerNorm: [() => new nn.LayerNorm(4), [2, 3, 4]],
  RMSNorm: [() => new nn.RMSNorm(4), [2, 3, 4]],
  SwiGLU: [() => new nn.SwiGLU({ width: 4 }), [2, 3, 4]],
  FeedForward: [() => new nn.FeedForward({ width: 4 }), [2, 3, 4]],
  Rotary: [() => new nn.Rotary(4, 6), [2, 5, 4]],
  SelfAttention: [() => new nn.SelfAttention({ ...attention, causal: false }), [2, 5, 8]],
  'SelfAttention with all options': [
    () => new nn.SelfAttention({ ...attention, window: 3, rotary: true, keyHeads: 2 }),
    [2, 5, 8],
  ],
  RNN: [() => new nn.RNN(3, 4), [2, 5, 3]],
  GRU: [() => new nn.GRU(3, 4), [2, 5, 3]],
  LSTM: [() => new nn.LSTM(3, 4), [2, 5, 3]],
  GlobalPool: [() => new nn.GlobalPool('max'), [2, 5, 3]],
  MaxPool2d: [() => new nn.MaxPool2d(2), [2, 6, 6, 2]],
  AvgPool2d: [() => new nn.AvgPool2d(2), [2, 6, 6, 2]],
  Conv2d: [() => new nn.Conv2d(2, 3, 3, { stride: 2 }), [2, 6, 6, 2]],
}

/** Output and gradients, one after another, with the last two of five positions left out. */
function valuesOf([make, shape]: (typeof cases)[string]): number[] {
  const random = createRandom(5)
  return tf.tidy(() => {
    const x = tf.variable(tf.tensor(random.normals(tf.util.sizeFromShape(shape)), shape))
    const layer = buildModule(createRandom(1), make)
    const mask = shape[1] === 5 ? tf.tensor2d([1, 1, 1, 1, 1, 1, 1, 1, 0, 0], [2, 5]) : undefined
    const ctx = { training: false, random, step: 0, scalars: {}, mask }
    const run = () => layer.forward(x as never, ctx)
    const output = run()
    const weights = tf.tensor(createRandom(9).normals(output.size), output.shape)
    const inputs = [x, ...parametersOf(layer).values()]
    const { grads } = tf.variableGrads(() => run().mul(weights).sum().asScalar(), inputs)
    return [output, ...inputs.map(({ name }) => grads[name]!)].flatMap((it) => [...it.dataSync()])
  })
}

it('has the same layers as the CPU', async () => {
  const results: Record<string, number[]>[] = []
  for (const device of ['cpu', 'wasm'] as const) {
    const { dispose } = await openDevice(device, options)
    results.push(
      Object.fromEntries(Object.entries(cases).map(([name, it]) => [name, valuesOf(it)])),
    )
    dispose()
  }
  const [cpu, wasm] = results as [Record<string, number[]>, Record<string, number[]>]
  for (const [name, wanted] of Object.entries(cpu)) {
    const found = wasm[name]!
    const gap = Math.max(...wanted.map((value, i) => Math.abs(value - found[i]!)))
    expect([name, found.length, gap < 1e-4]).toEqual([name, wanted.length, true])
  }
})
