// Memory of the graphics processor that a backend has taken.
import type { KernelBackend } from '@tensorflow/tfjs'

/** What backends of graphics processors tell; one that keeps freed buffers for later counts them apart. */
interface GpuMemory {
  numBytesInGPU?: number
  numBytesInGPUAllocated?: number
  numBytesAllocatedInGPU?: number
}

/** In bytes, buffers kept for later included; nothing for a backend that computes on the processor. */
export function gpuMemory(backend: KernelBackend): { gpuBytes?: number } {
  const told = backend.memory() as GpuMemory
  const gpuBytes = told.numBytesAllocatedInGPU ?? told.numBytesInGPUAllocated ?? told.numBytesInGPU
  return gpuBytes === undefined ? {} : { gpuBytes }
}
