// What buffers of values are used for.

/** Bound to shaders, and copied from and to. Asked for when it is needed: without WebGPU there is no such name. */
export const valuesUsage = (): GPUBufferUsageFlags =>
  GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST
