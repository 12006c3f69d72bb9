// One recording under way: kernels that are called, compared with an earlier recording as long as they agree.
import type { Shape } from '../graph/node.ts'
import { stackHere } from './account.ts'
import { LoweredCalls } from './lower.ts'
import {
  type Call,
  type External,
  type Form,
  type Ref,
  refsOf,
  sameCall,
  sameData,
  sameExternal,
  type Source,
  type Trace,
} from './trace.ts'

/** What a tensor is to whoever calls a kernel with it. */
export interface Seen extends Form {
  readonly dataId: object
}

/** The first call that is not as it was in the recording before. */
export interface Difference {
  readonly message: string
  readonly stack: string | undefined
}

/** Names values that a recording meets for the first time. */
export type Describe = (
  dataId: object,
) => External | { readonly value: number; readonly dtype: External['dtype'] }

type Called = Omit<Call, 'outputs' | 'isList'>

const oneOf = (input: Ref | readonly Ref[], i: number): Ref | undefined =>
  'source' in input ? input : input[i]

export type Inputs = readonly (readonly [name: string, seen: Seen | readonly Seen[]])[]

export class Recording {
  readonly calls: Call[] = []
  readonly externals: External[] = []
  /** Data of each external. */
  readonly ids: object[] = []
  readonly #describe: Describe
  readonly #sources = new Map<object, Source>()
  readonly #constants = new Map<Source, object>()
  #guide: Trace | undefined
  #lowered: LoweredCalls | undefined
  #difference: Difference | undefined

  /** `guide` is what is expected to come again: nothing needs to be found out about calls that are in it. */
  constructor(describe: Describe, guide: Trace | undefined) {
    this.#describe = describe
    this.#guide = guide
  }

  /** The earlier recording that this one, now at its end, repeats. */
  get repeated(): Trace | undefined {
    return this.#guide?.calls.length === this.calls.length ? this.#guide : undefined
  }

  /** From the recording that was expected; `undefined` as long as there is none. */
  get difference(): Difference | undefined {
    return this.#difference
  }

  /** All calls as a graph. */
  get lowered(): LoweredCalls {
    if (this.#lowered) return this.#lowered
    this.#guide = undefined
    const lowered = new LoweredCalls(this.externals)
    for (const call of this.calls) lowered.add(call)
    this.#lowered = lowered
    return lowered
  }

  /** Data of a constant that was met. */
  constantId(source: Source): object {
    return this.#constants.get(source)!
  }

  sourceOf(dataId: object): Source | undefined {
    return this.#sources.get(dataId)
  }

  /** Notes a call; `undefined` when the kernel can't be part of a graph. Throws what is wrong with its inputs. */
  add(kernel: string, inputs: Inputs, attrs: Call['attrs']): Call | undefined {
    const expected = this.#guide?.calls[this.calls.length]
    const called = {
      kernel,
      attrs,
      inputs: inputs.map(([name, seen], i) => {
        const known = expected?.inputs[i]?.[1]
        if ('dataId' in seen) return [name, this.#ref(seen, known && oneOf(known, 0))] as const
        return [name, seen.map((each, j) => this.#ref(each, known && oneOf(known, j)))] as const
      }),
    }
    if (expected && sameCall(expected, called) && this.#agreesOnExternals()) {
      const { outputs, isList } = expected
      const call = { ...called, outputs, isList }
      this.calls.push(call)
      return call
    }
    if (this.#guide) this.#difference = { message: differs(called, expected), stack: stackHere() }
    const results = this.lowered.add(called)
    if (!results) return undefined
    const call = { ...called, ...results }
    this.calls.push(call)
    return call
  }

  /** Names the data that holds a result of the last call. */
  bind(dataId: object, output: number): void {
    this.#sources.set(dataId, { kind: 'call', call: this.calls.length - 1, output })
  }

  #ref({ dataId, shape, dtype }: Seen, expected: Ref | undefined): Ref {
    let source = this.#sources.get(dataId)
    if (!source) {
      source = this.#meet(dataId, shape, expected?.source.kind === 'external')
      this.#sources.set(dataId, source)
    }
    return { source, shape, dtype }
  }

  /** Numbers that changed from one recording to the next are not constants. */
  #meet(dataId: object, shape: Shape, isVarying: boolean): Source {
    const described = this.#describe(dataId)
    if ('value' in described && !isVarying) {
      const source = { kind: 'constant', ...described } as const
      this.#constants.set(source, dataId)
      return source
    }
    const { dtype } = described
    this.externals.push('value' in described ? { shape, dtype, isUpload: true } : described)
    this.ids.push(dataId)
    return { kind: 'external', index: this.externals.length - 1 }
  }

  #compared = 0
  #agreesOnExternals(): boolean {
    const { externals } = this.#guide!
    for (; this.#compared < this.externals.length; this.#compared++) {
      const expected = externals[this.#compared]
      if (!expected || !sameExternal(expected, this.externals[this.#compared]!)) return false
    }
    return true
  }
}

/** How a call is not the one that was expected. */
function differs(called: Called, expected: Called | undefined): string {
  const of = (call: Called): string =>
    refsOf(call)
      .map(({ shape }) => `[${shape.join(', ')}]`)
      .join(' and ')
  if (expected?.kernel !== called.kernel)
    return `${called.kernel} is called where ${expected ? `${expected.kernel} was` : 'the work ended'} before`
  const [now, before] = [of(called), of(expected)]
  if (now !== before) return `${called.kernel} takes ${now}, and took ${before} before`
  const { attrs } = called
  const name = Object.keys(attrs).find((key) => !sameData(attrs[key], expected.attrs[key]))
  if (name === undefined) return `${called.kernel} takes other values than before`
  const inWords = (value: unknown): string => JSON.stringify(value) ?? String(value)
  return `${called.kernel} has ${name} ${inWords(attrs[name])}, and had ${inWords(expected.attrs[name])} before`
}
