// Puts recording in front of tfjs's own kernels.
import { getKernelsForBackend, registerKernel, unregisterKernel } from '@tensorflow/tfjs'
// Loaded first: it registers the kernels that are wrapped below.
import '@tensorflow/tfjs-backend-webgpu'
import { TracingBackend } from './backend.ts'
import { keepStock } from './stock.ts'

/** They only count holders of data and give it another shape: a recording follows the data. */
const TRANSPARENT: ReadonlySet<string> = new Set(['Identity', 'Reshape'])

/** While a backend records, its kernels are recorded; else they run as they are. Once for all backends. */
export function registerRecording(): void {
  for (const config of getKernelsForBackend('webgpu')) {
    const { kernelName, kernelFunc } = config
    if (!keepStock(kernelName, kernelFunc) || TRANSPARENT.has(kernelName)) continue
    unregisterKernel(kernelName, 'webgpu')
    registerKernel({
      ...config,
      kernelFunc(args) {
        const { backend } = args
        return backend instanceof TracingBackend && backend.isRecording
          ? backend.call(kernelName, args, kernelFunc)
          : kernelFunc(args)
      },
    })
  }
}
