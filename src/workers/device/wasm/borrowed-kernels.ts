// Kernels that the WebAssembly backend lacks, computed by the CPU backend's JavaScript over the WebAssembly heap.
import {
  getKernel,
  getKernelsForBackend,
  type KernelFunc,
  registerKernel,
  type TensorInfo,
  util,
} from '@tensorflow/tfjs'
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { moduleOf } from './kernel.ts'

/** The WebAssembly backend cannot hold complex64 tensors, nor draw on a canvas. */
const UNFIT = new Set(['Complex', 'ComplexAbs', 'Real', 'Imag', 'FFT', 'IFFT', 'Draw'])

/** Registers every fit kernel of 'cpu' that 'wasm' has no own one for. Returns their names. */
export function borrowKernels(): string[] {
  const cpu = new MathBackendCPU()
  const borrowed: string[] = []
  for (const config of getKernelsForBackend('cpu')) {
    const { kernelName, kernelFunc } = config
    if (UNFIT.has(kernelName) || getKernel(kernelName, 'wasm')) continue
    registerKernel({ kernelName, backendName: 'wasm', kernelFunc: borrow(kernelFunc, cpu) })
    borrowed.push(kernelName)
  }
  return borrowed
}

function borrow(kernel: KernelFunc, cpu: MathBackendCPU): KernelFunc {
  return ({ inputs, attrs, backend }) => {
    const wasm = backend as BackendWasm
    // Views of the heap, not copies: they hold until something is allocated there, which is after the kernel.
    const lend = (info: TensorInfo | undefined): TensorInfo | undefined => {
      if (!info) return undefined
      const values =
        info.dtype === 'string' ? wasm.readSync(info.dataId) : wasm.typedArrayFromHeap(info)
      return cpu.makeTensorInfo(info.shape, info.dtype, values)
    }
    const lent = Array.isArray(inputs)
      ? inputs.map(lend)
      : Object.fromEntries(Object.entries(inputs).map(([name, info]) => [name, lend(info)]))
    const result = kernel({ inputs: lent as typeof inputs, attrs, backend: cpu })
    const results = Array.isArray(result) ? result : [result]
    const values = results.map(({ dataId, dtype }) => {
      const own = cpu.readSync(dataId)
      if (dtype === 'string') return own
      const typed = util.toTypedArray(own, dtype)
      return typed.buffer === moduleOf(wasm).HEAPU8.buffer ? typed.slice() : typed
    })
    const outputs = results.map(({ shape, dtype }, at) =>
      wasm.makeOutput(shape, dtype, undefined, values[at] as Float32Array),
    )
    for (const info of [...Object.values(lent), ...results])
      if (info) cpu.disposeData(info.dataId, true)
    return Array.isArray(result) ? outputs : (outputs[0] as TensorInfo)
  }
}
