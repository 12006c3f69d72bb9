// tfjs's WebGPU backend, able to record kernels instead of running them, and to run what was recorded as one program.
import * as tf from '@tensorflow/tfjs'
import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs'
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import type { DType } from '../graph/node.ts'
import { Arena } from '../run/arena.ts'
import { type Member, Packs } from '../run/packs.ts'
import { Pipelines } from '../run/pipelines.ts'
import type { Location } from '../run/program.ts'
import { valuesUsage } from '../run/usage.ts'
import { type CompileOptions, compileTrace } from './compile.ts'
import type { Inputs } from './recording.ts'
import { Region } from './region.ts'
import { type Recorded, Replay } from './replay.ts'
import { runStock } from './stock.ts'
import { type External, type Form, keptKey, LIST } from './trace.ts'
import type { Traces } from './traces.ts'

type TensorData = ReturnType<WebGPUBackend['tensorMap']['get']>
type KernelArgs = Parameters<KernelConfig['kernelFunc']>[0]

/** A recording that has ended and waits for its pipelines. */
interface Pending {
  readonly region: Region
  readonly run: () => void
}

export interface ReplayInput {
  readonly replay: Replay
  /** As they were given to `trace`, with new values. */
  readonly inputs: readonly tf.Tensor[]
  /** New values of `Replay.written`. */
  readonly written: readonly ArrayLike<number>[]
}

const dtypes: ReadonlySet<string> = new Set<DType>(['float32', 'int32', 'bool'])

export class TracingBackend extends WebGPUBackend {
  readonly #options: CompileOptions
  readonly #arena: Arena
  readonly #packs: Packs
  /** Values of single numbers, which stay known when they are on the device. */
  readonly #numbers = new WeakMap<object, number>()
  #region: Region | undefined
  #pending: Pending | undefined

  constructor(device: GPUDevice, info: GPUAdapterInfo, options: Omit<CompileOptions, 'pipelines'>) {
    super(device, info)
    // Values that were read are not kept: a program changes them where they lie.
    Object.assign(this, { convertAndCacheOnCPU: (_dataId: object, values: unknown) => values })
    this.#options = { ...options, pipelines: new Pipelines(device) }
    this.#arena = new Arena(device)
    this.#packs = new Packs(device)
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
    const shape = dataId && this.tensorMap.get(dataId).shape
    this.#break('read', `the values of a tensor${shape ? ` [${shape.join(', ')}]` : ''} are read`)
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
      found = compileTrace(this.device, this.#options, trace, kept)
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
    const { own } = this.#launch(recorded, recorded.ids)
    if (region.isWhole)
      region.traces.replay = Replay.of(recorded, region, (id) => this.#valuesOf(id))
    const held = [...region.lazy]
    recorded.kept.forEach(({ donor }, i) => {
      const data = this.tensorMap.get(held[i]!)
      if (own[i]) data.resource = own[i]
      else this.#handOver(recorded.ids[donor!]!, held[i]!)
    })
    this.#end(region)
  }

  /** New data takes over the memory of old. */
  #handOver(from: object, to: object): void {
    const before = this.tensorMap.get(from)
    if (this.#packs.of(from)) {
      this.#packs.move(from, to)
      return
    }
    this.tensorMap.get(to).resource = before.resource!
    before.resource = undefined as never
  }

  /** Where data lies on the device; sent there when it is not. */
  #locate(dataId: object): Location {
    const packed = this.#packs.of(dataId)
    if (packed) return packed
    super.uploadToGPU(dataId)
    return { buffer: this.tensorMap.get(dataId).resource as GPUBuffer, offset: 0 }
  }

  /** Encodes a program with memory of its own for kept values that take over none. */
  #launch({ program, kept, trace: { externals } }: Recorded, ids: readonly object[]) {
    const { plan } = program
    const encoder = this.#freshEncoder()
    const packs = plan.packs.map(({ bytes, members }) => {
      const wanted = members.map(({ external, offset }) => ({
        dataId: ids[external]!,
        offset,
        bytes: 4 * tf.util.sizeFromShape([...externals[external]!.shape]),
      }))
      return this.#packs.find(wanted) ?? this.#gather(wanted, bytes, encoder)
    })
    const own = kept.map(({ shape }, i) =>
      plan.isDonated[i]
        ? undefined
        : this.bufferManager.acquireBuffer(4 * tf.util.sizeFromShape([...shape]), valuesUsage()),
    )
    program.run(
      encoder,
      {
        externals: externals.map(({ isUpload }, i) =>
          isUpload ? undefined : this.#locate(ids[i]!),
        ),
        kept: own,
        packs,
        arena: this.#arena.atLeast(plan.arenaBytes),
      },
      (external) => externals[external]!.dtype !== 'float32',
      (external) => this.#valuesOf(ids[external]!),
    )
    return { own }
  }

  #gather(members: readonly Member[], bytes: number, encoder: GPUCommandEncoder): GPUBuffer {
    const buffer = this.#packs.gather(members, bytes, encoder, (dataId) => this.#locate(dataId))
    for (const { dataId } of members) this.#dropCopy(dataId)
    return buffer
  }

  /** Memory of its own of data that lies in a pack. */
  #dropCopy(dataId: object): void {
    const data = this.tensorMap.get(dataId)
    data.values = null as never
    if (data.resource instanceof GPUBuffer) this.bufferManager.releaseBuffer(data.resource)
    data.resource = undefined as never
  }

  /**
   * Runs a recording once more with new values of its inputs and of what was written meanwhile. Gives the results
   * that are no variables; `undefined`, with nothing done, where what it needs is no longer as it was.
   */
  replay({ replay, inputs, written }: ReplayInput): tf.Tensor[] | undefined {
    this.#force()
    const { recorded, results, assigned, forms } = replay
    if (!sameForms(replay.inputs, inputs)) return undefined
    const made = written.map((values, i) => {
      const { shape, dtype } = forms[i]!
      return this.write(values as tf.backend_util.TypedArray, [...shape], dtype)
    })
    const now = replay.idsNow({ inputs: inputs.map(({ dataId }) => dataId), written: made })
    const donorOf = replay.donors.map((donor) => (donor === undefined ? undefined : now[donor]))
    const donors = donorOf.filter((id) => id !== undefined)
    const isThere = now.every((id, i) => id !== undefined && this.#isAs(id, recorded, i))
    // Who else holds a variable's values holds those of before: they must not change.
    const isFree =
      isThere && donors.every((id) => this.tensorMap.get(id).refCount === replay.holders(id))
    if (!isFree) {
      for (const dataId of made) super.disposeData(dataId)
      return undefined
    }
    const { own } = this.#launch(recorded, now as object[])
    for (const dataId of donors) {
      this.#numbers.delete(dataId)
      if (this.#packs.of(dataId)) this.#dropCopy(dataId)
      else this.tensorMap.get(dataId).values = null as never
    }
    for (const dataId of made) super.disposeData(dataId)
    const left = recorded.kept.map(({ shape, dtype }, i) => {
      const donor = donorOf[i]
      if (donor) this.incRef(donor)
      const dataId = donor ?? super.write(undefined as never, [...shape], dtype)
      if (!donor) this.tensorMap.get(dataId).resource = own[i]!
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

  /** Whether data is there to take the place of an external. */
  #isAs(dataId: object, { trace }: Recorded, external: number): boolean {
    if (!this.tensorMap.has(dataId)) return false
    const { values } = this.tensorMap.get(dataId)
    return !trace.externals[external]!.isUpload || Boolean(values ?? this.#numbers.has(dataId))
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
      ;[...held.keys()].forEach((dataId, i) => this.#take(dataId, results[i]!.dataId))
    }
    this.#end(region)
  }

  /** Gives data the values that a kernel computed; those that the kernel only handed on are copied. */
  #take(dataId: object, result: object): void {
    const data = this.tensorMap.get(dataId)
    const from = this.tensorMap.get(result)
    // A cast of tfjs's own to a wider type leaves the values as they are stored.
    data.dtype = from.dtype
    data.values = from.values
    if (from.refCount === 1) {
      data.resource = from.resource!
      from.resource = undefined as never
    } else if (from.resource instanceof GPUBuffer) {
      const { size } = from.resource
      const own = this.bufferManager.acquireBuffer(size, valuesUsage())
      this.#encoder().copyBufferToBuffer(from.resource, 0, own, 0, size)
      data.resource = own
    }
    super.disposeData(result)
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
    if (isGone) this.#packs.release(dataId)
    return isGone
  }

  /** tfjs's own, to which all commands are added. */
  #encoder(): GPUCommandEncoder {
    this.endComputePassEncoder()
    this.ensureCommandEncoderReady()
    return (this as unknown as { commandEncoder: GPUCommandEncoder }).commandEncoder
  }

  /** Sends all commands of before. */
  flush(): void {
    this.endComputePassEncoder()
    const { commandEncoder } = this as unknown as { commandEncoder: GPUCommandEncoder | null }
    if (commandEncoder) this.submitQueue()
  }

  /** Commands of before are sent; those encoded now go with the next read, or with the next program. */
  #freshEncoder(): GPUCommandEncoder {
    this.flush()
    this.#packs.sweep()
    return this.#encoder()
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
    const data = this.tensorMap.get(dataId)
    const { values } = data
    const packed = data.resource ? undefined : this.#packs.of(dataId)
    if (packed) {
      const size = 4 * tf.util.sizeFromShape(data.shape)
      const own = this.bufferManager.acquireBuffer(size, valuesUsage())
      this.#encoder().copyBufferToBuffer(packed.buffer, packed.offset, own, 0, size)
      data.resource = own
      return
    }
    super.uploadToGPU(dataId)
    // A recording that has it as an upload still asks for its values.
    const region = this.#region
    if (region?.written.has(dataId) || region?.inputs.includes(dataId))
      this.tensorMap.get(dataId).values = values
  }

  /** Someone wants to know values: what they do then may depend on them. */
  #look(dataId: object): void {
    if (this.#isLazy(dataId)) this.#force(dataId)
    else if (this.#region) this.#region.isWhole = false
  }

  override async read(dataId: object): Promise<tf.backend_util.BackendValues> {
    this.#look(dataId)
    const data = this.tensorMap.get(dataId)
    if (data.values || data.resource || !this.#packs.of(dataId)) return super.read(dataId)
    this.uploadToGPU(dataId)
    try {
      return await super.read(dataId)
    } finally {
      if (this.tensorMap.has(dataId)) this.#dropCopy(dataId)
    }
  }

  override readSync(dataId: object) {
    this.#look(dataId)
    if (this.#packs.of(dataId)) this.uploadToGPU(dataId)
    return super.readSync(dataId)
  }

  override readToGPU(dataId: object) {
    this.#look(dataId)
    if (this.#packs.of(dataId)) this.uploadToGPU(dataId)
    return super.readToGPU(dataId)
  }

  override shouldExecuteOnCPU(inputs: TensorInfo[], sizeThreshold?: number): boolean {
    const lazy = inputs.find(({ dataId }) => this.#isLazy(dataId))
    if (lazy) this.#force(lazy.dataId)
    return super.shouldExecuteOnCPU(inputs, sizeThreshold)
  }

  override memory() {
    const told = super.memory()
    return {
      ...told,
      numBytesAllocatedInGPU: told.numBytesAllocatedInGPU + this.#arena.bytes + this.#packs.bytes,
    }
  }

  override dispose(): void {
    this.#arena.dispose()
    this.#packs.dispose()
    super.dispose()
  }
}

const sameForms = (a: readonly Form[], b: readonly tf.Tensor[]): boolean =>
  a.length === b.length &&
  a.every(
    ({ shape, dtype }, i) => dtype === b[i]!.dtype && tf.util.arraysEqual([...shape], b[i]!.shape),
  )

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
