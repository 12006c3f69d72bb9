// Modules: models and layers whose parameters are found by walking their fields.
import * as tf from '@tensorflow/tfjs'
import type { TensorMap } from './data.ts'
import { EngineError } from './errors.ts'
import type { Random } from './random.ts'

/** What a forward pass may depend on besides its inputs. Mode and randomness come in here, never as flags. */
export interface ForwardContext {
  /** True in a training step; dropout and its like act only then. */
  readonly training: boolean
  /** Stream of this step; the same seed and step give the same numbers. */
  readonly random: Random
  /** Steps done so far, from 0. A step that reads it runs its code each time, and is slower for it. */
  readonly step: number
  /** Values of `schedules.values` by name, as device scalars; borrowed. */
  readonly scalars: Readonly<Record<string, tf.Scalar>>
  /**
   * Which positions there are: [batch, time], 1 = keep. Read by layers that mix along time or average over
   * positions; a model passes it on to them, as in `layer.forward(x, { ...ctx, mask })`.
   */
  readonly mask?: tf.Tensor | undefined
  /** Adds to the loss from deep inside of a model, such as the balance of experts; its sum is the metric `aux_loss`. */
  readonly addLoss?: ((loss: tf.Scalar) => void) | undefined
  /**
   * Adds values to the metrics of the step without waiting for the device. Each is named with the path of the
   * module it is about: `load` of `layers.0.ffn` becomes `load.layers.0.ffn`.
   */
  readonly observe?: ((module: object, values: Record<string, tf.Scalar>) => void) | undefined
  /**
   * There while somebody looks inside (`run.inspect`), never in a step: shows values that are no outputs, such as
   * the weights of an attention: `ctx.record?.(this, { weights })`. The tensors are borrowed.
   */
  readonly record?: ((module: object, values: TensorMap) => void) | undefined
}

const MODULE = Symbol.for('plugboard.module')

/**
 * A model or a layer. Keep parameters (`parameter(…)`), state (`buffer(…)`) and child modules in public
 * fields, arrays of them included: they are found by walking and named by path (`layers.0.attn.query.weight`).
 */
export abstract class Module<In = TensorMap, Out = TensorMap> {
  readonly [MODULE] = true
  /**
   * For its own weights that PyTorch keeps with the axes in another order, by field: axis `axes[i]` here is axis i
   * there. A linear layer has `{ weight: [1, 0] }`.
   */
  get torchAxes(): Readonly<Record<string, readonly number[]>> {
    return {}
  }

  /** Synchronous; a function of its inputs, the context and parameters only. */
  abstract forward(inputs: In, ctx: ForwardContext): Out
}

export function isModule(value: unknown): value is Module<unknown, unknown> {
  return typeof value === 'object' && value !== null && MODULE in value
}

/** How a parameter starts: fills `size` values of a tensor of `shape`. */
export type Initializer = (random: Random, shape: number[]) => Float32Array

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)

/** Initial values. `fanIn` of a weight is the product of all its dimensions but the last. */
export const init = {
  zeros: (): Initializer => (_, shape) => new Float32Array(sizeOf(shape)),
  ones: (): Initializer => (_, shape) => new Float32Array(sizeOf(shape)).fill(1),
  constant:
    (value: number): Initializer =>
    (_, shape) =>
      new Float32Array(sizeOf(shape)).fill(value),
  normal:
    (deviation: number): Initializer =>
    (random, shape) =>
      random.normals(sizeOf(shape), deviation),
  uniform:
    (bound: number): Initializer =>
    (random, shape) =>
      random.uniforms(sizeOf(shape), -bound, bound),
  /** He et al. 2015, eq. 10: normal with deviation sqrt(2 / fanIn), for ReLU networks. */
  he: (): Initializer => (random, shape) =>
    random.normals(sizeOf(shape), Math.sqrt(2 / Math.max(1, sizeOf(shape.slice(0, -1))))),
  /** PyTorch's default for linear layers: uniform within 1 / sqrt(fanIn). */
  linear: (fanIn: number): Initializer => init.uniform(1 / Math.sqrt(fanIn)),
} as const

const show = (shape: readonly number[]): string => `[${shape.join(', ')}]`

const refuse = (message: string, hint: string): EngineError =>
  new EngineError({ code: 'model.parameter', message, hint })

interface BuildScope {
  readonly random: Random
  readonly variables: Set<tf.Variable>
  readonly constants: Set<tf.Tensor>
}

let scope: BuildScope | undefined

/**
 * Runs `build`, which is synchronous, with parameters drawing their initial values from `random`. Returns
 * the module. Throws `model.parameter` for a tensor that the walk cannot find; then all of them are freed.
 */
export function buildModule<M extends Module<never, unknown>>(random: Random, build: () => M): M {
  const outer = scope
  const inner: BuildScope = { random, variables: new Set(), constants: new Set() }
  scope = inner
  try {
    const module = build()
    const found = tensorsOf(module)
    for (const tensor of [...inner.variables, ...inner.constants]) {
      if (found.has(tensor)) continue
      throw refuse(
        `a tensor of shape ${show(tensor.shape)} was made while building ${module.constructor.name}, but none of its fields holds it`,
        'keep parameters, constants and child modules in public fields; arrays and plain objects may hold them, private #fields, maps and sets may not',
      )
    }
    return module
  } catch (thrown) {
    for (const tensor of [...inner.variables, ...inner.constants]) tensor.dispose()
    throw thrown
  } finally {
    scope = outer
  }
}

/** The build that is on; its shape has sizes from 1 on. */
function openScope(what: string, shape: readonly number[]): BuildScope {
  if (!scope) {
    throw refuse(
      `${what}() was called outside of the building of a model`,
      'make tensors of a model in the constructor of a Module that a model or layer plugin creates',
    )
  }
  if (shape.every((size) => Number.isInteger(size) && size >= 1)) return scope
  throw refuse(
    `${what}() was asked for a tensor of shape ${show(shape)}, but sizes are whole numbers from 1 on`,
    'check the sizes that the shape is made of: settings, and columns of the batch',
  )
}

function makeVariable(
  what: 'parameter' | 'buffer',
  shape: number[],
  initializer: Initializer,
): tf.Variable {
  const { random, variables } = openScope(what, shape)
  const values = initializer(random.fork(variables.size), shape)
  if (values.length !== sizeOf(shape)) {
    throw refuse(
      `the initializer of a ${what} of shape ${show(shape)} gave ${values.length} values, not ${sizeOf(shape)}`,
      'return one value for each place of the shape',
    )
  }
  const isTrained = what === 'parameter'
  const variable = tf.tidy(() => tf.variable(tf.tensor(values, shape, 'float32'), isTrained))
  variables.add(variable)
  return variable
}

/**
 * A trainable tensor of `shape` (sizes from 1 on), started by `initializer`. Put it into a public field of
 * a `Module`. Throws `model.parameter` outside of the building of a model.
 */
export function parameter(shape: number[], initializer: Initializer): tf.Variable {
  return makeVariable('parameter', shape, initializer)
}

/** State that is saved with the model but never optimised, such as running means. */
export function buffer(shape: number[], initializer: Initializer = init.zeros()): tf.Variable {
  return makeVariable('buffer', shape, initializer)
}

/**
 * A tensor that never changes, such as a mask: freed with the module, neither optimised nor saved. Put it
 * into a public field, as a parameter. `values` belong to the tensor from then on.
 */
export function constant(shape: number[], values: Float32Array | Int32Array): tf.Tensor {
  const { constants } = openScope('constant', shape)
  const tensor = tf.keep(tf.tensor(values, shape))
  constants.add(tensor)
  return tensor
}

function* walk(
  node: unknown,
  path: string,
  seen: Set<object>,
): Generator<[string, tf.Tensor | Module<unknown, unknown>]> {
  if (typeof node !== 'object' || node === null) return
  if (node instanceof tf.Tensor) {
    yield [path, node]
    return
  }
  const module = isModule(node)
  if (!module && !Array.isArray(node) && Object.getPrototypeOf(node) !== Object.prototype) return
  if (seen.has(node)) return
  seen.add(node)
  if (module) yield [path, node]
  for (const [key, child] of Object.entries(node))
    yield* walk(child, path ? `${path}.${key}` : key, seen)
}

function tensorsOf(module: object): Set<tf.Tensor> {
  const found = new Set<tf.Tensor>()
  for (const [, node] of walk(module, '', new Set())) if (node instanceof tf.Tensor) found.add(node)
  return found
}

function variablesOf(module: object, trainable: boolean): Map<string, tf.Variable> {
  const found = new Map<string, tf.Variable>()
  const known = new Set<tf.Variable>()
  for (const [path, node] of walk(module, '', new Set())) {
    // A tied parameter counts once, under the first path that reaches it.
    if (!(node instanceof tf.Variable) || node.trainable !== trainable || known.has(node)) continue
    known.add(node)
    found.set(path, node)
  }
  return found
}

/** Trainable parameters by path, each once. */
export const parametersOf = (module: object): Map<string, tf.Variable> => variablesOf(module, true)
/** Buffers by path, each once. */
export const buffersOf = (module: object): Map<string, tf.Variable> => variablesOf(module, false)

/** Every module below (and with) `module`, by path; the root has the path ''. */
export function modulesOf(module: object): Map<string, Module<unknown, unknown>> {
  const found = new Map<string, Module<unknown, unknown>>()
  for (const [path, node] of walk(module, '', new Set())) {
    if (!(node instanceof tf.Tensor)) found.set(path, node)
  }
  return found
}

/** Number of trainable values. */
export function parameterCount(module: object): number {
  let count = 0
  for (const variable of parametersOf(module).values()) count += variable.size
  return count
}

/** Frees every parameter, buffer and constant of `module`. */
export function disposeModule(module: object): void {
  for (const tensor of tensorsOf(module)) tensor.dispose()
}
