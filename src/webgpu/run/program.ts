// A plan on a device: pipelines and bind groups that are made once.
import type { Copy, Launch, Place, Plan } from '../plan/plan.ts'
import type { Pipelines } from './pipelines.ts'
import { valuesUsage } from './usage.ts'

/** Where values lie that others own. */
export interface Location {
  readonly buffer: GPUBuffer
  /** In bytes. */
  readonly offset: number
}

/** Memory of one run. */
export interface Memory {
  readonly externals: readonly (Location | undefined)[]
  readonly kept: readonly (GPUBuffer | undefined)[]
  readonly packs: readonly GPUBuffer[]
  readonly arena: GPUBuffer | undefined
}

interface Bound {
  readonly launch: Launch
  pipeline: GPUComputePipeline | undefined
  group: GPUBindGroup | undefined
  locations: Location[]
}

/** Where the values of an upload come from. */
export type Values = (external: number) => ArrayLike<number>

export class Program {
  readonly plan: Plan
  readonly #device: GPUDevice
  readonly #pipelines: Pipelines
  readonly #bound: Bound[]
  readonly #staging: ArrayBuffer
  #uploads: GPUBuffer | undefined
  #tables: GPUBuffer | undefined

  constructor(device: GPUDevice, pipelines: Pipelines, plan: Plan) {
    this.#device = device
    this.#pipelines = pipelines
    this.plan = plan
    this.#staging = new ArrayBuffer(plan.uploadBytes)
    this.#bound = plan.launches.map((launch) => ({
      launch,
      pipeline: undefined,
      group: undefined,
      locations: [],
    }))
  }

  /** Compiles all pipelines beside each other, the longest first. Rejects when the device refuses one. */
  async prepare(): Promise<void> {
    const lengthOf = ({ launch }: Bound): number => launch.shader.code.length
    await Promise.all(
      this.#bound
        .toSorted((a, b) => lengthOf(b) - lengthOf(a))
        .map(async (bound) => {
          bound.pipeline = await this.#pipelines.prepare(bound.launch.shader)
        }),
    )
  }

  /**
   * Uploads at once, which is why nothing of an earlier run may wait in `encoder`, and encodes the rest. Compiles what
   * `prepare` has not.
   */
  run(
    encoder: GPUCommandEncoder,
    memory: Memory,
    isInt: (external: number) => boolean,
    values: Values,
  ): void {
    const { plan } = this
    this.#upload(isInt, values)
    const locate = (place: Place): Location => this.#locate(place, memory)
    copy(encoder, plan.copiesBefore, locate)
    if (this.#bound.length > 0) {
      const pass = encoder.beginComputePass()
      for (const bound of this.#bound) {
        bound.pipeline ??= this.#pipelines.get(bound.launch.shader)
        pass.setPipeline(bound.pipeline)
        pass.setBindGroup(0, this.#groupOf(bound, locate))
        pass.dispatchWorkgroups(...bound.launch.shader.workgroups)
      }
      pass.end()
    }
    copy(encoder, plan.copiesAfter, locate)
  }

  dispose(): void {
    this.#uploads?.destroy()
    this.#tables?.destroy()
  }

  #upload(isInt: (external: number) => boolean, values: Values): void {
    const { uploads, uploadBytes } = this.plan
    if (uploadBytes === 0) return
    for (const { external, offset } of uploads) {
      const given = values(external)
      const view = isInt(external)
        ? new Int32Array(this.#staging, offset, given.length)
        : new Float32Array(this.#staging, offset, given.length)
      view.set(given)
    }
    this.#uploads ??= this.#device.createBuffer({
      size: uploadBytes,
      usage: valuesUsage(),
    })
    this.#device.queue.writeBuffer(this.#uploads, 0, this.#staging)
  }

  #locate(place: Place, { externals, kept, packs, arena }: Memory): Location {
    switch (place.kind) {
      case 'arena':
        return { buffer: arena!, offset: place.offset }
      case 'upload':
        return { buffer: this.#uploads!, offset: place.offset }
      case 'table':
        return { buffer: this.#tablesBuffer(), offset: place.offset }
      case 'pack':
        return { buffer: packs[place.index]!, offset: place.offset }
      case 'kept':
        return { buffer: kept[place.index]!, offset: 0 }
      case 'external':
        return externals[place.index]!
    }
  }

  #tablesBuffer(): GPUBuffer {
    if (this.#tables) return this.#tables
    const { tables } = this.plan
    this.#tables = this.#device.createBuffer({
      size: tables.byteLength,
      usage: GPUBufferUsage.STORAGE,
      mappedAtCreation: true,
    })
    new Int32Array(this.#tables.getMappedRange()).set(tables)
    this.#tables.unmap()
    return this.#tables
  }

  /** The group of the last run where its memory is the same: to make one costs more than a launch. */
  #groupOf(bound: Bound, locate: (place: Place) => Location): GPUBindGroup {
    const { bindings } = bound.launch
    let isSame = bound.group !== undefined
    for (let i = 0; i < bindings.length; i++) {
      const location = locate(bindings[i]!.place)
      const before = bound.locations[i]
      if (before && before.buffer === location.buffer && before.offset === location.offset) continue
      bound.locations[i] = location
      isSame = false
    }
    if (isSame) return bound.group!
    bound.group = this.#device.createBindGroup({
      layout: this.#pipelines.layout(bindings.length),
      entries: bindings.map(({ bytes }, binding) => ({
        binding,
        resource: { ...bound.locations[binding]!, size: bytes },
      })),
    })
    return bound.group
  }
}

function copy(
  encoder: GPUCommandEncoder,
  copies: readonly Copy[],
  locate: (place: Place) => Location,
): void {
  for (const { from, to, bytes } of copies) {
    const [source, target] = [locate(from), locate(to)]
    encoder.copyBufferToBuffer(source.buffer, source.offset, target.buffer, target.offset, bytes)
  }
}
