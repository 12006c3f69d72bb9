// Buffers in which values of several tensors lie side by side.
import type { Location } from './program.ts'
import { valuesUsage } from './usage.ts'

/** One buffer, destroyed when the last of its tensors has left. */
interface Shared {
  readonly buffer: GPUBuffer
  tensors: number
}

interface Place extends Location {
  readonly shared: Shared
}

/** A tensor that is to lie in a pack, by its data. */
export interface Member {
  readonly dataId: object
  readonly offset: number
  readonly bytes: number
}

export class Packs {
  readonly #device: GPUDevice
  readonly #places = new Map<object, Place>()
  readonly #gone: GPUBuffer[] = []
  #bytes = 0

  constructor(device: GPUDevice) {
    this.#device = device
  }

  /** Taken in all. */
  get bytes(): number {
    return this.#bytes
  }

  of(dataId: object): Location | undefined {
    return this.#places.get(dataId)
  }

  /** The buffer in which all members are where they should be, if they are. */
  find(members: readonly Member[]): GPUBuffer | undefined {
    const first = this.#places.get(members[0]!.dataId)
    if (!first) return undefined
    for (const { dataId, offset } of members) {
      const place = this.#places.get(dataId)
      if (place?.shared !== first.shared || place.offset !== offset) return undefined
    }
    return first.buffer
  }

  /** Copies members into a new buffer; `locate` tells where they are now. */
  gather(
    members: readonly Member[],
    bytes: number,
    encoder: GPUCommandEncoder,
    locate: (dataId: object) => Location,
  ): GPUBuffer {
    const buffer = this.#device.createBuffer({ size: bytes, usage: valuesUsage() })
    this.#bytes += bytes
    for (const { dataId, offset, bytes: own } of members) {
      const from = locate(dataId)
      encoder.copyBufferToBuffer(from.buffer, from.offset, buffer, offset, own)
    }
    const shared = { buffer, tensors: 0 }
    for (const { dataId, offset } of members) {
      this.release(dataId)
      this.#places.set(dataId, { shared, buffer, offset })
      shared.tensors++
    }
    return buffer
  }

  /** Other data takes over the place. */
  move(from: object, to: object): void {
    const place = this.#places.get(from)
    if (!place) return
    this.#places.delete(from)
    this.#places.set(to, place)
  }

  /** The tensor leaves; what was sent to the device before may still use the buffer. */
  release(dataId: object): void {
    const place = this.#places.get(dataId)
    if (!place) return
    this.#places.delete(dataId)
    if (--place.shared.tensors > 0) return
    this.#bytes -= place.buffer.size
    this.#gone.push(place.buffer)
  }

  /** Destroys buffers without tensors. Nothing that uses them may wait to be sent. */
  sweep(): void {
    for (const buffer of this.#gone.splice(0)) buffer.destroy()
  }

  dispose(): void {
    for (const { buffer } of this.#places.values()) buffer.destroy()
    this.#places.clear()
    this.sweep()
  }
}
