// The last recording once more, without the JavaScript that was recorded.
import * as tf from '@tensorflow/tfjs'
import type { Program } from '../run/program.ts'
import type { Region } from './region.ts'
import type { Form, Kept, Trace } from './trace.ts'

/** Where an external comes from when the recording runs again. */
type Origin =
  | { readonly kind: 'input'; readonly at: number }
  | { readonly kind: 'written'; readonly at: number }
  /** Several variables when they had the same values. */
  | { readonly kind: 'variables'; readonly names: readonly string[] }
  | { readonly kind: 'data'; readonly dataId: object }

/** Everything that one run of a program takes. */
export interface Recorded {
  readonly program: Program
  readonly trace: Trace
  readonly kept: readonly Kept[]
  /** Data of the trace's externals. */
  readonly ids: readonly object[]
}

/** Inputs and what was written meanwhile, by their data. */
interface Given {
  readonly inputs: readonly object[]
  readonly written: readonly object[]
}

export class Replay {
  readonly recorded: Recorded
  /** Shapes and types of the inputs, used or not. */
  readonly inputs: readonly Form[]
  /** Arrays that were written meanwhile; their values are to be given again. */
  readonly written: readonly ArrayLike<number>[]
  /** What was written, in shape and type. */
  readonly forms: readonly Form[]
  /** Of each kept value, the external whose memory it takes over, if so. */
  readonly donors: readonly (number | undefined)[]
  /** Kept values that are no variable's, by index. */
  readonly results: readonly number[]
  /** Kept values that are those of variables, by index. */
  readonly assigned: readonly (readonly [variable: string, kept: number])[]
  readonly #origins: readonly Origin[]

  private constructor(
    recorded: Recorded,
    inputs: readonly Form[],
    origins: readonly Origin[],
    written: readonly ArrayLike<number>[],
    assigned: Replay['assigned'],
  ) {
    this.recorded = recorded
    this.donors = donorsOf(recorded)
    this.inputs = inputs
    this.#origins = origins
    this.written = written
    this.forms = recorded.trace.externals.filter((_, i) => origins[i]!.kind === 'written')
    this.assigned = assigned
    const ofVariables = new Set(assigned.map(([, index]) => index))
    this.results = [...recorded.kept.keys()].filter((index) => !ofVariables.has(index))
  }

  /**
   * Of a recording that has run as a whole; `undefined` when it did more than to compute: made or freed variables, or
   * gave some the values of other tensors. `valuesOf` tells what was written to data.
   */
  static of(
    recorded: Recorded,
    region: Region,
    valuesOf: (dataId: object) => ArrayLike<number>,
  ): Replay | undefined {
    const { ids, trace } = recorded
    const indices = new Map([...region.lazy].map((dataId, index) => [dataId, index]))
    const variables = Object.entries(tf.engine().registeredVariables)
    if (variables.length !== region.variables.size) return undefined
    const assigned: [string, number][] = []
    for (const [name, { dataId }] of variables) {
      const before = region.variables.get(name)
      if (before === dataId) continue
      const index = indices.get(dataId)
      if (before === undefined || index === undefined) return undefined
      assigned.push([name, index])
    }
    const written: ArrayLike<number>[] = []
    const origins = ids.map((dataId, index): Origin => {
      const at = region.inputs.indexOf(dataId)
      if (at >= 0) return { kind: 'input', at }
      if (trace.externals[index]!.isUpload)
        return { kind: 'written', at: written.push(valuesOf(dataId)) - 1 }
      const names = region.variablesOf(dataId)
      return names.length === 0 ? { kind: 'data', dataId } : { kind: 'variables', names }
    })
    // Memory of what is no variable's changes hands each time.
    const isSteady = donorsOf(recorded).every(
      (donor) => donor === undefined || origins[donor]!.kind === 'variables',
    )
    return isSteady
      ? new Replay(recorded, region.inputForms, origins, written, assigned)
      : undefined
  }

  /** Data of the externals now; `undefined` for variables that are gone, or no longer have the same values. */
  idsNow({ inputs, written }: Given): (object | undefined)[] {
    return this.#origins.map((origin) => {
      if (origin.kind === 'input') return inputs[origin.at]
      if (origin.kind === 'written') return written[origin.at]
      if (origin.kind === 'data') return origin.dataId
      const [first, ...others] = origin.names.map(dataOf)
      return others.every((other) => other === first) ? first : undefined
    })
  }

  /** How many of the variables that get a new value have data now. */
  holders(dataId: object): number {
    return this.assigned.filter(([name]) => dataOf(name) === dataId).length
  }
}

const donorsOf = ({ kept, program }: Recorded): (number | undefined)[] =>
  kept.map(({ donor }, i) => (program.plan.isDonated[i] ? donor : undefined))

const dataOf = (variable: string): object | undefined =>
  tf.engine().registeredVariables[variable]?.dataId
