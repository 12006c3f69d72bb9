// Gradients by parameter path, and a clean tape when taking them fails.
import * as tf from '@tensorflow/tfjs'
import { EngineError, type Gradients } from '#sdk'

/**
 * Runs `forward` with a tape and goes back over it. Parameters that do not reach the loss have no entry.
 * Call inside of `tf.tidy`.
 */
export function takeGradients(
  forward: () => tf.Scalar,
  parameters: ReadonlyMap<string, tf.Variable>,
): { loss: tf.Scalar; gradients: Gradients } {
  try {
    // What tf.variableGrads does, without its refusal of a loss that reaches no parameter.
    const { value, grads } = tf
      .engine()
      .gradients(forward, [...parameters.values()], undefined, true)
    const gradients: Gradients = new Map()
    ;[...parameters.keys()].forEach((path, i) => {
      const gradient = grads[i]
      if (gradient) gradients.set(path, gradient)
    })
    return { loss: value, gradients }
  } catch (thrown) {
    clearTape()
    throw thrown
  }
}

/** tfjs keeps what a tape saved until a backward pass has used it; one that was cut short never does. */
function clearTape(): void {
  const { state } = tf.engine()
  if (state.gradientDepth > 0) return
  for (const node of state.activeTape ?? []) for (const tensor of node.saved ?? []) tensor.dispose()
  state.activeTape = []
}

/** Checks what handlers of `onBackwardEnd` made of the gradients. */
export function checkGradients(
  value: unknown,
  parameters: ReadonlyMap<string, tf.Variable>,
): Gradients {
  if (!(value instanceof Map)) throw refuse(`${typeof value} instead of a map`)
  for (const [path, gradient] of value as Map<string, unknown>) {
    const parameter = parameters.get(path)
    if (!parameter) throw refuse(`a gradient for ${String(path)}, which is no parameter`)
    if (gradient instanceof tf.Tensor && gradient.isDisposed)
      throw refuse(`a gradient for ${path} that is disposed`)
    const shape = gradient instanceof tf.Tensor ? gradient.shape : undefined
    if (!shape || !tf.util.arraysEqual(shape, parameter.shape)) {
      const found = shape ? `[${shape.join(', ')}]` : 'not a tensor'
      throw refuse(
        `a gradient for ${path} that is ${found}; its shape is [${parameter.shape.join(', ')}]`,
      )
    }
  }
  return value as Gradients
}

const refuse = (found: string): EngineError =>
  new EngineError({
    code: 'hook.result',
    message: `onBackwardEnd handed on ${found}`,
    hook: 'onBackwardEnd',
    hint: 'return a Map from parameter path to a tensor of the same shape; leave a path out to leave its parameter alone',
  })
