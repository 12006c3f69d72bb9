// What every optimizer does with its state: keep it by name, hand it out, take it over, free it.
import * as tf from '@tensorflow/tfjs'
import { hiddenState, type HidesState } from './hidden-state.ts'
import type { NamedTensors, Optimizer } from './model-kinds.ts'

/** Base of optimizers that remember something of a parameter: only `learningRate` and `update` are left to write. */
export abstract class StatefulOptimizer implements Optimizer, HidesState {
  abstract readonly learningRate: number
  readonly #state = new Map<string, tf.Variable>()

  abstract update(args: Parameters<Optimizer['update']>[0]): void

  [hiddenState](): readonly unknown[] {
    return [this.#state]
  }

  /** What is remembered under `name`, such as `m/layers.0.weight`. */
  protected recall(name: string): tf.Variable | undefined {
    return this.#state.get(name)
  }

  /** Remembers `value` under `name`, in place of what was there. Returns the variable that holds it. */
  protected remember(name: string, value: tf.Tensor): tf.Variable {
    const known = this.#state.get(name)
    if (known) {
      known.assign(value)
      return known
    }
    const made = tf.variable(value, false)
    this.#state.set(name, made)
    return made
  }

  /**
   * Moves the running mean called `name` towards `value` by `share` of the way, and returns it; a new one begins at
   * `start` of `value`, as one would that was 0 before. A `share` of 0, for a step that is not healthy, leaves it
   * as it is.
   */
  protected average(
    name: string,
    value: tf.Tensor,
    share: tf.Scalar,
    start: tf.Tensor = share,
  ): tf.Variable {
    const mean = this.recall(name)
    return this.remember(name, mean ? mean.add(value.sub(mean).mul(share)) : value.mul(start))
  }

  state(): Map<string, tf.Variable> {
    return this.#state
  }

  restore(state: NamedTensors): void {
    const taken = [...state].map(([name, tensor]) => [name, tf.variable(tensor, false)] as const)
    this.dispose()
    for (const [name, variable] of taken) this.#state.set(name, variable)
  }

  dispose(): void {
    for (const variable of this.#state.values()) variable.dispose()
    this.#state.clear()
  }
}
