// Values that handlers of a step want reported, while they are still on the device.
import * as tf from '@tensorflow/tfjs'
import { EngineError, modulesOf } from '#sdk'

export class Observed {
  #values: Map<string, tf.Tensor1D> | undefined

  /** A step begins: values are taken from here on. */
  begin(): void {
    this.#drop()
    this.#values = new Map()
  }

  /** Keeps a copy of each; one of the same name takes the place of what was there. */
  add(metrics: Record<string, tf.Scalar>): void {
    for (const [name, value] of Object.entries(metrics)) {
      if (!this.#values || !(value instanceof tf.Tensor) || value.size !== 1)
        throw refuse(name, value)
      this.#values.get(name)?.dispose()
      this.#values.set(name, tf.keep(tf.tidy(() => value.toFloat().as1D())))
    }
  }

  /** What was observed, for the surrounding `tf.tidy` to free; nothing is taken from here on. */
  take(): { names: string[]; values: tf.Tensor1D[] } {
    const taken = [...(this.#values ?? [])]
    const values = taken.map(([, value]) => tf.clone(value))
    this.#drop()
    return { names: taken.map(([name]) => name), values }
  }

  #drop(): void {
    tf.dispose([...(this.#values?.values() ?? [])])
    this.#values = undefined
  }

  dispose(): void {
    this.#drop()
  }
}

/** `values` with the path of `module` in `model` after each name; those of the model itself stay as they are. */
export function withPath(
  model: object,
  module: object,
  values: Record<string, tf.Scalar>,
): Record<string, tf.Scalar> {
  if (module === model) return values
  const path = [...modulesOf(model)].find(([, each]) => each === module)?.[0]
  if (path !== undefined)
    return Object.fromEntries(
      Object.entries(values).map(([name, value]) => [`${name}.${path}`, value]),
    )
  throw new EngineError({
    code: 'model.forward',
    message: `ctx.observe() was called for ${Object.keys(values).join(', ')} of ${module.constructor.name}, which is not part of the model`,
    hint: 'pass the module itself, and keep child modules in public fields: private #fields, maps and sets are not walked',
  })
}

const refuse = (name: string, value: unknown): EngineError =>
  value instanceof tf.Tensor && value.size === 1
    ? new EngineError({
        code: 'run.state',
        message: `run.observe() was called for ${name} outside of a step`,
        hint: 'call it in a handler from onStepBegin to onOptimizerStep; elsewhere, run.report() takes numbers',
      })
    : new EngineError({
        code: 'data.invalid',
        message: `run.observe() takes one number on the device, but ${name} is ${value instanceof tf.Tensor ? `of shape [${value.shape.join(', ')}]` : typeof value}`,
        hint: 'reduce it to a scalar, with mean() or sum(); for plain numbers there is run.report()',
      })
