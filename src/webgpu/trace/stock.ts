// Runs what was recorded by tfjs's own kernels, one after the other.
import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs'
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import { valuesUsage } from '../run/usage.ts'
import type { Recording } from './recording.ts'
import { LIST, type Ref, refsOf } from './trace.ts'

type Run = KernelConfig['kernelFunc']

const kernels = new Map<string, Run>()

/** Remembers a kernel as it is before recording is put in front of it. False when it was known. */
export function keepStock(name: string, run: Run): boolean {
  if (kernels.has(name)) return false
  kernels.set(name, run)
  return true
}

/** The `wanted` results; all others are freed after their last use. */
export function runStock(
  backend: WebGPUBackend,
  recording: Recording,
  wanted: readonly { readonly call: number; readonly output: number }[],
): TensorInfo[] {
  const { calls } = recording
  const keyOf = (call: number, output: number) => `${call}.${output}`
  const isWanted = new Set(wanted.map(({ call, output }) => keyOf(call, output)))
  /** Results by the call that needs them last. */
  const over = calls.map(() => new Map<string, object>())
  const lastUse = new Map<string, number>()
  calls.forEach((call, at) => {
    for (const { source } of refsOf(call))
      if (source.kind === 'call') lastUse.set(keyOf(source.call, source.output), at)
  })
  const results: TensorInfo[][] = []
  const infoOf = ({ source, shape, dtype }: Ref): TensorInfo => {
    const dataId =
      source.kind === 'call'
        ? results[source.call]![source.output]!.dataId
        : source.kind === 'external'
          ? recording.ids[source.index]!
          : recording.constantId(source)
    return { dataId, shape: [...shape], dtype }
  }
  calls.forEach(({ kernel, inputs, attrs }, at) => {
    const given = Object.fromEntries(
      inputs.map(([name, input]) => [name, 'source' in input ? infoOf(input) : input.map(infoOf)]),
    )
    const args = { inputs: given[LIST] ?? given, attrs, backend } as Parameters<Run>[0]
    const made = kernels.get(kernel)!(args)
    const outputs = Array.isArray(made) ? made : [made]
    results.push(outputs)
    outputs.forEach(({ dataId }, output) => {
      const key = keyOf(at, output)
      if (!isWanted.has(key)) over[lastUse.get(key) ?? at]!.set(key, dataId)
    })
    for (const dataId of over[at]!.values()) backend.disposeData(dataId)
  })
  return wanted.map(({ call, output }) => results[call]![output]!)
}

/** Gives data the values that a kernel computed; those that the kernel only handed on are copied. */
export function take(
  backend: WebGPUBackend,
  encoder: () => GPUCommandEncoder,
  dataId: object,
  result: object,
): void {
  const data = backend.tensorMap.get(dataId)
  const from = backend.tensorMap.get(result)
  // A cast of tfjs's own to a wider type leaves the values as they are stored.
  data.dtype = from.dtype
  data.values = from.values
  if (from.refCount === 1) {
    data.resource = from.resource!
    from.resource = undefined as never
  } else if (from.resource instanceof GPUBuffer) {
    const { size } = from.resource
    const own = backend.bufferManager.acquireBuffer(size, valuesUsage())
    encoder().copyBufferToBuffer(from.resource, 0, own, 0, size)
    data.resource = own
  }
  backend.disposeData(result)
}
