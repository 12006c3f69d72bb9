// The last recording once more, without the JavaScript that was recorded.
import * as tf from '@tensorflow/tfjs'
import type { Program } from '../run/program.ts'
import type { Region } from './region.ts'
import type { Form, Kept, Trace } from './trace.ts'

/** Where an external comes from when the recording runs again. */
type Origin =
  | { readonly kind: 'input'; readonly at: number }
  | { readonly kind: 'written'; readonly at: number }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'data'; readonly dataId: object }

/** Everything that one run of a program takes. */
export interface Recorded {
  readonly program: Program
  readonly trace: Trace
  readonly kept: readonly Kept[]
  /** Data of the trace's externals. */
  readonly ids: readonly object[]
}

export class Replay {
  readonly recorded: Recorded
  /** Arrays that were written meanwhile; their values are to be given again. */
  readonly written: readonly ArrayLike<number>[]
  /** What was written, in shape and type. */
  readonly forms: readonly Form[]
  /** Of the kept values, those that are no variable's: results. */
  readonly results: ReadonlySet<number>
  readonly #origins: readonly Origin[]

  private constructor(
    recorded: Recorded,
    origins: readonly Origin[],
    written: readonly ArrayLike<number>[],
    results: ReadonlySet<number>,
  ) {
    this.recorded = recorded
    this.#origins = origins
    this.written = written
    this.forms = recorded.trace.externals.filter((_, i) => origins[i]!.kind === 'written')
    this.results = results
  }

  /**
   * Of a recording that has run as a whole; `undefined` when a new value of a variable is not in the memory of the one
   * before. `valuesOf` tells what was written to data.
   */
  static of(
    recorded: Recorded,
    region: Region,
    valuesOf: (dataId: object) => ArrayLike<number>,
  ): Replay | undefined {
    const { kept, ids, trace, program } = recorded
    const variables = new Set(
      Object.values(tf.engine().registeredVariables).map(({ dataId }) => dataId),
    )
    const results = new Set<number>()
    for (const [index, dataId] of [...region.lazy].entries()) {
      if (!variables.has(dataId)) results.add(index)
      else if (!program.plan.isDonated[index]) return undefined
    }
    // Memory of what is no variable changes hands each time.
    if (kept.some((_, index) => results.has(index) && program.plan.isDonated[index]))
      return undefined
    const written: ArrayLike<number>[] = []
    const origins = ids.map((dataId, index): Origin => {
      const at = region.inputs.indexOf(dataId)
      if (at >= 0) return { kind: 'input', at }
      if (trace.externals[index]!.isUpload)
        return { kind: 'written', at: written.push(valuesOf(dataId)) - 1 }
      const name = region.variableOf(dataId)
      return name === undefined ? { kind: 'data', dataId } : { kind: 'variable', name }
    })
    return new Replay(recorded, origins, written, results)
  }

  /** Data of the externals now; `undefined` for a variable that is gone. */
  idsNow(inputs: readonly object[], written: readonly object[]): (object | undefined)[] {
    return this.#origins.map((origin) => {
      if (origin.kind === 'input') return inputs[origin.at]
      if (origin.kind === 'written') return written[origin.at]
      if (origin.kind === 'data') return origin.dataId
      return tf.engine().registeredVariables[origin.name]?.dataId
    })
  }
}
