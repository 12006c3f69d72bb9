// How many tensors a call leaves behind that no scope around it frees.
import * as tf from '@tensorflow/tfjs'

/** Counts from now on; the function returned tells the number, which is negative where it freed others. */
export function leftBehind(): () => number {
  const { state } = tf.engine()
  const before = state.numTensors
  const scope = state.activeScope
  const from = scope?.track.length ?? 0
  return () => {
    const made = state.numTensors - before
    if (!scope || scope !== state.activeScope) return made
    // Those are freed with the scope.
    const passing = scope.track.slice(from).filter(({ kept, isDisposed }) => !kept && !isDisposed)
    return made - passing.length
  }
}
