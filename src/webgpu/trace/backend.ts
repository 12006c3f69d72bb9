// tfjs's WebGPU backend, able to record kernels instead of running them, and to run what was recorded as one program.
import * as tf from '@tensorflow/tfjs'
import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs'
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import type { DType } from '../graph/node.ts'
import { Pipelines } from '../run/pipelines.ts'
import { type ReplayInput, runAgain } from './again.ts'
import { noteObstacle, stackHere } from './account.ts'
import { type CompileOptions, compileTrace } from './compile.ts'
import type { Inputs } from './recording.ts'
import { Region } from './region.ts'
import { type Recorded, Replay } from './replay.ts'
import { runStock, take } from './stock.ts'
import { TensorMemory } from './tensor-memory.ts'
import { type External, keptKey, LIST } from './trace.ts'
import type { Traces } from './traces.ts'

type TensorData = ReturnType<WebGPUBackend['tensorMap']['get']>
type KernelArgs = Parameters<KernelConfig['kernelFunc']>[0]

/** A recording that has ended and waits for its pipelines. */
interface Pending {
  readonly region: Region
  readonly run: () => void
}

const dtypes: ReadonlySet<string> = new Set<DType>(['float32', 'int32', 'bool'])

export class TracingBackend extends WebGPUBackend {
  readonly #options: Omit<CompileOptions, 'halveFrom'>
  readonly #memory: TensorMemory
  /** Values of single numbers, which stay known when they are on the device. */
  readonly #numbers = new WeakMap<object, number>()
  #region: Region | undefined
  #pending: Pending | undefined

  constructor(
    device: GPUDevice,
    info: GPUAdapterInfo,
    options: Omit<CompileOptions, 'pipelines' | 'halveFrom'>,
  ) {
    super(device, info)
    // Values that were read are not kept: a program changes them where they lie.
    Object.assign(this, { convertAndCacheOnCPU: (_dataId: object, values: unknown) => values })
    this.#options = { ...options, pipelines: new Pipelines(device) }
    this.#memory = new TensorMemory(this)
  }

  /** Whether kernels are recorded. */
  get isRecording(): boolean {
    return this.#region !== undefined
  }

  /**
   * Runs `work` and records its kernels, which then run as one program. `done` is there when that is still being
   * compiled: await it before anything else is computed. Values of `inputs` differ from time to time.
   */
  trace<T>(
    traces: Traces,
    inputs: readonly tf.Tensor[],
    work: () => T,
  ): { value: T; done: Promise<void> | undefined } {
    this.#force()
    const describe = (dataId: object) => this.#describe(dataId)
    const region = new Region({ traces, inputs, describe })
    this.#region = region
    let value: T
    try {
      value = work()
    } catch (thrown) {
      this.#region = undefined
      // What is left may be used by whoever catches it.
      this.#runStock(region)
      throw thrown
    }
    this.#region = undefined
    return { value, done: this.#finish(region) }
  }

  /** A kernel is called while recording. */
  call(kernel: string, args: KernelArgs, stock: KernelConfig['kernelFunc']) {
    const region = this.#region!
    const inputs = listInputs(args.inputs)
    const isTraceable = inputs.every(([, seen]) => [seen].flat().every((it) => this.#isPlain(it)))
    const call = isTraceable
      ? region.recording.add(kernel, inputs as Inputs, args.attrs ?? {})
      : undefined
    if (!call) {
      const types = [...new Set(inputs.flatMap(([, seen]) => [seen].flat().map((it) => it.dtype)))]
      const isOdd = types.some((dtype) => !dtypes.has(dtype))
      const of = isOdd ? ` of ${types.join(' and ')} values` : ''
      this.#break('kernel', `${kernel}${of} has no compiled form`)
      this.#region = undefined
      try {
        return stock(args)
      } finally {
        this.#region = region
      }
    }
    const outputs = call.outputs.map(({ shape, dtype }, i): TensorInfo => {
      const dataId = super.write(
        shape.includes(0) ? tf.util.getTypedArrayFromDType(dtype, 0) : (undefined as never),
        [...shape],
        dtype,
      )
      if (!shape.includes(0)) {
        region.recording.bind(dataId, i)
        region.lazy.add(dataId)
      }
      return { dataId, shape: [...shape], dtype }
    })
    return call.isList ? outputs : outputs[0]!
  }

  #isPlain({ dataId, dtype }: TensorInfo): boolean {
    if (!dtypes.has(dtype)) return false
    const { resource } = this.tensorMap.get(dataId)
    return !resource || resource instanceof GPUBuffer
  }

  /** What data is to a recording that meets it. */
  #describe(dataId: object): External | { value: number; dtype: DType } {
    const region = this.#region!
    const data = this.tensorMap.get(dataId)
    const dtype = data.dtype as DType
    const { shape } = data
    const size = tf.util.sizeFromShape(shape)
    if (size === 0) return { value: 0, dtype }
    const values = data.values as ArrayLike<number> | null | undefined
    const isUpload = { shape, dtype, isUpload: true }
    if (region.inputs.includes(dataId) && (values || this.#numbers.has(dataId))) return isUpload
    if (region.variablesOf(dataId).length === 0) {
      const number = this.#numbers.get(dataId)
      if (number !== undefined) return { value: number, dtype }
      if (values && isUniform(values)) return { value: values[0]!, dtype }
      if (values && region.written.has(dataId)) return isUpload
    }
    return { shape, dtype, isUpload: false }
  }

  /** Ends what is recorded so far, runs it now, and records the rest apart. */
  #break(kind: 'read' | 'kernel', message: string): void {
    const region = this.#region!
    region.isWhole = false
    region.traces.account.brokenBy(kind, message)
    if (region.recording.calls.length === 0) return
    this.#region = undefined
    void this.#finish(region)
    this.#pending?.run()
    region.goOn()
    this.#region = region
  }

  /** Computes what waits to be; `dataId` is asked for. */
  #force(dataId?: object): void {
    if (!this.#region) return this.#pending?.run()
    this.#break('read', `the values of ${dataId ? this.#told(dataId) : 'a tensor'} are read`)
  }

  #finish(region: Region): Promise<void> | undefined {
    // What nobody holds is never computed.
    if (region.lazy.size === 0) {
      this.#end(region)
      return undefined
    }
    const { known, ids, isWorthCompiling } = region.traces.settle(region.recording)
    const { trace, compiled } = known
    const kept = region.kept(ids, trace.externals)
    const key = keptKey(kept)
    let found = compiled.get(key)
    if (!found && isWorthCompiling) {
      const { halveFrom } = region.traces
      found = compileTrace(this.device, { ...this.#options, halveFrom }, trace, kept)
      compiled.set(key, found)
    }
    let isDone = false
    const run = (): void => {
      if (isDone) return
      isDone = true
      this.#pending = undefined
      region.traces.ran(region.recording, found)
      if (found?.program && found.failure === undefined)
        this.#run({ program: found.program, trace, kept, ids }, region)
      else this.#runStock(region)
    }
    if (!found?.ready) {
      run()
      return undefined
    }
    this.#pending = { region, run }
    return found.ready.then(run)
  }

  #run(recorded: Recorded, region: Region): void {
    const { own } = this.#launch(recorded)
    const { traces } = region
    if (region.isWhole && traces.obstacles.length === 0) {
      const found = Replay.of(recorded, region, {
        valuesOf: (dataId) => this.#valuesOf(dataId),
        holdersOf: (dataId) => this.refCount(dataId),
      })
      if (found instanceof Replay) traces.replay = found
      else traces.obstacles = found
    }
    const held = [...region.lazy]
    recorded.kept.forEach(({ donor }, i) => {
      const data = this.tensorMap.get(held[i]!)
      if (own[i]) data.resource = own[i]
      else this.#memory.handOver(recorded.ids[donor!]!, held[i]!)
    })
    this.#end(region)
  }

  /** As `runAgain` says. */
  replay(input: ReplayInput): tf.Tensor[] | string {
    this.#force()
    return runAgain(this, input, {
      memory: this.#memory,
      numbers: this.#numbers,
      launch: (recorded, ids) => this.#launch(recorded, ids),
    })
  }

  #launch(recorded: Recorded, ids: readonly object[] = recorded.ids) {
    return this.#memory.launch(recorded, ids, (dataId) => this.#valuesOf(dataId))
  }

  #valuesOf(dataId: object): ArrayLike<number> {
    const number = this.#numbers.get(dataId)
    if (number !== undefined) return [number]
    return this.tensorMap.get(dataId).values as ArrayLike<number>
  }

  /** Runs the recording kernel by kernel, as it was called. */
  #runStock(region: Region): void {
    const held = new Map<object, { call: number; output: number }>()
    for (const dataId of region.lazy) {
      const source = region.recording.sourceOf(dataId)
      if (source?.kind === 'call') held.set(dataId, source)
    }
    if (held.size > 0) {
      const results = runStock(this, region.recording, [...held.values()])
      const encoder = () => this.#memory.encoder()
      ;[...held.keys()].forEach((dataId, i) => take(this, encoder, dataId, results[i]!.dataId))
    }
    this.#end(region)
  }

  #end(region: Region): void {
    region.lazy.clear()
    for (const dataId of region.dying) this.#release(dataId)
    region.dying.clear()
  }

  #release(dataId: object): void {
    this.tensorMap.get(dataId).refCount = 1
    this.#dispose(dataId)
  }

  #dispose(dataId: object, force = false): boolean {
    const isGone = super.disposeData(dataId, force)
    if (isGone) this.#memory.release(dataId)
    return isGone
  }

  /** Sends all commands of before. */
  flush(): void {
    this.#memory.flush()
  }

  #isLazy(dataId: object): boolean {
    return (
      this.#region?.lazy.has(dataId) === true || this.#pending?.region.lazy.has(dataId) === true
    )
  }

  override write(values: tf.backend_util.TypedArray, shape: number[], dtype: tf.DataType) {
    const dataId = super.write(values, shape, dtype)
    if (values) {
      this.#region?.written.add(dataId)
      if (values.length === 1 && dtypes.has(dtype)) this.#numbers.set(dataId, Number(values[0]))
    }
    return dataId
  }

  override disposeData(dataId: object, force = false): boolean {
    const region = this.#region ?? this.#pending?.region
    if (!region || !this.tensorMap.has(dataId)) return this.#dispose(dataId, force)
    const data: TensorData = this.tensorMap.get(dataId)
    if (!region.needs(dataId)) return this.#dispose(dataId, force)
    data.refCount = force ? 0 : data.refCount - 1
    if (data.refCount > 0) return false
    if (!region.lazy.has(dataId)) {
      // The recording holds it now.
      data.refCount = 1
      region.dying.add(dataId)
    } else if (region === this.#region) {
      region.lazy.delete(dataId)
      this.tensorMap.delete(dataId)
    } else {
      this.#force()
      this.#release(dataId)
    }
    return true
  }

  override uploadToGPU(dataId: object): void {
    if (this.#isLazy(dataId)) this.#force(dataId)
    const { values } = this.tensorMap.get(dataId)
    if (this.#memory.copyOut(dataId)) return
    super.uploadToGPU(dataId)
    // A recording that has it as an upload still asks for its values.
    const region = this.#region
    if (region?.written.has(dataId) || region?.inputs.includes(dataId))
      this.tensorMap.get(dataId).values = values
  }

  /** Someone wants to know values: what they do then may depend on them. */
  #look(dataId: object): void {
    if (this.#isLazy(dataId)) this.#force(dataId)
    else if (this.#region)
      noteObstacle(this.#region.traces.obstacles, () => ({
        kind: 'reads',
        message: `reads the values of ${this.#told(dataId)}`,
        stack: stackHere(),
      }))
  }

  #told(dataId: object): string {
    return `a tensor [${this.tensorMap.get(dataId).shape.join(', ')}]`
  }

  override async read(dataId: object): Promise<tf.backend_util.BackendValues> {
    this.#look(dataId)
    const data = this.tensorMap.get(dataId)
    if (data.values || data.resource || !this.#memory.isPacked(dataId)) return super.read(dataId)
    this.uploadToGPU(dataId)
    try {
      return await super.read(dataId)
    } finally {
      if (this.tensorMap.has(dataId)) this.#memory.dropCopy(dataId)
    }
  }

  override readSync(dataId: object) {
    this.#look(dataId)
    if (this.#memory.isPacked(dataId)) this.uploadToGPU(dataId)
    return super.readSync(dataId)
  }

  override readToGPU(dataId: object) {
    this.#look(dataId)
    if (this.#memory.isPacked(dataId)) this.uploadToGPU(dataId)
    return super.readToGPU(dataId)
  }

  override shouldExecuteOnCPU(inputs: TensorInfo[], sizeThreshold?: number): boolean {
    const lazy = inputs.find(({ dataId }) => this.#isLazy(dataId))
    if (lazy) this.#force(lazy.dataId)
    // tfjs takes what has no buffer of its own for values at hand.
    if (inputs.some(({ dataId }) => this.#memory.isPacked(dataId))) return false
    return super.shouldExecuteOnCPU(inputs, sizeThreshold)
  }

  override memory() {
    const told = super.memory()
    return {
      ...told,
      numBytesAllocatedInGPU: told.numBytesAllocatedInGPU + this.#memory.bytes,
    }
  }

  override dispose(): void {
    this.#memory.dispose()
    super.dispose()
  }
}

/** Whether all values are the same number. */
function isUniform(values: ArrayLike<number>): boolean {
  const first = values[0]
  for (let i = 1; i < values.length; i++) if (values[i] !== first) return false
  return true
}

function listInputs(inputs: KernelArgs['inputs']): [string, TensorInfo | TensorInfo[]][] {
  if (Array.isArray(inputs)) return [[LIST, inputs as TensorInfo[]]]
  return Object.entries(inputs).flatMap(([name, input]) => (input ? [[name, input]] : []))
}
