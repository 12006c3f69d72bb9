// What of a device shaders are made for.
import type { DeviceTraits } from '../fuse/kernel.ts'

/** From limits and features; adapters that imitate a graphics processor do barriers one invocation after the other. */
export function traitsOf(device: GPUDevice, isSoftware: boolean): DeviceTraits {
  const { limits, features } = device
  return {
    maxStorageBuffers: limits.maxStorageBuffersPerShaderStage,
    maxWorkgroupSize: limits.maxComputeInvocationsPerWorkgroup,
    maxWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
    maxWorkgroupStorageBytes: limits.maxComputeWorkgroupStorageSize,
    maxBindingBytes: limits.maxStorageBufferBindingSize,
    hasFastBarriers: !isSoftware,
    hasSubgroups: features.has('subgroups'),
    hasF16: features.has('shader-f16'),
  }
}
