// Memory that all programs share: what lies in it is needed only while one of them runs.
import { valuesUsage } from './usage.ts'

export class Arena {
  readonly #device: GPUDevice
  #buffer: GPUBuffer | undefined

  constructor(device: GPUDevice) {
    this.#device = device
  }

  get bytes(): number {
    return this.#buffer?.size ?? 0
  }

  /** Grows when it must; programs notice by the buffer. */
  atLeast(bytes: number): GPUBuffer | undefined {
    if (bytes <= this.bytes) return this.#buffer
    this.#buffer?.destroy()
    this.#buffer = this.#device.createBuffer({
      size: bytes,
      usage: valuesUsage(),
    })
    return this.#buffer
  }

  dispose(): void {
    this.#buffer?.destroy()
  }
}
