// Runs a recording once more, without the JavaScript that was recorded.
import * as tf from '@tensorflow/tfjs'
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import type { Recorded, Replay } from './replay.ts'
import type { TensorMemory } from './tensor-memory.ts'
import type { Form } from './trace.ts'

export interface ReplayInput {
  readonly replay: Replay
  /** As they were given when it was recorded, with new values. */
  readonly inputs: readonly tf.Tensor[]
  /** New values of `Replay.written`. */
  readonly written: readonly ArrayLike<number>[]
}

export interface ReplayOptions {
  readonly memory: TensorMemory
  /** Values of single numbers. */
  readonly numbers: WeakMap<object, number>
  launch(recorded: Recorded, ids: readonly object[]): ReturnType<TensorMemory['launch']>
}

/**
 * Runs a recording once more with new values of its inputs and of what was written meanwhile. Gives the results that
 * are no variables. Where what it needs is no longer as it was, nothing is done, and it says what.
 */
export function runAgain(
  backend: WebGPUBackend,
  { replay, inputs, written }: ReplayInput,
  { memory, numbers, launch }: ReplayOptions,
): tf.Tensor[] | string {
  const { tensorMap } = backend
  const { recorded, assigned, forms } = replay
  const other = otherForm(replay.inputs, inputs)
  if (other !== undefined) return other
  const apart = replay.disagreement(inputs)
  if (apart?.dataId)
    return heldBy(apart.variables.length > 0 ? 'a variable' : 'a batch', apart.shape)
  if (apart) return 'two tensors had the same data in the step before, and no longer have'
  const current = replay.current(tensorMap)
  if (!current) return 'a tensor or variable that the step uses is gone, or has other data'
  // Who else holds a variable's values holds those of before: they must not change.
  const held = current.donors.find(({ data, holders }) => data.refCount !== holders)
  if (held) return heldBy('a variable', held.data.shape)
  for (const { kind, at, external } of replay.given) {
    if (kind === 'written') continue
    const { dataId } = inputs[at]!
    if (!tensorMap.has(dataId)) return 'a batch is gone before its step'
    const { isUpload } = recorded.trace.externals[external]!
    if (isUpload && !tensorMap.get(dataId).values && !numbers.has(dataId))
      return 'a batch was computed with before its step'
  }
  const made = written.map((values, i) => {
    const { shape, dtype } = forms[i]!
    return backend.write(values as tf.backend_util.TypedArray, [...shape], dtype)
  })
  const ids = [...current.ids]
  for (const { kind, at, external } of replay.given)
    ids[external] = kind === 'written' ? made[at] : inputs[at]!.dataId
  const { own } = launch(recorded, ids as object[])
  for (const { dataId, data } of current.donors) {
    if (numbers.has(dataId)) numbers.delete(dataId)
    if (memory.isPacked(dataId)) memory.dropCopy(dataId)
    else data.values = null as never
  }
  for (const dataId of made) backend.disposeData(dataId)
  const left = new Map(
    current.left.map((i) => {
      const { shape, dtype } = recorded.kept[i]!
      const donor = replay.donors[i]
      const dataId =
        donor === undefined ? backend.write(undefined as never, [...shape], dtype) : ids[donor]!
      if (donor === undefined) tensorMap.get(dataId).resource = own[i]!
      else backend.incRef(dataId)
      return [i, tf.engine().makeTensorFromTensorInfo({ dataId, shape: [...shape], dtype })]
    }),
  )
  for (const [name, i] of assigned) {
    const value = left.get(i)
    if (!value) continue
    tf.engine().registeredVariables[name]!.assign(value)
    value.dispose()
  }
  return replay.results.map((i) => left.get(i)!)
}

const heldBy = (what: string, shape: readonly number[]): string =>
  `another tensor holds the data of ${what} [${shape.join(', ')}], such as its clone(); x.add(0) has values of its own`

const told = ({ shape, dtype }: Form): string => `${dtype} [${shape.join(', ')}]`

/** What is given in another shape or type, for people. */
function otherForm(before: readonly Form[], now: readonly tf.Tensor[]): string | undefined {
  if (before.length !== now.length)
    return 'the step is given more or fewer tensors than the one before'
  const at = before.findIndex(
    ({ shape, dtype }, i) =>
      dtype !== now[i]!.dtype || !tf.util.arraysEqual([...shape], now[i]!.shape),
  )
  if (at < 0) return undefined
  return `a batch has another shape or type: ${told(now[at] as Form)} after ${told(before[at]!)}`
}
