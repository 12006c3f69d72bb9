// Counts what reaches WebGPU, whoever sends it: kernel launches, submits, bytes of buffers.

export interface GpuCounts {
  launches: number
  submits: number
}

const counts: GpuCounts = { launches: 0, submits: 0 }
const bytes = new WeakMap<GPUDevice, number>()
const owners = new WeakMap<GPUBuffer, GPUDevice>()

export const countsNow = (): GpuCounts => ({ ...counts })

/** Bytes of the buffers of `device` that were made and not destroyed since counting began. */
export const bytesOf = (device: GPUDevice): number => bytes.get(device) ?? 0

function addBytes(device: GPUDevice, change: number): void {
  bytes.set(device, bytesOf(device) + change)
}

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
    owners.set(buffer, this)
    addBytes(this, buffer.size)
    return buffer
  }
  const { destroy } = GPUBuffer.prototype
  GPUBuffer.prototype.destroy = function () {
    const device = owners.get(this)
    if (device) addBytes(device, -this.size)
    owners.delete(this)
    return destroy.call(this)
  }
}
