// Runs in a page: products of matrices by each variant of the shader, beside what they mean.
import type { DeviceTraits, ProductVariant } from '../../src/webgpu/fuse/kernel.ts'
import { Graph } from '../../src/webgpu/graph/graph.ts'
import { interpret } from '../../src/webgpu/graph/interpret.ts'
import { sizeOf } from '../../src/webgpu/graph/node.ts'
import { generate } from '../../src/webgpu/wgsl/generate.ts'
import { traitsOf } from '../../src/webgpu/wgsl/traits.ts'

export interface ProductsJob {
  variants: readonly ProductVariant[]
  /** [batch, m, k, n]. */
  sizes: readonly (readonly [number, number, number, number])[]
}

/** The largest difference by variant and size. */
export default async function run(job: ProductsJob): Promise<Record<string, number>> {
  const adapter = await navigator.gpu.requestAdapter()
  const features = (['subgroups'] as const).filter((feature) => adapter!.features.has(feature))
  const device = await adapter!.requestDevice({ requiredFeatures: features })
  const found: Record<string, number> = {}
  for (const products of job.variants)
    for (const size of job.sizes)
      found[`${products} ${size.join('×')}`] = await differenceOf(
        device,
        { ...traitsOf(device, true), products },
        size,
      )
  device.destroy()
  return found
}

/** Of gelu-like values of xᵀ · w + bias, stored with the last axes exchanged. */
async function differenceOf(
  device: GPUDevice,
  traits: DeviceTraits,
  [batch, m, k, n]: ProductsJob['sizes'][number],
): Promise<number> {
  const graph = new Graph()
  const x = graph.input([batch, k, m], 'float32')
  const w = graph.input([k, n], 'float32')
  const bias = graph.input([n], 'float32')
  const dot = graph.dot(graph.transpose(x, [0, 2, 1]), graph.expand(w, [batch, k, n]))
  const sum = graph.map('add', dot, graph.expand(bias, dot.shape))
  const y = graph.transpose(graph.map('mul', sum, graph.map('sigmoid', sum)), [0, 2, 1])
  const reads = [x, w, bias]
  const given = reads.map(({ shape }) =>
    Float32Array.from({ length: sizeOf(shape) }, (_, at) => Math.sin(at * 1.7)),
  )
  const [wanted] = interpret([y], given)

  const shader = generate([{ kind: 'dot', reads, writes: [y] }], { traits, shared: new Map() })
  const pipeline = await device.createComputePipelineAsync({
    layout: 'auto',
    compute: { module: device.createShaderModule({ code: shader.code }) },
  })
  const buffers = shader.bindings.map((node) => {
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST
    const buffer = device.createBuffer({ size: sizeOf(node.shape) * 4, usage })
    const at = reads.indexOf(node)
    if (at >= 0) device.queue.writeBuffer(buffer, 0, given[at]!)
    return buffer
  })
  const result = buffers.at(-1)!
  const staging = device.createBuffer({
    size: result.size,
    usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
  })
  const encoder = device.createCommandEncoder()
  const pass = encoder.beginComputePass()
  pass.setPipeline(pipeline)
  const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }))
  pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }))
  pass.dispatchWorkgroups(...shader.workgroups)
  pass.end()
  encoder.copyBufferToBuffer(result, 0, staging, 0, result.size)
  device.queue.submit([encoder.finish()])
  await staging.mapAsync(GPUMapMode.READ)
  const got = new Float32Array(staging.getMappedRange())
  return got.reduce((most, value, at) => Math.max(most, Math.abs(value - wanted![at]!)), 0)
}
