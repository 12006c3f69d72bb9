// Where the values of tensors lie on the device: in buffers of their own, or side by side with others.
import * as tf from '@tensorflow/tfjs'
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import { Arena } from '../run/arena.ts'
import { type Member, Packs } from '../run/packs.ts'
import type { Location, Values } from '../run/program.ts'
import { valuesUsage } from '../run/usage.ts'
import type { Recorded } from './replay.ts'

export class TensorMemory {
  readonly #backend: WebGPUBackend
  readonly #arena: Arena
  readonly #packs: Packs

  constructor(backend: WebGPUBackend) {
    this.#backend = backend
    this.#arena = new Arena(backend.device)
    this.#packs = new Packs(backend.device)
  }

  /** Taken beside the buffers that tfjs counts. */
  get bytes(): number {
    return this.#arena.bytes + this.#packs.bytes
  }

  isPacked(dataId: object): boolean {
    return this.#packs.of(dataId) !== undefined
  }

  /** Gives packed data a copy in a buffer of its own, for those who know of no other. False when it lies in none. */
  copyOut(dataId: object): boolean {
    const packed = this.#packs.of(dataId)
    const data = this.#backend.tensorMap.get(dataId)
    if (!packed || data.resource) return false
    const size = 4 * tf.util.sizeFromShape(data.shape)
    const own = this.#backend.bufferManager.acquireBuffer(size, valuesUsage())
    this.encoder().copyBufferToBuffer(packed.buffer, packed.offset, own, 0, size)
    data.resource = own
    return true
  }

  /** Frees the copy of packed data. */
  dropCopy(dataId: object): void {
    const data = this.#backend.tensorMap.get(dataId)
    data.values = null as never
    if (data.resource instanceof GPUBuffer) this.#backend.bufferManager.releaseBuffer(data.resource)
    data.resource = undefined as never
  }

  /** New data takes over the memory of old. */
  handOver(from: object, to: object): void {
    if (this.isPacked(from)) {
      this.#packs.move(from, to)
      return
    }
    const { tensorMap } = this.#backend
    const before = tensorMap.get(from)
    tensorMap.get(to).resource = before.resource!
    before.resource = undefined as never
  }

  /** The data is gone. */
  release(dataId: object): void {
    this.#packs.release(dataId)
  }

  /** Encodes a program; `own` is the memory of kept values that take over none. `ids` are the data of externals. */
  launch(
    { program, kept, trace: { externals } }: Recorded,
    ids: readonly object[],
    valuesOf: (dataId: object) => ReturnType<Values>,
  ): { own: (GPUBuffer | undefined)[] } {
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
    const { bufferManager } = this.#backend
    const own = kept.map(({ shape }, i) =>
      plan.isDonated[i]
        ? undefined
        : bufferManager.acquireBuffer(4 * tf.util.sizeFromShape([...shape]), valuesUsage()),
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
      (external) => valuesOf(ids[external]!),
    )
    return { own }
  }

  #gather(members: readonly Member[], bytes: number, encoder: GPUCommandEncoder): GPUBuffer {
    const buffer = this.#packs.gather(members, bytes, encoder, (dataId) => this.#locate(dataId))
    for (const { dataId } of members) this.dropCopy(dataId)
    return buffer
  }

  /** Where data lies; sent to the device when it is not there. */
  #locate(dataId: object): Location {
    const packed = this.#packs.of(dataId)
    if (packed) return packed
    this.#backend.uploadToGPU(dataId)
    return { buffer: this.#backend.tensorMap.get(dataId).resource as GPUBuffer, offset: 0 }
  }

  /** tfjs's own, to which all commands are added. */
  encoder(): GPUCommandEncoder {
    this.#backend.endComputePassEncoder()
    this.#backend.ensureCommandEncoderReady()
    return this.#commands!
  }

  /** Sends all commands of before. */
  flush(): void {
    this.#backend.endComputePassEncoder()
    if (this.#commands) this.#backend.submitQueue()
  }

  get #commands(): GPUCommandEncoder | null {
    return (this.#backend as unknown as { commandEncoder: GPUCommandEncoder | null }).commandEncoder
  }

  /** Commands of before are sent; those encoded now go with the next read, or with the next program. */
  #freshEncoder(): GPUCommandEncoder {
    this.flush()
    this.#packs.sweep()
    return this.encoder()
  }

  dispose(): void {
    this.#arena.dispose()
    this.#packs.dispose()
  }
}
