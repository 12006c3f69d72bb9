// Opens the device that models are trained on.
import type { Device } from '#engine'
import type { DevicePreference } from '#protocol'
import * as tf from '@tensorflow/tfjs'
import type { BackendName, Opener, OpenOptions } from './backend.ts'
import { signalKernels, type Waits } from './signs.ts'
import { chooseBackend } from './choose.ts'
import { openCpu } from './cpu.ts'
import { openWasm } from './wasm/open.ts'
import { openWebgl } from './webgl.ts'
import { gpuMemory } from './gpu-memory.ts'
import { countLaunches } from './launches.ts'
import { openWebgpu } from './webgpu.ts'

export type { OpenOptions } from './backend.ts'

/** WebGL compiles a shader for each form of a kernel, which some drivers take seconds for. */
const WAITS = {
  webgpu: 'nothing',
  webgl: 'compiler',
  wasm: 'result',
  cpu: 'result',
} as const satisfies Record<BackendName, Waits>

/**
 * Starts a device and makes it the one that `tf` computes on; all other backends leave tfjs's register, so
 * nothing moves between them unseen. One device at a time: dispose it before the next is opened.
 * Throws `device.unavailable` when the named one, or with 'auto' any, can't be had.
 */
export async function openDevice(
  preference: DevicePreference,
  options: OpenOptions,
): Promise<Device> {
  const openers: Record<BackendName, Opener> = {
    webgpu: ({ allowSoftware }) => openWebgpu(allowSoftware, options),
    webgl({ allowSoftware }) {
      // A context can take a driver, or a browser that starts its process anew, more than a second.
      options.work('WebGL')
      return openWebgl(allowSoftware).finally(() => options.work(''))
    },
    wasm: () => openWasm(options.asset),
    cpu: openCpu,
  }
  const chosen = await chooseBackend(preference, openers)
  const { backend, compileWork, name, label, reason, isSoftware, features, measured } = chosen
  const engine = tf.engine()
  for (const registered of engine.backendNames()) tf.removeBackend(registered)
  tf.registerBackend(name, () => backend)
  await tf.setBackend(name)
  const stopSignals = signalKernels(options, WAITS[name])
  return {
    info: { backend: name, label, reason, isSoftware, features, ...(measured && { measured }) },
    lost: chosen.lost,
    memory() {
      const { numTensors, numBytes } = tf.memory()
      return { tensors: numTensors, bytes: numBytes, ...gpuMemory(backend) }
    },
    ...(name === 'webgpu' && { countLaunches }),
    ...(compileWork && { compileWork }),
    dispose() {
      stopSignals()
      tf.removeBackend(name)
      chosen.close?.()
    },
  }
}
