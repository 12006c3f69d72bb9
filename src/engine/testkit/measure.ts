// Time and memory of a piece of work, such as a method of a plugin.
import * as tf from '@tensorflow/tfjs'

export interface Measurement {
  readonly times: number
  readonly averageMs: number
  readonly worstMs: number
  /** Tensors and bytes that one call leaves behind, what it returned included. */
  readonly leftTensors: number
  readonly leftBytes: number
  /** Most bytes of tensors that one call held at once, beyond those that were there before. */
  readonly peakBytes: number
}

/**
 * Runs `work` `warmUp` times, then `times` times by the clock, then once more to watch its memory. It waits for
 * promises. A GPU works on after a call has returned: for its time, let `work` read a result with `await x.data()`.
 */
export async function measure(
  work: () => unknown,
  { times = 100, warmUp = 10 }: { times?: number; warmUp?: number } = {},
): Promise<Measurement> {
  for (let i = 0; i < warmUp; i++) await work()
  let totalMs = 0
  let worstMs = 0
  const before = tf.memory()
  for (let i = 0; i < times; i++) {
    const startedMs = performance.now()
    const pending = work()
    // An await of its own would add a turn of the event loop to synchronous work.
    if (pending instanceof Promise) await pending
    const durationMs = performance.now() - startedMs
    totalMs += durationMs
    worstMs = Math.max(worstMs, durationMs)
  }
  const after = tf.memory()
  const peakBytes = await peakOf(work)
  return {
    times,
    averageMs: totalMs / times,
    worstMs,
    leftTensors: (after.numTensors - before.numTensors) / times,
    leftBytes: (after.numBytes - before.numBytes) / times,
    peakBytes: Math.max(0, peakBytes - after.numBytes),
  }
}

async function peakOf(work: () => unknown): Promise<number> {
  try {
    const { peakBytes } = await tf.profile(async () => {
      await work()
      return []
    })
    return peakBytes
  } finally {
    // tfjs itself goes on profiling when the work throws.
    tf.engine().state.profiling = false
  }
}
