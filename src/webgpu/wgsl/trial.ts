// One product of matrices by itself on a device, to be checked and timed.
import type { DeviceTraits, Kernel } from '../fuse/kernel.ts'
import { Graph } from '../graph/graph.ts'
import { sizeOf } from '../graph/node.ts'
import { generate } from './generate.ts'

/** [batch, m, k] by [batch, k, n]. */
export type ProductSize = readonly [batch: number, m: number, k: number, n: number]

/** Matrices repeat so many values: small whole numbers, whose products add up without rounding. */
const [LEFT_PERIOD, RIGHT_PERIOD] = [5, 7]
const values = (length: number, period: number): Float32Array =>
  Float32Array.from({ length }, (_, at) => (at % period) - 2)

export class ProductTrial {
  readonly #device: GPUDevice
  readonly #size: ProductSize
  readonly #workgroups: readonly [number, number, number]
  readonly #pipeline: GPUComputePipeline
  readonly #buffers: readonly GPUBuffer[]
  readonly #bindings: GPUBindGroup

  private constructor(
    device: GPUDevice,
    size: ProductSize,
    workgroups: readonly [number, number, number],
    pipeline: GPUComputePipeline,
    buffers: readonly GPUBuffer[],
  ) {
    this.#device = device
    this.#size = size
    this.#workgroups = workgroups
    this.#pipeline = pipeline
    this.#buffers = buffers
    this.#bindings = device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
    })
  }

  /** Resolves when it is compiled. Rejects for a shader that the device refuses. */
  static async prepare(
    device: GPUDevice,
    traits: DeviceTraits,
    size: ProductSize,
  ): Promise<ProductTrial> {
    const [batch, m, k, n] = size
    const graph = new Graph()
    const left = graph.input([batch, m, k], 'float32')
    const right = graph.input([batch, k, n], 'float32')
    const dot = graph.dot(left, right)
    const kernel: Kernel = { kind: 'dot', reads: [left, right], writes: [dot] }
    const shader = generate([kernel], { traits, shared: new Map() })
    const pipeline = await device.createComputePipelineAsync({
      layout: 'auto',
      compute: {
        module: device.createShaderModule({ code: shader.code }),
        entryPoint: shader.entryPoint,
      },
    })
    const buffers = shader.bindings.map((node) => {
      const length = sizeOf(node.shape)
      const buffer = device.createBuffer({
        size: length * 4,
        usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC,
        mappedAtCreation: true,
      })
      const period = node === left ? LEFT_PERIOD : RIGHT_PERIOD
      if (node !== dot) new Float32Array(buffer.getMappedRange()).set(values(length, period))
      buffer.unmap()
      return buffer
    })
    return new ProductTrial(device, size, shader.workgroups, pipeline, buffers)
  }

  /** So many times, one after the other; sent at once, not waited for. */
  launch(times: number): void {
    const encoder = this.#device.createCommandEncoder()
    const pass = encoder.beginComputePass()
    pass.setPipeline(this.#pipeline)
    pass.setBindGroup(0, this.#bindings)
    for (let time = 0; time < times; time++) pass.dispatchWorkgroups(...this.#workgroups)
    pass.end()
    this.#device.queue.submit([encoder.finish()])
  }

  /** Whether the device computes it exactly as JavaScript does. */
  async isRight(): Promise<boolean> {
    this.launch(1)
    const result = this.#buffers.at(-1)!
    const staging = this.#device.createBuffer({
      size: result.size,
      usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
    })
    const encoder = this.#device.createCommandEncoder()
    encoder.copyBufferToBuffer(result, 0, staging, 0, result.size)
    this.#device.queue.submit([encoder.finish()])
    await staging.mapAsync(GPUMapMode.READ)
    const isEqual = this.#isProduct(new Float32Array(staging.getMappedRange()))
    staging.destroy()
    return isEqual
  }

  #isProduct(got: Float32Array): boolean {
    const [batch, m, k, n] = this.#size
    const left = values(batch * m * k, LEFT_PERIOD)
    const right = values(batch * k * n, RIGHT_PERIOD)
    return got.every((value, at) => {
      const matrix = Math.floor(at / (m * n))
      const row = Math.floor(at / n) * k
      let sum = 0
      for (let inner = 0; inner < k; inner++)
        sum += left[row + inner]! * right[(matrix * k + inner) * n + (at % n)]!
      return sum === value
    })
  }

  release(): void {
    for (const buffer of this.#buffers) buffer.destroy()
  }
}
