// The CPU through WebAssembly: starts tfjs's backend from bytes that are handed in, since the sandbox has no fetch.
import * as tf from '@tensorflow/tfjs'
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import { never, type OpenedBackend, type OpenOptions } from '../backend.ts'
import { borrowKernels } from './borrowed-kernels.ts'
import { registerOwnKernels } from './own-kernels.ts'

const BINARY = 'tfjs-backend-wasm-simd.wasm'

// Taken when the package has just registered it: opening a device clears the register.
const createBackend = tf.findBackendFactory('wasm')

/** Starts the backend with SIMD, without threads (they need SharedArrayBuffer, which the sandbox has not). */
export async function openWasm(asset: OpenOptions['asset']): Promise<OpenedBackend> {
  const environment = tf.env()
  if (typeof WebAssembly === 'undefined') throw new Error('no WebAssembly in this browser')
  if (!(await environment.getAsync('WASM_HAS_SIMD_SUPPORT')))
    throw new Error('no WebAssembly SIMD in this browser')
  environment.set('WASM_HAS_MULTITHREAD_SUPPORT', false)

  const bytes = await asset(`wasm/${BINARY}`)
  // The package never settles when its binary is refused, so that is found out before.
  await WebAssembly.compile(bytes)
  setWasmPaths(
    {
      'tfjs-backend-wasm.wasm': BINARY,
      'tfjs-backend-wasm-simd.wasm': BINARY,
      'tfjs-backend-wasm-threaded-simd.wasm': BINARY,
    },
    true,
  )
  const { platform } = environment
  environment.platform = Object.create(platform, {
    fetch: { value: () => Promise.resolve(new Response(bytes)) },
  }) as typeof platform
  try {
    const backend = await createBackend()
    registerOwnKernels()
    borrowKernels()
    return {
      backend,
      label: 'CPU via WebAssembly',
      isSoftware: false,
      features: ['simd'],
      lost: never,
    }
  } finally {
    environment.platform = platform
  }
}
