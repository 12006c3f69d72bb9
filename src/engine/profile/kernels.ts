// Counts the kernels that are run meanwhile, by name.
import * as tf from '@tensorflow/tfjs'
import { MAX_NAME } from '#protocol'

export interface KernelCount {
  name: string
  calls: number
  /** Until the call returned; on a graphics processor, that is before the work is done. */
  totalMs: number
}

/** Most kernels that are told apart. */
const MAX_KERNELS = 300

/** Counts from now on. All of tfjs's operators go through one method of its engine, which is wrapped until `end`. */
export function countKernels() {
  const engine = tf.engine()
  const before = engine.runKernel
  const counts = new Map<string, KernelCount>()
  let isPaused = false

  function runKernel<T extends tf.Tensor | tf.Tensor[]>(...args: Parameters<typeof before>): T {
    if (isPaused) return before.apply(engine, args) as T
    const startedMs = performance.now()
    try {
      return before.apply(engine, args) as T
    } finally {
      const name = args[0].slice(0, MAX_NAME)
      const count = counts.get(name)
      const durationMs = performance.now() - startedMs
      if (count) {
        count.calls++
        count.totalMs += durationMs
      } else if (counts.size < MAX_KERNELS)
        counts.set(name, { name, calls: 1, totalMs: durationMs })
    }
  }
  engine.runKernel = runKernel

  return {
    /** Does work that is not counted. */
    without(work: () => void): void {
      isPaused = true
      work()
      isPaused = false
    },
    end(): KernelCount[] {
      if (engine.runKernel === runKernel) engine.runKernel = before
      return [...counts.values()].toSorted((a, b) => b.totalMs - a.totalMs)
    },
  }
}
