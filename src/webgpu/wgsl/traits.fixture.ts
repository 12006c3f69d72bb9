// A device at WebGPU's lowest limits and without features, for tests.
import type { DeviceTraits } from '../fuse/kernel.ts'

export const traits: DeviceTraits = {
  maxStorageBuffers: 8,
  maxWorkgroupSize: 256,
  maxWorkgroupsPerDimension: 65535,
  maxWorkgroupStorageBytes: 16384,
  maxBindingBytes: 1 << 27,
  hasFastBarriers: false,
  hasSubgroups: false,
  hasF16: false,
}
