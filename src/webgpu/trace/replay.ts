// The last recording once more, without the JavaScript that was recorded.
import * as tf from '@tensorflow/tfjs'
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import type { Program } from '../run/program.ts'
import type { Obstacle } from './account.ts'
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

/** What a backend knows of data. */
interface DataTold {
  /** What was written to it. */
  valuesOf(dataId: object): ArrayLike<number>
  /** How many tensors have it. */
  holdersOf(dataId: object): number
}

/** What had the same data when it was recorded: any of it may be meant, so all have to have the same again. */
interface Agreement extends Pick<Form, 'shape'> {
  readonly inputs: readonly number[]
  readonly variables: readonly string[]
  /** The data itself, where other tensors have it too: these never get other values. */
  readonly dataId: object | undefined
}

type Given = Extract<Origin, { at: number }> & { readonly external: number }

type TensorData = ReturnType<WebGPUBackend['tensorMap']['get']>

/** What a replay is about as long as its variables have the data that they have now. */
export interface Current {
  /** Data of the externals; those of inputs and of what is written have yet to be put in. */
  readonly ids: (object | undefined)[]
  /** Data whose memory new values take over. */
  readonly donors: readonly Donor[]
  /** Kept values that nobody has: all but those of variables that change in place. */
  readonly left: readonly number[]
}

interface Donor {
  readonly dataId: object
  readonly data: TensorData
  /** Variables that have this data and get a new value. */
  readonly holders: number
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
  /** Externals that are inputs, or written meanwhile. */
  readonly given: readonly Given[]
  readonly #origins: readonly Origin[]
  readonly #agreements: readonly Agreement[]
  #current: Current | undefined
  /** Variables that `#current` depends on, with the data that they had. */
  #variables: [tf.Variable, object][] = []

  private constructor(
    recorded: Recorded,
    inputs: readonly Form[],
    { origins, agreements }: { origins: readonly Origin[]; agreements: readonly Agreement[] },
    written: readonly ArrayLike<number>[],
    assigned: Replay['assigned'],
  ) {
    this.recorded = recorded
    this.donors = donorsOf(recorded)
    this.inputs = inputs
    this.#origins = origins
    this.#agreements = agreements
    this.written = written
    this.forms = recorded.trace.externals.filter((_, i) => origins[i]!.kind === 'written')
    this.assigned = assigned
    const ofVariables = new Set(assigned.map(([, index]) => index))
    this.given = origins.flatMap((origin, external) =>
      origin.kind === 'input' || origin.kind === 'written' ? [{ ...origin, external }] : [],
    )
    this.results = [...recorded.kept.keys()].filter((index) => !ofVariables.has(index))
  }

  /**
   * Of a recording that has run as a whole; or what it did more than to compute, where that is not to make or free
   * variables: who watches the code has seen that.
   */
  static of(
    recorded: Recorded,
    region: Region,
    { valuesOf, holdersOf }: DataTold,
  ): Replay | Obstacle[] {
    const { ids, trace } = recorded
    const indices = new Map([...region.lazy].map((dataId, index) => [dataId, index]))
    const variables = Object.entries(tf.engine().registeredVariables)
    if (variables.length !== region.variables.size) return []
    const assigned: [string, number][] = []
    for (const [name, { dataId, shape }] of variables) {
      const before = region.variables.get(name)
      if (before === dataId) continue
      const index = indices.get(dataId)
      if (before === undefined) return []
      if (index === undefined) {
        const message = `gives a variable [${shape.join(', ')}] the data of another tensor; a value of its own is x.add(0)`
        return [{ kind: 'does', message, variable: name }]
      }
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
    for (const donor of donorsOf(recorded)) {
      // Memory of what is no variable's changes hands each time.
      if (donor === undefined || origins[donor]!.kind === 'variables') continue
      return [{ kind: 'does', message: 'gives a variable another value that had those of a batch' }]
    }
    const having = new Map<object, tf.Tensor[]>()
    for (const variable of Object.values(tf.engine().registeredVariables))
      having.set(variable.dataId, [...(having.get(variable.dataId) ?? []), variable])
    const agreements = ids.flatMap((dataId, index): Agreement[] => {
      if (origins[index]!.kind === 'written' || origins[index]!.kind === 'data') return []
      const inputs = region.inputs.flatMap((each, at) => (each === dataId ? [at] : []))
      const names = region.variablesOf(dataId)
      const known = new Set([
        ...inputs.map((at) => region.inputTensors[at]!).filter((it) => !it.isDisposed),
        ...(having.get(dataId) ?? []),
      ])
      // Code that reaches a copy of what is new each time has other state each time.
      const isOld = names.length > 0 || region.inputsBefore.has(dataId)
      const isShared = isOld && !region.dying.has(dataId) && holdersOf(dataId) > known.size
      if (!isShared && (inputs.length === 0 || inputs.length + names.length === 1)) return []
      const { shape } = trace.externals[index]!
      return [{ shape, inputs, variables: names, dataId: isShared ? dataId : undefined }]
    })
    return new Replay(recorded, region.inputForms, { origins, agreements }, written, assigned)
  }

  /** Of what no longer has the data that something else has, where both had the same. */
  disagreement(inputs: readonly tf.Tensor[]): Agreement | undefined {
    return this.#agreements.find((each) => {
      const { registeredVariables } = tf.engine()
      const found = [
        ...each.inputs.map((at) => inputs[at]!.dataId),
        ...each.variables.map((name) => registeredVariables[name]?.dataId),
      ]
      const wanted = each.dataId ?? found[0]
      return !found.every((dataId) => dataId === wanted)
    })
  }

  /** `undefined` when a variable or other data is gone, or variables no longer have the same values. */
  current(tensorMap: WebGPUBackend['tensorMap']): Current | undefined {
    const isAsBefore =
      this.#variables.every(([variable, dataId]) => hasStill(variable, dataId)) &&
      this.#origins.every((origin) => origin.kind !== 'data' || tensorMap.has(origin.dataId))
    if (!this.#current || !isAsBefore) this.#current = this.#find(tensorMap)
    return this.#current
  }

  #find(tensorMap: WebGPUBackend['tensorMap']): Current | undefined {
    this.#variables = []
    const dataOf = (name: string): object | undefined => {
      const variable = tf.engine().registeredVariables[name]
      if (variable) this.#variables.push([variable, variable.dataId])
      return variable?.dataId
    }
    const ids = this.#origins.map((origin) => {
      if (origin.kind === 'data') return origin.dataId
      if (origin.kind !== 'variables') return undefined
      const [first, ...others] = origin.names.map(dataOf)
      return others.every((other) => other === first) ? first : undefined
    })
    const isThere = this.#origins.every(({ kind }, i) => {
      const dataId = ids[i]
      return kind === 'input' || kind === 'written' || (dataId && tensorMap.has(dataId))
    })
    const assigned = this.assigned.map(([name, kept]) => ({ kept, dataId: dataOf(name) }))
    if (!isThere || assigned.some(({ dataId }) => !dataId)) return undefined
    const donorOf = this.donors.map((donor) => (donor === undefined ? undefined : ids[donor]))
    const inPlace = new Set(
      assigned.filter(({ kept, dataId }) => donorOf[kept] === dataId).map(({ kept }) => kept),
    )
    const holders = new Map<object, number>()
    for (const { dataId } of assigned) holders.set(dataId!, (holders.get(dataId!) ?? 0) + 1)
    return {
      ids,
      donors: donorOf
        .filter((dataId) => dataId !== undefined)
        .map((dataId) => ({
          dataId,
          data: tensorMap.get(dataId),
          holders: holders.get(dataId) ?? 0,
        })),
      left: [...donorOf.keys()].filter((i) => !inPlace.has(i)),
    }
  }
}

const hasStill = (variable: tf.Variable, dataId: object): boolean =>
  variable.dataId === dataId && !variable.isDisposed

const donorsOf = ({ kept, program }: Recorded): (number | undefined)[] =>
  kept.map(({ donor }, i) => (program.plan.isDonated[i] ? donor : undefined))
