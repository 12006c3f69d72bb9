// Inputs of one's own for a model: refused early where they cannot be right, explained where the model chokes on them.
import * as tf from '@tensorflow/tfjs'
import { type ColumnSpec, EngineError, isEngineError, type TensorMap } from '#sdk'

const HINT =
  'run.prepare() makes such tensors of rows in the form the dataset gives them, run.batch() of rows of the run'

const refuse = (message: string): EngineError =>
  new EngineError({ code: 'data.invalid', message, hint: HINT })

/** Refuses what is no map of living tensors with as many rows each. */
export function checkInputs(inputs: unknown): asserts inputs is TensorMap {
  if (typeof inputs !== 'object' || inputs === null || inputs instanceof tf.Tensor)
    throw refuse(
      `inputs of a model are tensors by name, but were ${inputs instanceof tf.Tensor ? 'a bare tensor' : String(inputs)}`,
    )
  const entries = Object.entries(inputs)
  const [first] = entries
  if (!first) throw refuse('inputs of a model are tensors by name, but there were none')
  for (const [name, value] of entries as [string, unknown][]) {
    if (!(value instanceof tf.Tensor))
      throw refuse(`input ${name} of the model is no tensor, but ${describe(value)}`)
    if (value.isDisposed) throw refuse(`input ${name} of the model is a tensor that was disposed`)
    const rows = (first[1] as tf.Tensor).shape[0]
    if (value.shape[0] === rows) continue
    throw refuse(
      `inputs of a model have as many rows each, but ${first[0]} is ${formOf(first[1] as tf.Tensor)} and ${name} is ${formOf(value)}`,
    )
  }
}

const describe = (value: unknown): string => (Array.isArray(value) ? 'a list' : typeof value)

const formOf = ({ shape, dtype }: tf.Tensor): string => `[${shape.join(', ')}] ${dtype}`

/**
 * What a model threw over inputs that differ from its batches, with the difference said first; anything else it
 * threw as it is.
 */
export function unfit(
  thrown: unknown,
  inputs: TensorMap,
  columns: Readonly<Record<string, ColumnSpec>>,
): unknown {
  if (!isEngineError(thrown) || thrown.code !== 'model.forward') return thrown
  const differences = Object.entries(columns).flatMap(([name, { shape, dtype }]) => {
    const expected = `[${['rows', ...shape].join(', ')}] ${dtype}`
    const found = inputs[name]
    if (!found) return [`${name} is missing (${expected})`]
    const isAlike = tf.util.arraysEqual(found.shape.slice(1), [...shape]) && found.dtype === dtype
    return isAlike ? [] : [`${name} is ${formOf(found)}, not ${expected}`]
  })
  if (differences.length === 0) return thrown
  return new EngineError({
    code: 'data.invalid',
    message: `the model could not take its inputs: ${differences.join('; ')} (${thrown.message})`,
    hint: HINT,
    cause: thrown,
  })
}
