// Words for values of the protocol.
import type { DeviceInfo } from '#sdk'

const BACKEND_NAMES = {
  webgpu: 'WebGPU',
  webgl: 'WebGL',
  wasm: 'WASM',
  cpu: 'CPU',
} satisfies Record<DeviceInfo['backend'], string>

/** A device with its backend first, as in `WebGPU · NVIDIA Ampere`; many labels begin with it already. */
export function deviceName({ backend, label }: Pick<DeviceInfo, 'backend' | 'label'>): string {
  const name = BACKEND_NAMES[backend]
  return label.startsWith(name) ? label : `${name} · ${label}`
}
