// The devices that Node has: the processor always, the GPU where the npm package webgpu is installed.
import * as tf from '@tensorflow/tfjs'
import { openDevice, type OpenOptions } from '#device'
import type { Device } from '#engine'
import type { DevicePreference } from '#protocol'
import { EngineError } from '#sdk'

/** What the package gives: an entry to Dawn, the WebGPU of Chromium, and WebGPU's constants and classes. */
interface WebgpuPackage {
  create(options: readonly string[]): GPU
  globals: object
}

/** Opens a device as the page does. Throws `device.unavailable` when it can't be had. */
export async function openNodeDevice(
  preference: DevicePreference,
  options: OpenOptions,
): Promise<Device> {
  // tfjs would advertise its own Node package on the first tensor.
  tf.env().set('PROD', true)
  if (preference !== 'auto' && preference !== 'webgpu') return await openDevice(preference, options)
  const missing = await installWebgpu()
  if (missing === undefined) return await openDevice(preference, options)
  if (preference === 'webgpu') {
    throw new EngineError({
      code: 'device.unavailable',
      message: `the device 'webgpu' was asked for, but ${missing}`,
      hint: 'npm install --no-save webgpu (50 MB), or take the device auto, wasm or cpu',
    })
  }
  const device = await openDevice(preference, options)
  return { ...device, info: { ...device.info, reason: missing } }
}

/** Puts WebGPU where browsers have it. Resolves with the reason when it can't be had. */
async function installWebgpu(): Promise<string | undefined> {
  if ((globalThis.navigator as { gpu?: GPU } | undefined)?.gpu) return undefined
  // Optional: a bundler must not look for it.
  const name = 'webgpu'
  try {
    const { create, globals } = (await import(/* @vite-ignore */ name)) as WebgpuPackage
    Object.assign(globalThis, globals)
    const gpu = create([])
    Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true })
    return undefined
  } catch (thrown) {
    const isMissing = (thrown as { code?: unknown }).code === 'ERR_MODULE_NOT_FOUND'
    return isMissing
      ? 'the GPU needs the npm package webgpu, which is not installed'
      : `the npm package webgpu does not start: ${(thrown as Error).message}`
  }
}
