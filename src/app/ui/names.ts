// Words for values of the protocol.
import type { DeviceInfo } from '#sdk'

export const BACKEND_NAMES = {
  webgpu: 'WebGPU',
  webgl: 'WebGL',
  wasm: 'WASM',
  cpu: 'CPU',
} satisfies Record<DeviceInfo['backend'], string>
