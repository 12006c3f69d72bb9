// A piece of work while its kernels are recorded, until what was recorded has run.
import * as tf from '@tensorflow/tfjs'
import type { DType } from '../graph/node.ts'
import { type Describe, Recording } from './recording.ts'
import type { External, Form, Kept } from './trace.ts'
import type { Traces } from './traces.ts'

export interface RegionOptions {
  readonly traces: Traces
  /** Tensors whose values differ each time although they were made before: never constants. */
  readonly inputs: readonly tf.Tensor[]
  readonly describe: Describe
}

export class Region {
  readonly traces: Traces
  readonly inputTensors: readonly tf.Tensor[]
  /** Data whose values differ each time. */
  readonly inputs: readonly object[]
  /** Those of the recording before: what is given again and again, others can hold unseen. */
  readonly inputsBefore: ReadonlySet<object>
  readonly inputForms: readonly Form[]
  /** Results that someone holds. */
  readonly lazy = new Set<object>()
  /** Externals whose last holder let them go: they are needed until the recording has run. */
  readonly dying = new Set<object>()
  /** Data written meanwhile. */
  readonly written = new Set<object>()
  /** Whether all of the work is in one recording. */
  isWhole = true
  readonly #describe: Describe
  #recording: Recording
  #variables: Map<string, object>
  #names: ReadonlyMap<object, readonly string[]>

  constructor({ traces, inputs, describe }: RegionOptions) {
    this.traces = traces
    this.inputTensors = inputs
    this.inputs = inputs.map(({ dataId }) => dataId)
    this.inputsBefore = new Set(traces.inputs)
    traces.inputs = this.inputs
    this.inputForms = inputs.map(({ shape, dtype }) => ({ shape, dtype: dtype as DType }))
    this.#describe = describe
    traces.begin()
    this.#recording = new Recording(describe, traces.guide)
    this.#variables = variablesNow()
    this.#names = byData(this.#variables)
  }

  get recording(): Recording {
    return this.#recording
  }

  /** The recording has run; the rest is recorded apart. */
  goOn(): void {
    this.#recording = new Recording(this.#describe, this.traces.guide)
    this.#variables = variablesNow()
    this.#names = byData(this.#variables)
  }

  /** Names of the variables whose values it held as the recording began. */
  variablesOf(dataId: object): readonly string[] {
    return this.#names.get(dataId) ?? []
  }

  /** Data of each variable as the recording began. */
  get variables(): ReadonlyMap<string, object> {
    return this.#variables
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

function byData(variables: ReadonlyMap<string, object>): Map<object, string[]> {
  const names = new Map<object, string[]>()
  for (const [name, dataId] of variables) {
    const known = names.get(dataId)
    if (known) known.push(name)
    else names.set(dataId, [name])
  }
  return names
}
