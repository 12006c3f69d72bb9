// A forward pass with a look inside: what modules give, and what they show of themselves.
import * as tf from '@tensorflow/tfjs'
import {
  EngineError,
  type ForwardContext,
  type Inspection,
  type Model,
  type Module,
  modulesOf,
  type TensorMap,
} from '#sdk'
import { predict } from './evaluate.ts'
import { pathOf } from './observed.ts'
import type { Part } from './part.ts'

/**
 * Outputs of the model for `inputs`, and copies of what the modules that `names` choose gave meanwhile. Modules
 * are followed for this one pass only. The caller disposes both.
 */
export function inspect(
  model: Part<Model>,
  inputs: TensorMap,
  ctx: ForwardContext,
  names: readonly string[],
): Inspection {
  const { instance } = model
  const notes = new Notes(names)
  const record: ForwardContext['record'] = (module, values) => {
    const path = pathOf(
      instance,
      module,
      `ctx.record() was called for ${Object.keys(values).join(', ')}`,
    )
    for (const [name, value] of Object.entries(values))
      notes.add(path === '' ? name : `${path}:${name}`, value)
  }
  const undo = [...modulesOf(instance)].map(([path, module]) =>
    path === '' ? undefined : follow(module, (given) => notes.addOutput(path, given)),
  )
  try {
    const outputs = tf.tidy(() => predict(model, inputs, { ...ctx, record }))
    try {
      return { outputs, seen: notes.take() }
    } catch (thrown) {
      tf.dispose(outputs)
      throw thrown
    }
  } catch (thrown) {
    notes.dispose()
    throw thrown
  } finally {
    for (const restore of undo.toReversed()) restore?.()
  }
}

/** Tells what each call of a module's `forward` gives, until undone. */
function follow(module: Module<unknown, unknown>, tell: (given: unknown) => void): () => void {
  const own = Object.getOwnPropertyDescriptor(module, 'forward')
  const forward = module.forward.bind(module)
  // One that must not be touched is not followed; what it records is.
  if (!Object.isExtensible(module) || own?.configurable === false) return () => undefined
  const value = (...args: Parameters<typeof forward>): unknown => {
    const given = forward(...args)
    tell(given)
    return given
  }
  Object.defineProperty(module, 'forward', { value, configurable: true, writable: true })
  return () => {
    if (own) Object.defineProperty(module, 'forward', own)
    else Reflect.deleteProperty(module, 'forward')
  }
}

/** Copies of the tensors that were asked for, by name. */
class Notes {
  readonly #patterns: readonly { name: string; expression: RegExp }[]
  readonly #seen: TensorMap = {}
  readonly #found = new Set<string>()
  readonly #offered = new Set<string>()

  constructor(names: readonly string[]) {
    this.#patterns = names.map((name) => ({ name, expression: expressionOf(name) }))
  }

  addOutput(path: string, given: unknown): void {
    if (given instanceof tf.Tensor) return this.add(path, given)
    if (typeof given !== 'object' || given === null) return
    for (const [key, value] of Object.entries(given))
      if (value instanceof tf.Tensor) this.add(`${path}.${key}`, value)
  }

  add(path: string, value: tf.Tensor): void {
    // A module that is used several times in a pass gives several values.
    let name = path
    for (let turn = 2; this.#offered.has(name); turn++) name = `${path}#${turn}`
    this.#offered.add(name)
    const matching = this.#patterns.filter(({ expression }) => expression.test(name))
    if (matching.length === 0) return
    for (const pattern of matching) this.#found.add(pattern.name)
    // Kept: the scope in which a module computes ends before the pass does.
    this.#seen[name] = tf.keep(tf.clone(value))
  }

  take(): TensorMap {
    const missing = this.#patterns.find(({ name }) => !this.#found.has(name))
    if (!missing) return this.#seen
    const offered = [...this.#offered].slice(0, MAX_LISTED).join(', ')
    throw new EngineError({
      code: 'data.invalid',
      message: `nothing in the model is named ${missing.name}; there are ${offered}`,
      hint: 'name a module by its path, or what it records as path:name; a * stands for any part of a name',
    })
  }

  dispose(): void {
    tf.dispose(this.#seen)
  }
}

/** Most names that an error lists. */
const MAX_LISTED = 60

const expressionOf = (name: string): RegExp =>
  new RegExp(
    `^${name
      .split('*')
      .map((part) => part.replaceAll(/[$()+.?[\\\]^{|}]/g, String.raw`\$&`))
      .join('.*')}$`,
  )
