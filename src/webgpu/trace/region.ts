// A piece of work while its kernels are recorded, until what was recorded has run.
import * as tf from '@tensorflow/tfjs'
import { type Describe, Recording } from './recording.ts'
import type { External, Kept } from './trace.ts'
import type { Traces } from './traces.ts'

export interface RegionOptions {
  readonly traces: Traces
  /** Tensors whose values differ each time although they were made before: never constants. */
  readonly inputs: readonly tf.Tensor[]
  readonly describe: Describe
}

export class Region {
  readonly traces: Traces
  /** Data whose values differ each time. */
  readonly inputs: readonly object[]
  /** Results that someone holds. */
  readonly lazy = new Set<object>()
  /** Externals whose last holder let them go: they are needed until the recording has run. */
  readonly dying = new Set<object>()
  /** Data written meanwhile. */
  readonly written = new Set<object>()
  readonly #describe: Describe
  #recording: Recording
  #isWhole = true
  #variables: Map<string, object>
  #names: ReadonlyMap<object, string>

  constructor({ traces, inputs, describe }: RegionOptions) {
    this.traces = traces
    this.inputs = inputs.map(({ dataId }) => dataId)
    this.#describe = describe
    traces.begin()
    this.#recording = new Recording(describe, traces.guide)
    this.#variables = variablesNow()
    this.#names = byData(this.#variables)
  }

  /** Whether all of the work is in one recording. */
  get isWhole(): boolean {
    return this.#isWhole
  }

  get recording(): Recording {
    return this.#recording
  }

  /** The recording has run; the rest is recorded apart. */
  goOn(): void {
    this.#isWhole = false
    this.#recording = new Recording(this.#describe, this.traces.guide)
    this.#variables = variablesNow()
    this.#names = byData(this.#variables)
  }

  /** The variable whose values it held as the recording began. */
  variableOf(dataId: object): string | undefined {
    return this.#names.get(dataId)
  }

  /** Whether it has to wait until the recording has run. */
  needs(dataId: object): boolean {
    const source = this.#recording.sourceOf(dataId)
    return source !== undefined && (source.kind !== 'call' || this.lazy.has(dataId))
  }

  /**
   * Results that someone holds, in the order of `lazy`. A new value of a variable takes over the memory of the one
   * before, if nobody holds that any longer. `ids` are the data of `externals`.
   */
  kept(ids: readonly object[], externals: readonly External[]): Kept[] {
    const indices = new Map(ids.map((dataId, index) => [dataId, index]))
    const donors = new Map<object, number>()
    // Variables that were made as copies of each other hold the same memory until they are assigned to.
    const given = new Set<number>()
    for (const [name, { dataId }] of Object.entries(tf.engine().registeredVariables)) {
      const before = this.#variables.get(name)
      const index = before && indices.get(before)
      if (index === undefined || !this.lazy.has(dataId)) continue
      if (!this.dying.has(before!) || externals[index]!.isUpload || given.has(index)) continue
      given.add(index)
      donors.set(dataId, index)
    }
    return [...this.lazy].map((dataId) => {
      const source = this.#recording.sourceOf(dataId)
      if (source?.kind !== 'call') throw new Error('a result that was never recorded is held')
      const { call, output } = source
      return {
        call,
        output,
        ...this.#recording.calls[call]!.outputs[output]!,
        donor: donors.get(dataId),
      }
    })
  }
}

const variablesNow = (): Map<string, object> =>
  new Map(
    Object.entries(tf.engine().registeredVariables).map(([name, { dataId }]) => [name, dataId]),
  )

const byData = (variables: ReadonlyMap<string, object>): Map<object, string> =>
  new Map([...variables].map(([name, dataId]) => [dataId, name]))
