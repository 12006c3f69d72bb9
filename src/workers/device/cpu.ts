// The CPU through plain JavaScript: slow, always there, and the reference the others are tested against.
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu'
import { never, type OpenedBackend } from './backend.ts'

export function openCpu(): Promise<OpenedBackend> {
  return Promise.resolve({
    backend: new MathBackendCPU(),
    label: 'CPU via JavaScript',
    isSoftware: false,
    features: [],
    lost: never,
  })
}
