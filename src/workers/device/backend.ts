// What each way to compute must tell once it is started.
import type { Device } from '#engine'
import type { DeviceInfo, EngineError, Measured } from '#sdk'
import type { KernelBackend } from '@tensorflow/tfjs'
import type { Signs } from './signs.ts'

export type BackendName = DeviceInfo['backend']

/** A started tfjs backend that is not yet the engine's. */
export interface OpenedBackend {
  backend: KernelBackend
  /** Name for people. */
  label: string
  /** A graphics interface that the processor imitates. */
  isSoftware: boolean
  features: readonly string[]
  measured?: Measured
  /** Resolves with the reason when the device goes away by itself. */
  lost: Promise<string>
  /** Where what is computed again and again can run as one program. */
  compileWork?: NonNullable<Device['compileWork']>
  /** Frees what the backend's own dispose leaves. */
  close?: () => void
}

export interface OpenOptions extends Signs {
  /** Bytes of a shipped file; `wasm/tfjs-backend-wasm-simd.wasm` is asked for. */
  readonly asset: (path: string) => Promise<ArrayBuffer>
  /** Errors of the device that no call of a plugin throws: out of memory, refused commands. */
  readonly onError?: ((error: EngineError) => void) | undefined
  /** On which adapters nothing needs to be measured. */
  readonly measured?: readonly Measured[] | undefined
}

/** Starts one backend. Throws an error whose message says in plain words why it can't be had here. */
export type Opener = (options: { allowSoftware: boolean }) => Promise<OpenedBackend>

/** Renderers and adapters that run on the processor. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|software|basic render|\bwarp\b/i

/** Whether an adapter's or renderer's description is one of a software implementation. */
export const isSoftwareName = (description: string): boolean => SOFTWARE.test(description)

/** For devices that can't go away. */
export const never: Promise<string> = new Promise(() => {})
