// How kernels for the WebAssembly backend are declared, and what they use of its module.
import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'

/** The parts of the Emscripten module in use; the package's own types name globals that are not there. */
export interface HeapModule {
  /** Replaced when the heap grows: read it anew after each allocation. */
  readonly HEAPU8: Uint8Array
  /** Address of so many free bytes, a signed number; 0 when there is no room. */
  _malloc(sizeBytes: number): number
  cwrap(name: string, returns: null, parameters: ('number' | 'array')[]): unknown
  readonly tfjs: {
    registerTensor(id: number, size: number, offset: number): void
    disposeData(id: number): void
  }
}

export const moduleOf = (backend: BackendWasm): HeapModule => backend.wasm as unknown as HeapModule

/** A kernel with inputs named `I` and attributes `A`, as tfjs's operator of that name gives them. */
export function wasmKernel<I extends string, A>(
  kernelName: string,
  compute: (inputs: Record<I, TensorInfo>, attrs: A, backend: BackendWasm) => TensorInfo,
): KernelConfig {
  return {
    kernelName,
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs, backend }) =>
      compute(inputs as Record<I, TensorInfo>, attrs as A, backend as BackendWasm),
  }
}
