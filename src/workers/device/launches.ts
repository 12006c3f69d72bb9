// Counts the programs that are started on WebGPU and what is handed over to it, while someone wants to know.
import type { LaunchCounts } from '#engine'

/** Counts from now on, until `end`. WebGPU has one method for each, which is wrapped until then. */
export function countLaunches(): { count(): LaunchCounts; end(): void } {
  const launches = countCalls(GPUComputePassEncoder.prototype, 'dispatchWorkgroups')
  const submits = countCalls(GPUQueue.prototype, 'submit')
  return {
    count: () => ({ launches: launches.count(), submits: submits.count() }),
    end() {
      launches.end()
      submits.end()
    },
  }
}

function countCalls<N extends PropertyKey>(
  prototype: { [K in N]: (...args: never[]) => unknown },
  name: N,
): { count(): number; end(): void } {
  const before = Object.getOwnPropertyDescriptor(prototype, name)!
  const method = before.value as (...args: unknown[]) => unknown
  let calls = 0
  const counting = function (this: unknown, ...args: unknown[]): unknown {
    calls++
    return method.apply(this, args)
  }
  Object.defineProperty(prototype, name, { ...before, value: counting })
  return {
    count: () => calls,
    end: () => void Object.defineProperty(prototype, name, before),
  }
}
