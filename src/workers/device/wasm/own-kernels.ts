// Kernels written here for the WebAssembly backend: those that training spends its time in.
import { getKernel, registerKernel, unregisterKernel } from '@tensorflow/tfjs'
import { choices } from './choices.ts'
import { convFilterGradient } from './conv-filter-gradient.ts'
import { matmul } from './matmul.ts'
import { maxPoolGradient } from './max-pool-gradient.ts'
import { segmentSum } from './segment-sum.ts'

/** Puts them in place of the stock ones, or adds them. Before the backend is set: that runs their setup. */
export function registerOwnKernels(): void {
  for (const kernel of [matmul, convFilterGradient, maxPoolGradient, segmentSum, ...choices]) {
    if (getKernel(kernel.kernelName, 'wasm')) unregisterKernel(kernel.kernelName, 'wasm')
    registerKernel({ ...kernel, backendName: 'wasm' })
  }
}
