// Weights of a file into a model: by path and shape, all of them or those that fit.
import * as tf from '@tensorflow/tfjs'
import { EngineError, floatsOf, type StoredDtype, type StoredTensor } from '#sdk'

type Variables = ReadonlyMap<string, tf.Variable>
type Stored = ReadonlyMap<string, StoredTensor>

/** Differences that a message lists; the count is always whole. */
const MAX_LISTED = 12

const show = (shape: readonly number[]): string => `[${shape.join(', ')}]`
const isAlike = (a: readonly number[], b: readonly number[]): boolean => a.join() === b.join()

/** Every place in which a file's weights differ from those of a model. */
function differences(variables: Variables, stored: Stored): string[] {
  const found: string[] = []
  for (const [path, { shape }] of variables) {
    const other = stored.get(path)
    if (!other) found.push(`${path} ${show(shape)} is missing there`)
    else if (!isAlike(shape, other.shape))
      found.push(`${path} is ${show(shape)} here, ${show(other.shape)} there`)
  }
  for (const [path, { shape }] of stored)
    if (!variables.has(path)) found.push(`${path} ${show(shape)} is only there`)
  return found
}

const listed = (items: readonly string[]): string => {
  const more = items.length - MAX_LISTED
  return items.slice(0, MAX_LISTED).join('; ') + (more > 0 ? `; and ${more} more` : '')
}

/** Gives all variables the values of the file. Throws `checkpoint.mismatch` with every difference, and changes nothing. */
export function restoreWeights(
  variables: Variables,
  stored: Stored,
  { subject, model }: { subject: string; model: string },
): void {
  const found = differences(variables, stored)
  if (found.length > 0) {
    throw new EngineError({
      code: 'checkpoint.mismatch',
      message: `${subject} is of another model than ${model}: ${listed(found)}`,
      hint: 'build the model that it was saved from, or take what fits: experiment.init_from with `partial: true`',
    })
  }
  for (const [path, variable] of variables) assign(variable, stored.get(path)!)
}

/**
 * Gives variables the values of the file where path and shape are the same. Returns what became of it, in words;
 * throws `checkpoint.mismatch` when nothing fits.
 */
export function takeWeights(
  variables: Variables,
  stored: Stored,
  { subject, model }: { subject: string; model: string },
): string {
  const taken = [...variables].filter(([path, { shape }]) => {
    const other = stored.get(path)
    return other !== undefined && isAlike(shape, other.shape)
  })
  const found = differences(variables, stored)
  if (taken.length === 0) {
    throw new EngineError({
      code: 'checkpoint.mismatch',
      message: `nothing in ${subject} fits ${model}: ${listed(found)}`,
      hint: 'weights are found by path and shape: build the model with the same settings as there',
    })
  }
  for (const [path, variable] of taken) assign(variable, stored.get(path)!)
  const rest = found.length > 0 ? `; the rest is as initialised: ${listed(found)}` : ''
  return `${model} begins with ${taken.length} of ${variables.size} tensors of ${subject}${rest}`
}

/** The same weights under the paths that they have below a head, or without one. */
export function withHeadPaths(stored: Stored, variables: Variables): Stored {
  const isHeaded = (paths: Iterable<string>): boolean =>
    [...paths].every((path) => path.startsWith('model.') || path.startsWith('head.'))
  const [isHere, isThere] = [isHeaded(variables.keys()), isHeaded(stored.keys())]
  if (isHere === isThere) return stored
  const entries = [...stored].map(
    ([path, tensor]) => [isHere ? `model.${path}` : path.replace(/^model\./, ''), tensor] as const,
  )
  return new Map(entries)
}

const DEVICE_DTYPES: Partial<Record<StoredDtype, 'int32' | 'bool'>> = { I32: 'int32', BOOL: 'bool' }

/** The tensor on the device, in the type that the device has for its values. The caller disposes it. */
export function tensorOf(stored: StoredTensor): tf.Tensor {
  const { dtype, shape, data } = stored
  const type = DEVICE_DTYPES[dtype]
  // A copy: the tensor may keep the array that it is given.
  const values = type === undefined ? floatsOf(stored) : (data as Int32Array | Uint8Array).slice()
  return tf.tensor(values, [...shape], type ?? 'float32')
}

function assign(variable: tf.Variable, stored: StoredTensor): void {
  tf.tidy(() => variable.assign(tensorOf(stored).cast(variable.dtype)))
}
