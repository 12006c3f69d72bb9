// The CPU through WebAssembly: starts tfjs's backend from bytes that are handed in, since the sandbox has no fetch.
import { EngineError } from '#sdk'
import * as tf from '@tensorflow/tfjs'
import { type BackendWasm, setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import { never, type OpenedBackend, type OpenOptions } from '../backend.ts'
import { borrowKernels } from './borrowed-kernels.ts'
import { type HeapModule, moduleOf } from './kernel.ts'
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
    const backend = (await createBackend()) as BackendWasm
    refuseFullHeap(moduleOf(backend))
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

/** Addresses have 32 bits. */
const HEAP_LIMIT_BYTES = 2 ** 32

/** The package takes address 0, which stands for no room, as any other: numbers would silently be wrong. */
function refuseFullHeap(module: HeapModule): void {
  const allocate = module._malloc.bind(module)
  module._malloc = (sizeBytes) => {
    const address = sizeBytes < HEAP_LIMIT_BYTES ? allocate(sizeBytes) : 0
    if (address !== 0) return address
    throw new EngineError({
      code: 'device.memory',
      message: `WebAssembly has no room for ${sizeBytes} more bytes; it can hold ${HEAP_LIMIT_BYTES} in all`,
      hint: 'make the batch, the context or the model smaller; a run can go on from its last checkpoint',
    })
  }
}
