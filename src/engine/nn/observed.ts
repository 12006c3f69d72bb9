// Values that handlers of a step want reported, while they are still on the device.
import * as tf from '@tensorflow/tfjs'
import { EngineError, type Metrics, modulesOf } from '#sdk'

/** Most numbers of one tensor: more would make the read-back of every step's loss slow. */
const MAX_SIZE = 65_536

/** Name and number of values of what was observed. */
export interface ObservedForm {
  name: string
  size: number
}

export class Observed {
  #values: Map<string, tf.Tensor1D> | undefined

  /** A step begins: values are taken from here on. */
  begin(): void {
    this.dispose()
    this.#values = new Map()
  }

  /** What was observed before the step itself. */
  get given(): ReadonlyMap<string, tf.Tensor> {
    return this.#values ?? new Map()
  }

  /** Keeps a copy of each; one of the same name takes the place of what was there. */
  add(values: Record<string, tf.Tensor>): void {
    for (const [name, value] of Object.entries(values)) {
      if (!this.#values || !isSmallTensor(value)) throw refuse(name, value)
      this.#values.get(name)?.dispose()
      this.#values.set(name, tf.keep(tf.tidy(() => value.toFloat().flatten())))
    }
  }

  /** What was observed, for the surrounding `tf.tidy` to free; nothing is taken from here on. */
  take(): { forms: ObservedForm[]; values: tf.Tensor1D[] } {
    const taken = [...(this.#values ?? [])]
    const values = taken.map(([, value]) => tf.clone(value))
    this.dispose()
    return { forms: taken.map(([name, { size }]) => ({ name, size })), values }
  }

  /** Nothing is taken until the next step begins. */
  dispose(): void {
    tf.dispose([...(this.#values?.values() ?? [])])
    this.#values = undefined
  }
}

/** What was read of values that lie one after another: single numbers are metrics. */
export function splitObserved(
  forms: readonly ObservedForm[],
  values: Float32Array,
): { metrics: Metrics; tensors: Record<string, Float32Array> } {
  const metrics: Metrics = {}
  const tensors: Record<string, Float32Array> = {}
  let at = 0
  for (const { name, size } of forms) {
    if (size === 1) metrics[name] = values[at]!
    else tensors[name] = values.slice(at, at + size)
    at += size
  }
  return { metrics, tensors }
}

/** `values` with the path of `module` in `model` after each name; those of the model itself stay as they are. */
export function withPath(
  model: object,
  module: object,
  values: Record<string, tf.Scalar>,
): Record<string, tf.Scalar> {
  if (module === model) return values
  const path = pathOf(
    model,
    module,
    `ctx.observe() was called for ${Object.keys(values).join(', ')}`,
  )
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [`${name}.${path}`, value]),
  )
}

/** Path of `module` in `model`; `call` says what was called for it. Throws `model.forward` when it is no part of it. */
export function pathOf(model: object, module: object, call: string): string {
  const path = [...modulesOf(model)].find(([, each]) => each === module)?.[0]
  if (path !== undefined) return path
  throw new EngineError({
    code: 'model.forward',
    message: `${call} of ${module.constructor.name}, which is not part of the model`,
    hint: 'pass the module itself, and keep child modules in public fields: private #fields, maps and sets are not walked',
  })
}

const isSmallTensor = (value: unknown): value is tf.Tensor =>
  value instanceof tf.Tensor && value.size > 0 && value.size <= MAX_SIZE

const refuse = (name: string, value: unknown): EngineError =>
  isSmallTensor(value)
    ? new EngineError({
        code: 'run.state',
        message: `run.observe() was called for ${name} outside of a step`,
        hint: 'call it in a handler from onStepBegin to onOptimizerStep; elsewhere, run.report() takes numbers',
      })
    : new EngineError({
        code: 'data.invalid',
        message: `run.observe() takes tensors of at most ${MAX_SIZE} numbers, but ${name} is ${value instanceof tf.Tensor ? `of shape [${value.shape.join(', ')}]` : typeof value}`,
        hint: 'reduce it, with mean() or sum(), or to the counts of a histogram; for plain numbers there is run.report()',
      })
