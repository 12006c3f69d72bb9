// For unit tests: work that is recorded and repeated on the CPU, kernel by kernel, as a device that compiles would.
import * as tf from '@tensorflow/tfjs'
import type { CompiledWork, Obstacle, Repeatable } from '../host.ts'

type Values = tf.backend_util.TypedArray

/** A tensor as it was: variables get other data. */
type Seen = Pick<tf.Tensor, 'dataId' | 'shape' | 'dtype'>

const seen = ({ dataId, shape, dtype }: tf.Tensor): Seen => ({ dataId, shape, dtype })

const listed = (result: tf.Tensor | tf.Tensor[]): tf.Tensor[] =>
  Array.isArray(result) ? result : [result]

type Inputs = Readonly<Record<string, tf.Tensor | tf.Tensor[] | undefined>>

interface Call {
  readonly kernel: string
  readonly isList: boolean
  readonly inputs: readonly (readonly [name: string, Seen | Seen[] | undefined])[]
  readonly attrs: Readonly<Record<string, unknown>> | undefined
  readonly outputs: readonly tf.Tensor[]
}

/** What one run of the work did. */
interface Recording {
  readonly calls: Call[]
  readonly written: { tensor: tf.Tensor; values: Values }[]
}

export interface Counted {
  /** Times that the code ran, and that it was left out. */
  recorded: number
  repeated: number
}

const program = { launches: 1, pipelines: 1, arenaBytes: 0, packBytes: 0, uploadBytes: 0 }

/** Counts what it does in `counted`. */
export function replayingWork(counted: Counted): CompiledWork {
  let repeatable: Repeatable | undefined
  let obstacles: readonly Obstacle[] = []
  let isSeen = false
  // Equal recordings are one program, whose name is that of its kernels.
  const programs = new Map<string, object>()
  return {
    run(inputs, work) {
      counted.recorded++
      const before = variablesNow()
      const { value, recording, reads } = record(work)
      const key = recording.calls.map(({ kernel, attrs }) => kernel + JSON.stringify(attrs)).join()
      if (!programs.has(key)) programs.set(key, {})
      const found =
        reads.length > 0
          ? reads
          : repeating({ recording, inputs, before, program: programs.get(key)!, counted })
      repeatable = 'again' in found ? found : undefined
      obstacles = 'again' in found ? [] : found
      isSeen = true
      return { value, done: undefined }
    },
    get repeatable() {
      return repeatable
    },
    get obstacles() {
      return obstacles
    },
    report: () => (isSeen ? { pieces: [{ kernels: 1, program }], reasons: [] } : undefined),
    dispose: () => undefined,
  }
}

const variablesNow = (): Map<string, object> =>
  new Map(
    Object.entries(tf.engine().registeredVariables).map(([name, { dataId }]) => [name, dataId]),
  )

function record<T>(work: () => T): { value: T; recording: Recording; reads: readonly Obstacle[] } {
  const engine = tf.engine()
  const { runKernel, makeTensor, readSync, read } = engine
  const recording: Recording = { calls: [], written: [] }
  const reads: Obstacle[] = []
  const anyEngine = engine as unknown as Record<string, unknown>
  anyEngine['runKernel'] = (kernel: string, taken: Inputs, attrs: Call['attrs']) => {
    const inputs = Object.entries(taken).map(
      ([name, it]) => [name, Array.isArray(it) ? it.map(seen) : it && seen(it)] as const,
    )
    const result = runKernel.call(engine, kernel, taken as never, attrs as never)
    const outputs = listed(result)
    recording.calls.push({ kernel, isList: Array.isArray(taken), inputs, attrs, outputs })
    return result
  }
  anyEngine['makeTensor'] = (values: Values, ...rest: [number[], tf.DataType]) => {
    const tensor = makeTensor.call(engine, values, ...rest)
    recording.written.push({ tensor, values })
    return tensor
  }
  const reading = (method: (dataId: object) => unknown) => (dataId: object) => {
    const { stack } = new Error()
    reads.push({ kind: 'reads', message: 'reads the values of a tensor', stack })
    return method.call(engine, dataId)
  }
  anyEngine['readSync'] = reading(readSync)
  anyEngine['read'] = reading(read)
  try {
    return { value: work(), recording, reads }
  } finally {
    Object.assign(engine, { runKernel, makeTensor, readSync, read })
  }
}

interface Known {
  readonly recording: Recording
  readonly inputs: readonly tf.Tensor[]
  /** Data of the variables as it began. */
  readonly before: ReadonlyMap<string, object>
  readonly program: object
  readonly counted: Counted
}

/** Nothing in the way when it made or freed variables: who watches the code has seen that. */
function repeating({
  recording,
  inputs,
  before,
  program,
  counted,
}: Known): Repeatable | readonly Obstacle[] {
  const { calls, written } = recording
  // Clones and reshaped tensors have the data of others.
  const computing = calls.filter(({ kernel }) => kernel !== 'Identity' && kernel !== 'Reshape')
  const outputs = new Set(computing.flatMap((call) => call.outputs.map(({ dataId }) => dataId)))
  const after = variablesNow()
  const assigned = [...after].filter(([name, dataId]) => before.get(name) !== dataId)
  if (after.size !== before.size) return []
  const passedOn = assigned.filter(([, dataId]) => !outputs.has(dataId))
  if (passedOn.length > 0)
    return passedOn.map(([variable]) => ({ kind: 'does', message: 'gives on data', variable }))
  const ofVariables = new Set(after.values())
  const left = calls
    .flatMap((call) => call.outputs)
    .filter((it) => !it.isDisposed && !ofVariables.has(it.dataId))
  const ids = inputs.map(({ dataId }) => dataId)
  const forms = written.map(({ tensor }) => seen(tensor))

  const shapes = inputs.map(({ shape }) => shape)

  const again: Repeatable['again'] = (given, values) => {
    const isSame = (shape: number[], i: number) => tf.util.arraysEqual(shape, given[i]!.shape)
    if (given.length !== shapes.length || !shapes.every(isSame)) return 'a batch has another shape'
    counted.repeated++
    return tf.tidy(() => {
      const found = new Map<object, tf.Tensor>()
      for (const [name, dataId] of before) found.set(dataId, tf.engine().registeredVariables[name]!)
      given.forEach((tensor, i) => found.set(ids[i]!, tensor))
      forms.forEach(({ dataId, shape, dtype }, i) =>
        found.set(dataId, tf.tensor(values[i] as Values, shape, dtype)),
      )
      const now = (recorded: Seen): tf.Tensor => {
        const { shape, dtype } = recorded
        const { dataId } = found.get(recorded.dataId) ?? recorded
        // Tensors of other shapes and types may share their data.
        tf.engine().backend.incRef(dataId)
        return tf.engine().makeTensorFromTensorInfo({ dataId, shape, dtype })
      }
      for (const call of calls) {
        const all = call.inputs.map(
          ([name, it]) => [name, Array.isArray(it) ? it.map(now) : it && now(it)] as const,
        )
        const taken = call.isList ? all.map(([, it]) => it) : Object.fromEntries(all)
        const result = tf.engine().runKernel(call.kernel, taken as never, call.attrs as never)
        const made = listed(result)
        call.outputs.forEach(({ dataId }, i) => found.set(dataId, made[i]!))
      }
      for (const [name, dataId] of assigned) {
        const variable = tf.engine().registeredVariables[name]!
        const { shape, dtype } = variable
        variable.assign(now({ dataId, shape, dtype }))
      }
      return left.map(now)
    })
  }
  return { program, written: written.map(({ values }) => values), left: left.length, again }
}
