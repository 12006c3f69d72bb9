// The GPU through WebGPU.
import { EngineError } from '#sdk'
import { createBackend } from '#webgpu'
import { registerSums } from './webgpu-sums.ts'
import { isSoftwareName, type OpenedBackend, type OpenOptions } from './backend.ts'

/** Features that are turned on where the adapter has them. */
const FEATURES: readonly GPUFeatureName[] = ['shader-f16', 'subgroups', 'timestamp-query']
/** Limits that are raised to what the adapter gives: large buffers and workgroups. */
const LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxComputeWorkgroupSizeX',
  'maxComputeInvocationsPerWorkgroup',
] as const satisfies (keyof GPUSupportedLimits)[]

/** Whether the adapter computes on the processor; older browsers say so on the adapter itself. */
function isSoftwareAdapter(adapter: GPUAdapter, description: string): boolean {
  const { isFallbackAdapter } = adapter as { isFallbackAdapter?: boolean }
  return isFallbackAdapter === true || adapter.info.isFallbackAdapter || isSoftwareName(description)
}

function describeAdapter({ vendor, architecture, device, description }: GPUAdapterInfo): string {
  return (
    description || [vendor, architecture, device].filter(Boolean).join(' ') || 'unnamed adapter'
  )
}

const SMALLER =
  'make the batch, the context or the model smaller; a run can go on from its last checkpoint'

/** Refuses too large a buffer where it is asked for: WebGPU tells later, by an event, and computes with nothing. */
function refuseTooLarge(device: GPUDevice): void {
  const { maxBufferSize, maxStorageBufferBindingSize } = device.limits
  const create = device.createBuffer.bind(device)
  device.createBuffer = (descriptor) => {
    const isBound = (descriptor.usage & GPUBufferUsage.STORAGE) !== 0
    const limit = isBound ? Math.min(maxBufferSize, maxStorageBufferBindingSize) : maxBufferSize
    if (descriptor.size <= limit) return create(descriptor)
    throw new EngineError({
      code: 'device.memory',
      message: `the graphics processor takes no tensor of ${descriptor.size} bytes; its limit is ${limit}`,
      hint: SMALLER,
    })
  }
}

/** A device that goes away refuses commands before it says so. */
const GRACE_MS = 250

/** Reports what no call throws: WebGPU tells of refused commands and exhausted memory later, by an event. */
function reportErrors(device: GPUDevice, onError: OpenOptions['onError']): void {
  device.addEventListener('uncapturederror', ({ error }) => {
    const isMemory = error instanceof GPUOutOfMemoryError
    const refused = new EngineError({
      code: isMemory ? 'device.memory' : 'device.refused',
      message: isMemory
        ? `the graphics processor ran out of memory: ${error.message}`
        : `the graphics processor refused a command: ${error.message}`,
      hint: isMemory
        ? SMALLER
        : 'go on from the last checkpoint, if it happens again on another device; what came after this is wrong',
    })
    const told = setTimeout(() => onError?.(refused), GRACE_MS)
    void device.lost.then(() => clearTimeout(told))
  })
}

/** Starts the backend. A software adapter is refused unless `allowSoftware`. */
export async function openWebgpu(
  allowSoftware: boolean,
  { onError, measured: before = [] }: Pick<OpenOptions, 'onError' | 'measured'>,
): Promise<OpenedBackend> {
  // Node has neither; a browser without WebGPU has no `gpu`.
  if (!('navigator' in globalThis && 'gpu' in navigator))
    throw new Error('no WebGPU in this browser')
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' })
  if (!adapter) throw new Error('no WebGPU adapter')
  const name = describeAdapter(adapter.info)
  const isSoftware = isSoftwareAdapter(adapter, name)
  if (isSoftware && !allowSoftware) throw new Error(`only a software WebGPU adapter (${name})`)

  const features = FEATURES.filter((feature) => adapter.features.has(feature))
  const device = await adapter.requestDevice({
    requiredFeatures: features,
    requiredLimits: Object.fromEntries(LIMITS.map((limit) => [limit, adapter.limits[limit]])),
  })
  reportErrors(device, onError)
  refuseTooLarge(device)
  registerSums()
  let isClosed = false
  const lost = new Promise<string>((resolve) => {
    void device.lost.then(({ message }) => {
      if (!isClosed) resolve(`the graphics processor went away (${message || 'no reason given'})`)
    })
  })
  const { backend, compileWork, measured } = await createBackend(device, adapter.info, {
    isSoftware,
    measured: before,
  })
  const close = () => {
    isClosed = true
    device.destroy()
  }
  const label = `WebGPU · ${name}`
  return { backend, compileWork, label, isSoftware, features, measured, lost, close }
}
