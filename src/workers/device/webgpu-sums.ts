// AddN for WebGPU: the package binds all inputs at once, which a device refuses beyond some ten; the sum is then empty.
import {
  AddN,
  getKernel,
  registerKernel,
  type TensorInfo,
  unregisterKernel,
} from '@tensorflow/tfjs'
// Loaded first: it registers the kernel that is taken below.
import '@tensorflow/tfjs-backend-webgpu'
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'

const stock = getKernel(AddN, 'webgpu')

/**
 * Puts a kernel in its place that adds as many at a time as the device can bind. Once for all devices: what was put in
 * front of it meanwhile stays.
 */
export function registerSums(): void {
  if (getKernel(AddN, 'webgpu') !== stock) return
  unregisterKernel(AddN, 'webgpu')
  registerKernel({
    ...stock,
    kernelFunc(args) {
      const backend = args.backend as WebGPUBackend
      const add = (inputs: TensorInfo[]) =>
        stock.kernelFunc({ ...args, inputs: inputs as never }) as TensorInfo
      // One is for the sum.
      const most = backend.device.limits.maxStorageBuffersPerShaderStage - 1
      const [first, ...rest] = Object.values(args.inputs) as [TensorInfo, ...TensorInfo[]]
      let sum = add([first, ...rest.splice(0, most - 1)])
      while (rest.length > 0) {
        const before = sum
        sum = add([before, ...rest.splice(0, most - 1)])
        backend.disposeData(before.dataId)
      }
      return sum
    },
  })
}
