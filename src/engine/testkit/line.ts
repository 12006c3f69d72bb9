// The smallest plugin that a whole run needs: rows on a line, a model for them, an optimizer, a loss.
import * as tf from '@tensorflow/tfjs'
import {
  definePlugin,
  type ForwardContext,
  hiddenState,
  type HidesState,
  init,
  Module,
  type Optimizer,
  parameter,
  type Table,
  type TensorMap,
  z,
} from '#sdk'

/** `y = 2a - b`, `rows` of them; column x is [a, b]. */
export function lineRows(rows: number) {
  const x = Float32Array.from({ length: rows * 2 }, (_, i) => Math.sin(i * 7.3))
  const y = Float32Array.from({ length: rows }, (_, i) => 2 * x[2 * i]! - x[2 * i + 1]!)
  return {
    length: rows,
    columns: {
      x: { type: 'number', data: x, shape: [2], dtype: 'float32' },
      y: { type: 'number', data: y, shape: [1], dtype: 'float32' },
    },
  } as const satisfies Table
}

/** x [n, 2] to prediction [n, 1], with dropout on x while training. */
export class Line extends Module {
  weight = parameter([2, 1], init.linear(2))
  bias = parameter([1], init.zeros())
  readonly dropout: number
  constructor(dropout = 0) {
    super()
    this.dropout = dropout
  }
  forward({ x }: TensorMap, ctx: ForwardContext): TensorMap {
    let input = x!
    if (ctx.training && this.dropout > 0) {
      const keep = ctx.random.uniforms(input.size).map((u) => (u < this.dropout ? 0 : 1))
      input = input.mul(tf.tensor(keep, input.shape))
    }
    return { prediction: input.matMul(this.weight).add(this.bias) }
  }
}

/** Momentum, so that there is state to carry. */
export class Momentum implements Optimizer, HidesState {
  readonly learningRate: number
  readonly #state = new Map<string, tf.Variable>()
  constructor(learningRate = 0.1) {
    this.learningRate = learningRate
  }
  update({ parameters, gradients, learningRate }: Parameters<Optimizer['update']>[0]): void {
    for (const [path, gradient] of gradients) {
      let velocity = this.#state.get(path)
      if (!velocity) {
        velocity = tf.variable(tf.zeros(gradient.shape), false)
        this.#state.set(path, velocity)
      }
      velocity.assign(velocity.mul(0.5).add(gradient))
      const variable = parameters.get(path)!
      variable.assign(variable.sub(velocity.mul(learningRate)))
    }
  }
  [hiddenState](): readonly unknown[] {
    return [this.#state]
  }
  state(): Map<string, tf.Variable> {
    return this.#state
  }
  restore(state: Map<string, tf.Tensor>): void {
    for (const [path, value] of state)
      this.#state.set(
        path,
        tf.tidy(() => tf.variable(value.clone(), false)),
      )
  }
  dispose(): void {
    for (const variable of this.#state.values()) variable.dispose()
    this.#state.clear()
  }
}

export const squaredError = {
  compute: ({ outputs, batch }: { outputs: TensorMap; batch: TensorMap }) =>
    outputs['prediction']!.sub(batch['y']!).square().mean().asScalar(),
}

/**
 * Provides `dataset/line` (40 rows: x [2], y [1]), `model/line` (output `prediction`), `optimizer/momentum` and
 * `loss/squared_error`, the default: what an experiment lacks that is to try one part of one's own.
 */
export const linePlugin = definePlugin({
  manifest: {
    name: 'line',
    version: '1.0.0',
    category: 'test',
    description: 'Rows on a line, and all it takes to learn them',
    provides: ['dataset/line', 'model/line', 'optimizer/momentum', 'loss/squared_error', 'loss'],
  },
  methods: {
    initialize(ctx) {
      ctx.provide('dataset', 'line', () => ({ load: async () => lineRows(40) }))
      ctx.provide('model', 'line', ({ dropout }) => new Line(dropout), {
        config: z.strictObject({ dropout: z.number().min(0).max(1).default(0) }),
      })
      ctx.provide('optimizer', 'momentum', () => new Momentum())
      ctx.provide('loss', 'squared_error', () => squaredError, { default: true })
    },
  },
})

/** Part of an experiment. */
export type Settings = Record<string, unknown>

/** An experiment on the parts of `linePlugin`: one epoch of four steps. `changes` take the place of its keys. */
export function lineExperiment({ training, ...changes }: Settings & { training?: Settings } = {}) {
  return {
    dataset: 'line',
    model: 'line',
    validation_split: 0.2,
    ...changes,
    training: {
      optimizer: 'momentum',
      loss: 'squared_error',
      epochs: 1,
      batch_size: 8,
      ...training,
    },
  }
}
