// Counts what reaches WebGPU from this realm, whoever sends it: kernel launches, submits, bytes of buffers.

export interface GpuCounts {
  launches: number
  submits: number
  /** Of the buffers that were made and not destroyed since counting began. */
  bytes: number
}

const counts: GpuCounts = { launches: 0, submits: 0, bytes: 0 }
const sizes = new WeakMap<GPUBuffer, number>()

export const countsNow = (): GpuCounts => ({ ...counts })

/** Begins to count. Call once, before a device is opened. Costs some nanoseconds a call. */
export function countGpuWork(): void {
  const { prototype: pass } = GPUComputePassEncoder
  const { dispatchWorkgroups, dispatchWorkgroupsIndirect } = pass
  pass.dispatchWorkgroups = function (...args) {
    counts.launches++
    return dispatchWorkgroups.apply(this, args)
  }
  pass.dispatchWorkgroupsIndirect = function (...args) {
    counts.launches++
    return dispatchWorkgroupsIndirect.apply(this, args)
  }
  const { submit } = GPUQueue.prototype
  GPUQueue.prototype.submit = function (buffers) {
    counts.submits++
    return submit.call(this, buffers)
  }
  const { createBuffer } = GPUDevice.prototype
  GPUDevice.prototype.createBuffer = function (descriptor) {
    const buffer = createBuffer.call(this, descriptor)
    sizes.set(buffer, descriptor.size)
    counts.bytes += descriptor.size
    return buffer
  }
  const { destroy } = GPUBuffer.prototype
  GPUBuffer.prototype.destroy = function () {
    counts.bytes -= sizes.get(this) ?? 0
    sizes.delete(this)
    return destroy.call(this)
  }
}
