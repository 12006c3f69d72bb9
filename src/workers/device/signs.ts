// Signs of life from inside long synchronous work: from each kernel that is started.
import * as tf from '@tensorflow/tfjs'

/** How a worker tells that it is alive. */
export interface Signs {
  /** Called at every kernel launch, thousands of times a second: must be cheap. */
  beat(): void
  /** A long kernel begins, by name; an empty name ends it. */
  work(name: string): void
}

/** A kernel that once took longer is marked as long whenever it runs again. */
const LONG_MS = 100
/** Sum of input sizes below which no kernel that computes before it returns takes long. */
const SMALL = 4096
/** Kinds and shapes of kernels remembered. */
const REMEMBERED = 10_000

/** What launching a kernel waits for: its result, the compiler when it is new, or nothing. */
export type Waits = 'result' | 'compiler' | 'nothing'

/**
 * Beats at every kernel launch, forward, backward and in optimizers, until the returned undo is called.
 * All of tfjs's operators go through this one method of its engine; a beat adds about 0.2 µs. A kernel that took
 * long before, or is new and may take long, is marked as work while it runs: from inside it nobody can beat.
 */
export function signalKernels({ beat, work }: Signs, waits: Waits): () => void {
  const smallest = { result: SMALL, compiler: 0, nothing: Infinity }[waits]
  const engine = tf.engine()
  const runKernel = engine.runKernel
  const durations = new Map<string, number>()

  engine.runKernel = function <T extends tf.Tensor | tf.Tensor[]>(
    ...args: Parameters<typeof runKernel>
  ): T {
    beat()
    const signature = smallest < Infinity ? signatureOf(args[0], args[1], smallest) : undefined
    if (signature === undefined) return runKernel.apply(engine, args) as T
    const isLong = (durations.get(signature) ?? Infinity) >= LONG_MS
    if (isLong) work(args[0])
    const startedAt = performance.now()
    try {
      return runKernel.apply(engine, args) as T
    } finally {
      if (durations.size >= REMEMBERED) durations.clear()
      durations.set(signature, performance.now() - startedAt)
      if (isLong) work('')
    }
  }
  return () => {
    engine.runKernel = runKernel
  }
}

/** Kernel and shapes of its inputs, or `undefined` where these have fewer than `smallest` values. */
function signatureOf(name: string, inputs: object, smallest: number): string | undefined {
  let size = 0
  let signature = name
  for (const input of Object.values(inputs) as (tf.Tensor | tf.Tensor[] | undefined)[]) {
    for (const tensor of Array.isArray(input) ? input : [input]) {
      if (!tensor) continue
      size += tensor.size
      signature += `;${tensor.shape.join()}`
    }
  }
  return size < smallest ? undefined : signature
}
