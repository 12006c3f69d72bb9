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
  const { recorded, results, assigned, forms } = replay
  if (!sameForms(replay.inputs, inputs)) return undefined
  const made = written.map((values, i) => {
    const { shape, dtype } = forms[i]!
    return backend.write(values as tf.backend_util.TypedArray, [...shape], dtype)
  })
  const now = replay.idsNow({ inputs: inputs.map(({ dataId }) => dataId), written: made })
  const donorOf = replay.donors.map((donor) => (donor === undefined ? undefined : now[donor]))
  const donors = donorOf.filter((id) => id !== undefined)
  /** Whether data is there to take the place of an external. */
  const isAs = (dataId: object, external: number): boolean =>
    tensorMap.has(dataId) &&
    (!recorded.trace.externals[external]!.isUpload ||
      Boolean(tensorMap.get(dataId).values ?? numbers.has(dataId)))
  const isThere = now.every((id, i) => id !== undefined && isAs(id, i))
  // Who else holds a variable's values holds those of before: they must not change.
  const isFree = isThere && donors.every((id) => tensorMap.get(id).refCount === replay.holders(id))
  if (!isFree) {
    for (const dataId of made) backend.disposeData(dataId)
    return undefined
  }
  const { own } = launch(recorded, now as object[])
  for (const dataId of donors) {
    numbers.delete(dataId)
    if (memory.isPacked(dataId)) memory.dropCopy(dataId)
    else tensorMap.get(dataId).values = null as never
  }
  for (const dataId of made) backend.disposeData(dataId)
  const left = recorded.kept.map(({ shape, dtype }, i) => {
    const donor = donorOf[i]
    if (donor) backend.incRef(donor)
    const dataId = donor ?? backend.write(undefined as never, [...shape], dtype)
    if (!donor) tensorMap.get(dataId).resource = own[i]!
    return tf.engine().makeTensorFromTensorInfo({ dataId, shape: [...shape], dtype })
  })
  for (const [name, i] of assigned) {
    const variable = tf.engine().registeredVariables[name]!
    if (variable.dataId !== left[i]!.dataId) variable.assign(left[i]!)
  }
  const isResult = new Set(results)
  tf.dispose(left.filter((_, i) => !isResult.has(i)))
  return results.map((i) => left[i]!)
}

const sameForms = (a: readonly Form[], b: readonly tf.Tensor[]): boolean =>
  a.length === b.length &&
  a.every(
    ({ shape, dtype }, i) => dtype === b[i]!.dtype && tf.util.arraysEqual([...shape], b[i]!.shape),
  )
