// What an adapter can do at most, what products of matrices reach of it, and what a launch costs.
import * as tf from '@tensorflow/tfjs'
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import type { DeviceTraits, ProductVariant } from '../src/webgpu/fuse/kernel.ts'
import { traitsOf } from '../src/webgpu/wgsl/traits.ts'
import { type ProductSize, ProductTrial } from '../src/webgpu/wgsl/trial.ts'
import { benchHost } from './device.ts'
import type { Blocks, ProductsResult } from './report.ts'

/** As they come in the full workloads, and square ones. */
const SIZES: readonly (readonly [name: string, size: ProductSize])[] = [
  ['w1, queries, keys and values', [1, 2048, 64, 192]],
  ['w1, feed-forward', [1, 2048, 64, 256]],
  ['w1, its weight gradient', [1, 64, 2048, 256]],
  ['w1, scores of attention', [128, 64, 16, 64]],
  ['w3, feed-forward', [1, 4096, 128, 512]],
  ['w4, first layer of the MLP', [1, 64, 784, 256]],
  ['square', [1, 256, 256, 256]],
  ['square', [1, 512, 512, 512]],
  ['square', [1, 1024, 1024, 1024]],
]
const VARIANTS: readonly ProductVariant[] = ['tiles', 'quads', 'blocks']

/** Chains of multiply-adds that need nothing of each other; a launch computes some, each 4 wide. */
const [CHAINS, ROUNDS, WORKGROUP] = [8, 256, 64]
const FLOPS_OF_INVOCATION = 2 * 4 * CHAINS * ROUNDS
const chains = Array.from({ length: CHAINS }, (_, i) => i)
const ARITHMETIC = `
@group(0) @binding(0) var<storage, read_write> values: array<f32>;
@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u) {
  let factor = vec4f(values[id.x]);
${chains.map((i) => `  var x${i} = factor + ${i}.5;`).join('\n')}
  for (var round = 0; round < ${ROUNDS}; round++) {
${chains.map((i) => `    x${i} = fma(x${i}, factor, factor);`).join('\n')}
  }
  values[id.x] = dot(${chains.map((i) => `x${i}`).join(' + ')}, vec4f(1));
}`

/** Each launch has to wait for the one before. */
const NEXT_TO_NOTHING = `
@group(0) @binding(0) var<storage, read_write> values: array<f32>;
@compute @workgroup_size(1)
fn main() { values[0] += 1.0; }`

/** Launches something so many times, one after the other; sent at once. */
type Launch = (times: number) => void

class Bench {
  readonly #device: GPUDevice
  readonly #blocks: Blocks

  constructor(device: GPUDevice, blocks: Blocks) {
    this.#device = device
    this.#blocks = blocks
  }

  async #timed(launch: Launch, times: number): Promise<number> {
    const start = performance.now()
    launch(times)
    await this.#device.queue.onSubmittedWorkDone()
    return performance.now() - start
  }

  /**
   * Milliseconds of one launch: the best of some blocks, as whatever disturbs only adds. One launch alone tells enough
   * where it takes longer than all blocks should.
   */
  async best(launch: Launch): Promise<number> {
    const { repeats, blockMs } = this.#blocks
    let times = 1
    let last = await this.#timed(launch, times)
    if (last > repeats * blockMs) return last
    while (times < 4096 && last < blockMs / 2) {
      times *= 2
      last = await this.#timed(launch, times)
    }
    let best = last / times
    for (let repeat = 1; repeat < repeats; repeat++)
      best = Math.min(best, (await this.#timed(launch, times)) / times)
    return best
  }

  /** A shader with one buffer, by so many workgroups. */
  async shader(code: string, workgroups: number): Promise<Launch> {
    const device = this.#device
    const pipeline = await device.createComputePipelineAsync({
      layout: 'auto',
      compute: { module: device.createShaderModule({ code }), entryPoint: 'main' },
    })
    const buffer = device.createBuffer({
      size: 4 * WORKGROUP * workgroups,
      usage: GPUBufferUsage.STORAGE,
    })
    const bindings = device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [{ binding: 0, resource: { buffer } }],
    })
    return (times) => {
      const encoder = device.createCommandEncoder()
      const pass = encoder.beginComputePass()
      pass.setPipeline(pipeline)
      pass.setBindGroup(0, bindings)
      for (let time = 0; time < times; time++) pass.dispatchWorkgroups(workgroups)
      pass.end()
      device.queue.submit([encoder.finish()])
    }
  }

  /** Thousand million operations a second, by variant that the device has. */
  async product(traits: DeviceTraits, size: ProductSize): Promise<Record<string, number>> {
    const [batch, m, k, n] = size
    const reached: Record<string, number> = {}
    for (const products of VARIANTS) {
      if (products === 'quads' && !traits.hasSubgroups) continue
      const trial = await ProductTrial.prepare(this.#device, { ...traits, products }, size)
      if (await trial.isRight())
        reached[products] =
          (2 * batch * m * k * n) / (await this.best((n) => trial.launch(n))) / 1e6
      trial.release()
    }
    return reached
  }
}

export async function measureAdapter(blocks: Blocks): Promise<ProductsResult> {
  const { info } = await benchHost().openDevice('webgpu')
  const { device } = tf.backend() as WebGPUBackend
  const traits = traitsOf(device, info.isSoftware)
  const bench = new Bench(device, blocks)
  const workgroups = info.isSoftware ? 256 : 8192
  const arithmeticMs = await bench.best(await bench.shader(ARITHMETIC, workgroups))
  const launchMs = await bench.best(await bench.shader(NEXT_TO_NOTHING, 1))
  const products: ProductsResult['products'] = []
  for (const [name, size] of SIZES) {
    console.info(name)
    products.push({ name, size, gflops: await bench.product(traits, size) })
  }
  return {
    device: info.label,
    isSoftware: info.isSoftware,
    peakGflops: (FLOPS_OF_INVOCATION * WORKGROUP * workgroups) / arithmeticMs / 1e6,
    launchUs: 1000 * launchMs,
    chosen: info.measured!.products,
    products,
  }
}
