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
 * are no variables; `undefined`, with nothing done, where what it needs is no longer as it was.
 */
export function runAgain(
  backend: WebGPUBackend,
  { replay, inputs, written }: ReplayInput,
  { memory, numbers, launch }: ReplayOptions,
): tf.Tensor[] | undefined {
  const { tensorMap } = backend
  const { recorded, assigned, forms } = replay
  const isAlike = sameForms(replay.inputs, inputs) && replay.agrees(inputs)
  const current = isAlike ? replay.current(tensorMap) : undefined
  // Who else holds a variable's values holds those of before: they must not change.
  const isFree = current?.donors.every(({ data, holders }) => data.refCount === holders)
  const isThere = replay.given.every(({ kind, at, external }) => {
    if (kind === 'written') return true
    const { dataId } = inputs[at]!
    const isUpload = recorded.trace.externals[external]!.isUpload
    return (
      tensorMap.has(dataId) && (!isUpload || tensorMap.get(dataId).values || numbers.has(dataId))
    )
  })
  if (!current || !isFree || !isThere) return undefined
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

const sameForms = (a: readonly Form[], b: readonly tf.Tensor[]): boolean =>
  a.length === b.length &&
  a.every(
    ({ shape, dtype }, i) => dtype === b[i]!.dtype && tf.util.arraysEqual([...shape], b[i]!.shape),
  )
