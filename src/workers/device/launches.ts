// Counts the programs that are started on WebGPU, while someone wants to know.

/** Counts from now on, until `end`. WebGPU's passes have one method for it, which is wrapped until then. */
export function countLaunches(): { count(): number; end(): void } {
  const { prototype } = GPUComputePassEncoder
  const before = Object.getOwnPropertyDescriptor(prototype, 'dispatchWorkgroups')!
  const dispatch = before.value as GPUComputePassEncoder['dispatchWorkgroups']
  let launches = 0
  prototype.dispatchWorkgroups = function (...args) {
    launches++
    return dispatch.apply(this, args)
  }
  return {
    count: () => launches,
    end: () => void Object.defineProperty(prototype, 'dispatchWorkgroups', before),
  }
}
