// Are the gradients of a module right, and do they reach every parameter?
import * as tf from '@tensorflow/tfjs'
import { chai } from '@vitest/expect'
import { createRandom, type ForwardContext, type Module, parametersOf, type TensorMap } from '#sdk'
import { takeGradients } from '../nn/gradients.ts'

type Outputs = tf.Tensor | TensorMap

export interface GradientOptions<Out> {
  /** What is derived; without it, a sum over all outputs, each value with a fixed weight of its own. */
  loss?: (outputs: Out) => tf.Scalar
  /** Parts of the context of the forward pass; not in training and seed 0 without it. */
  context?: Partial<ForwardContext>
}

export interface CheckOptions<Out> extends GradientOptions<Out> {
  /** Values of each parameter that are checked, drawn at random; 10 without it. */
  samples?: number
  /** How far a value is moved each way; 0.01 without it: float32 has no more than seven digits. */
  step?: number
  /** Largest difference that is taken for equal, as a share of the larger of 1 and the gradient. */
  tolerance?: number
}

export interface FlowOptions<Out> extends GradientOptions<Out> {
  /** Paths of parameters that need no gradient; one that ends in `*` exempts all that begin so. */
  except?: readonly string[]
}

/** A gradient that differs from the slope that was measured. */
interface Difference {
  readonly path: string
  readonly index: number
  readonly gradient: number
  readonly slope: number
}

const named = (outputs: Outputs): [string, tf.Tensor][] =>
  outputs instanceof tf.Tensor ? [['', outputs]] : Object.entries(outputs)

/** A sum that no symmetry of the outputs makes flat, as a plain sum of probabilities would be. */
function weighedSum(outputs: Outputs): tf.Scalar {
  const terms = named(outputs).map(([name, output]) => {
    const weights = createRandom(1).fork(name).uniforms(output.size, 0.5, 1.5)
    return output.mul(tf.tensor(weights, output.shape)).sum()
  })
  return tf.addN(terms).asScalar()
}

/** The loss as a function of the parameters as they are: the same random numbers each time. */
function lossOf<In, Out extends Outputs>(
  module: Module<In, Out>,
  inputs: In,
  { loss = weighedSum, context }: GradientOptions<Out>,
): () => tf.Scalar {
  return () => {
    const random = createRandom(0)
    const ctx = { training: false, random, step: 0, scalars: {}, ...context }
    return loss(module.forward(inputs, ctx))
  }
}

/** Parameters by path; refuses a module that has none, of which nothing could be found out. */
function parametersIn(module: object): Map<string, tf.Variable> {
  const parameters = parametersOf(module)
  if (parameters.size > 0) return parameters
  throw new chai.AssertionError(`${module.constructor.name} has no parameters to derive by`)
}

const isExempt = (path: string, except: readonly string[]): boolean =>
  except.some((each) => (each.endsWith('*') ? path.startsWith(each.slice(0, -1)) : path === each))

/**
 * Compares the gradient of each parameter of `module` with its slope by central differences. Throws an
 * assertion error that names those that differ; returns how many values it checked. Keep away from kinks, such
 * as that of ReLU at 0, where there is no slope.
 */
export function checkGradients<In, Out extends Outputs>(
  module: Module<In, Out>,
  inputs: In,
  { samples = 10, step = 0.01, tolerance = 0.01, ...options }: CheckOptions<Out> = {},
): number {
  const parameters = parametersIn(module)
  const loss = lossOf(module, inputs, options)
  const gradients = new Map<string, ArrayLike<number>>()
  tf.tidy(() => {
    for (const [path, gradient] of takeGradients(loss, parameters).gradients)
      gradients.set(path, gradient.dataSync())
  })
  const lossAt = (variable: tf.Variable, values: Float32Array): number =>
    tf.tidy(() => {
      variable.assign(tf.tensor(values, variable.shape))
      return loss().dataSync()[0]!
    })
  let checked = 0
  const differences: Difference[] = []
  for (const [path, variable] of parameters) {
    const values = variable.dataSync() as Float32Array
    const order = createRandom(0).fork(path).permutation(variable.size)
    try {
      for (const index of order.subarray(0, samples)) {
        const moved = (by: number): Float32Array => values.with(index, values[index]! + by)
        const slope = (lossAt(variable, moved(step)) - lossAt(variable, moved(-step))) / (2 * step)
        const gradient = gradients.get(path)?.[index] ?? 0
        const scale = Math.max(1, Math.abs(gradient), Math.abs(slope))
        // The comparison is false for NaN, which is a difference too.
        if (!(Math.abs(gradient - slope) <= tolerance * scale))
          differences.push({ path, index, gradient, slope })
        checked++
      }
    } finally {
      lossAt(variable, values)
    }
  }
  if (differences.length === 0) return checked
  const lines = differences.map(
    ({ path, index, gradient, slope }) =>
      `${path}[${index}]: gradient ${gradient.toPrecision(4)}, slope ${slope.toPrecision(4)}`,
  )
  throw new chai.AssertionError(
    `${differences.length} of ${checked} gradients are not the slope:\n${lines.join('\n')}`,
  )
}

/**
 * Every parameter of `module` is connected to the loss, and its gradient is finite and not all zero, unless it
 * is exempted by name. Throws an assertion error that names those for which it does not hold.
 */
export function checkGradientFlow<In, Out extends Outputs>(
  module: Module<In, Out>,
  inputs: In,
  { except = [], ...options }: FlowOptions<Out> = {},
): void {
  const parameters = parametersIn(module)
  const loss = lossOf(module, inputs, options)
  const unknown = except.filter(
    (name) => ![...parameters.keys()].some((path) => isExempt(path, [name])),
  )
  const lines = unknown.map((name) => `${name}: exempted, but there is no such parameter`)
  tf.tidy(() => {
    const { gradients } = takeGradients(loss, parameters)
    for (const path of parameters.keys()) {
      if (isExempt(path, except)) continue
      const problem = faultOf(gradients.get(path))
      if (problem !== undefined) lines.push(`${path}: ${problem}`)
    }
  })
  if (lines.length === 0) return
  throw new chai.AssertionError(`gradients do not flow to all parameters:\n${lines.join('\n')}`)
}

function faultOf(gradient: tf.Tensor | undefined): string | undefined {
  if (!gradient) return 'not connected to the loss'
  const values = gradient.dataSync()
  if (!values.every(Number.isFinite)) return 'its gradient is not finite'
  return values.some((value) => value !== 0) ? undefined : 'its gradient is zero everywhere'
}
