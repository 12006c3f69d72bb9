import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import * as tf from '@tensorflow/tfjs'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createRandom, nn, stepRandom } from '#sdk'
import { openDevice } from './index.ts'
import { signalKernels } from './signs.ts'

const packageFile = createRequire(import.meta.url).resolve(
  '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm',
)

async function asset(path: string): Promise<ArrayBuffer> {
  expect(path).toBe('wasm/tfjs-backend-wasm-simd.wasm')
  return new Uint8Array(await readFile(packageFile)).buffer
}

let close: (() => void) | undefined
afterEach(() => {
  close?.()
  close = undefined
})

async function open(
  preference: 'cpu' | 'wasm' | 'webgpu',
  options: Partial<Parameters<typeof openDevice>[1]> = {},
) {
  const device = await openDevice(preference, {
    asset,
    beat: () => undefined,
    work: () => undefined,
    ...options,
  })
  close = device.dispose
  return device
}

describe('opening', () => {
  it('makes the device the only one that tf knows', async () => {
    const device = await open('wasm')
    expect(device.info).toMatchObject({ backend: 'wasm', label: 'CPU via WebAssembly' })
    expect(tf.getBackend()).toBe('wasm')
    expect(tf.engine().backendNames()).toEqual(['wasm'])
  })

  it('can be done again after disposing', async () => {
    for (const name of ['wasm', 'cpu', 'wasm'] as const) {
      const device = await open(name)
      const values = tf.tidy(() => tf.matMul([[1, 2]], [[3], [4]]).dataSync())
      expect([...values]).toEqual([11])
      device.dispose()
      close = undefined
      expect(tf.engine().backendNames()).toEqual([])
    }
  })

  it('draws the same random tensors on each', async () => {
    const drawn: Float32Array[] = []
    for (const name of ['cpu', 'wasm'] as const) {
      const device = await open(name)
      const step = stepRandom(createRandom(3), 8)
      drawn.push(tf.tidy(() => nn.uniform(step, [7, 3]).dataSync()) as Float32Array)
      device.dispose()
      close = undefined
    }
    expect(drawn[1]).toEqual(drawn[0])
  })

  it('names what is missing', async () => {
    await expect(open('webgpu')).rejects.toMatchObject({
      code: 'device.unavailable',
      message: expect.stringContaining('no WebGPU in this browser') as string,
    })
  })

  it('fails when the binary is missing or broken, and does not hang', async () => {
    const missing = () => Promise.reject(new Error('There is no such file.'))
    await expect(open('wasm', { asset: missing })).rejects.toMatchObject({
      code: 'device.unavailable',
      message: expect.stringContaining('There is no such file.') as string,
    })
    const broken = () => Promise.resolve(new ArrayBuffer(8))
    await expect(open('wasm', { asset: broken })).rejects.toMatchObject({
      code: 'device.unavailable',
    })
  })
})

it('counts tensors and bytes', async () => {
  const device = await open('cpu')
  const before = device.memory()
  const tensor = tf.zeros([10, 10])
  expect(device.memory()).toEqual({ tensors: before.tensors + 1, bytes: before.bytes + 400 })
  tensor.dispose()
  expect(device.memory()).toEqual(before)
})

it.each([
  ['more than is left', [2 ** 15, 2 ** 15 - 1]],
  ['more than addresses reach', [2 ** 15, 2 ** 15]],
])('says that WebAssembly memory is full: %s', async (_case, shape) => {
  await open('wasm')
  expect(() => tf.fill(shape, 0)).toThrow(/^WebAssembly has no room for 429\d+ more bytes/)
})

it('marks a large kernel as work the first time, and again only when it took long', async () => {
  const marks: string[] = []
  await open('cpu', { work: (name) => marks.push(name) })
  const [a, small] = [tf.ones([80, 80]), tf.ones([8, 8])]
  marks.length = 0
  small.square().dispose()
  expect(marks).toEqual([])
  a.square().dispose()
  expect(marks).toEqual(['Square', ''])
  a.square().dispose()
  expect(marks).toHaveLength(2)
  const now = vi.spyOn(performance, 'now').mockReturnValueOnce(0).mockReturnValueOnce(200)
  a.abs().dispose()
  now.mockRestore()
  a.abs().dispose()
  expect(marks.slice(2)).toEqual(['Abs', '', 'Abs', ''])
})

it('marks every kernel the first time where a compiler is waited for, small ones too', async () => {
  await open('cpu')
  const marks: string[] = []
  const stop = signalKernels(
    { beat: () => undefined, work: (name) => marks.push(name) },
    'compiler',
  )
  const [row, column] = [tf.ones([2]), tf.ones([2, 1])]
  marks.length = 0
  for (const x of [row, row, column]) x.square().dispose()
  stop()
  row.abs().dispose()
  expect(marks).toEqual(['Square', '', 'Square', ''])
})

it('beats once for each kernel, backward too, until it is disposed', async () => {
  let beats = 0
  const device = await open('cpu', { beat: () => (beats += 1) })
  const x = tf.tensor([1, 2])
  expect(beats).toBe(0)
  x.square().dispose()
  expect(beats).toBe(1)
  tf.grad((x) => x.square().sum())(x).dispose()
  expect(beats).toBeGreaterThan(4)
  const { runKernel } = tf.engine()
  device.dispose()
  close = undefined
  expect(tf.engine().runKernel).not.toBe(runKernel)
})
