// Measures which variant of products a device computes fastest: a few launches when it is opened.
import type { DeviceTraits, Kernel, ProductVariant, Shader } from '../fuse/kernel.ts'
import { Graph } from '../graph/graph.ts'
import { sizeOf } from '../graph/node.ts'
import { generate } from './generate.ts'

/** [batch, m, k, n] whose exact result tells whether a variant is right: compiled fast, with a partial block. */
const CHECKED = [1, 12, 8, 20] as const
/** [batch, m, k, n] that takes long enough to be timed. */
const TIMED = [4, 256, 256, 256] as const
const LAUNCHES = 4
const REPEATS = 3
/** Tiles are the variant of most devices: another one must be faster by more than the clock's noise. */
const ADVANTAGE = 0.85

/**
 * The traits with `products` chosen. Variants with wrong results are left out: whether four invocations with
 * neighbouring numbers form a quad is up to the device. Software adapters aren't timed: to compile all takes longer
 * than to know that barriers are slow there.
 */
export async function measureProducts(
  device: GPUDevice,
  traits: DeviceTraits,
): Promise<DeviceTraits> {
  const quads: ProductVariant[] = traits.hasSubgroups ? ['quads'] : []
  const candidates: ProductVariant[] = traits.hasFastBarriers
    ? ['tiles', 'blocks', ...quads]
    : quads
  const trials = await Promise.all(
    candidates.map((variant) => prepare(device, { ...traits, products: variant }, CHECKED)),
  )
  const right: ProductVariant[] = []
  for (const [at, trial] of trials.entries())
    if (await isRight(device, trial)) right.push(candidates[at]!)
  if (!traits.hasFastBarriers) return { ...traits, products: right[0] ?? 'blocks' }
  if (right.length < 2) return { ...traits, products: right[0] ?? 'tiles' }
  return { ...traits, products: await fastest(device, traits, right) }
}

async function fastest(
  device: GPUDevice,
  traits: DeviceTraits,
  variants: readonly ProductVariant[],
): Promise<ProductVariant> {
  const trials = await Promise.all(
    variants.map((variant) => prepare(device, { ...traits, products: variant }, TIMED)),
  )
  const times = trials.map(() => Infinity)
  for (let repeat = 0; repeat < REPEATS; repeat++)
    for (const [at, trial] of trials.entries()) {
      const start = performance.now()
      launch(device, trial, LAUNCHES)
      await device.queue.onSubmittedWorkDone()
      times[at] = Math.min(times[at]!, performance.now() - start)
    }
  for (const trial of trials) release(trial)
  let best = 0
  for (const [at, time] of times.entries())
    if (time < times[best]! * (best === 0 ? ADVANTAGE : 1)) best = at
  return variants[best]!
}

interface Trial {
  readonly size: readonly [batch: number, m: number, k: number, n: number]
  readonly shader: Shader
  readonly pipeline: GPUComputePipeline
  readonly buffers: readonly GPUBuffer[]
  readonly bindings: GPUBindGroup
}

async function prepare(
  device: GPUDevice,
  traits: DeviceTraits,
  size: Trial['size'],
): Promise<Trial> {
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
    if (node !== dot)
      new Float32Array(buffer.getMappedRange()).set(values(length, node === left ? 5 : 7))
    buffer.unmap()
    return buffer
  })
  const bindings = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
  })
  return { size, shader, pipeline, buffers, bindings }
}

/** Whole numbers so small that their products add up without rounding. */
const values = (length: number, period: number): Float32Array =>
  Float32Array.from({ length }, (_, at) => (at % period) - 2)

function launch(device: GPUDevice, { shader, pipeline, bindings }: Trial, times: number): void {
  const encoder = device.createCommandEncoder()
  const pass = encoder.beginComputePass()
  pass.setPipeline(pipeline)
  pass.setBindGroup(0, bindings)
  for (let time = 0; time < times; time++) pass.dispatchWorkgroups(...shader.workgroups)
  pass.end()
  device.queue.submit([encoder.finish()])
}

async function isRight(device: GPUDevice, trial: Trial): Promise<boolean> {
  const [, m, k, n] = trial.size
  launch(device, trial, 1)
  const result = trial.buffers.at(-1)!
  const staging = device.createBuffer({
    size: result.size,
    usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
  })
  const encoder = device.createCommandEncoder()
  encoder.copyBufferToBuffer(result, 0, staging, 0, result.size)
  device.queue.submit([encoder.finish()])
  await staging.mapAsync(GPUMapMode.READ)
  const got = new Float32Array(staging.getMappedRange())
  const left = values(m * k, 5)
  const right = values(k * n, 7)
  const isEqual = got.every((value, at) => {
    const row = Math.floor(at / n) * k
    let sum = 0
    for (let inner = 0; inner < k; inner++) sum += left[row + inner]! * right[inner * n + (at % n)]!
    return sum === value
  })
  staging.destroy()
  release(trial)
  return isEqual
}

function release({ buffers }: Trial): void {
  for (const buffer of buffers) buffer.destroy()
}
