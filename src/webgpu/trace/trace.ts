// What was recorded: calls of kernels, and where each of their inputs comes from.
import type { DType, Shape } from '../graph/node.ts'

/** Where values come from: an earlier call, outside of the recording, or they are one number everywhere. */
export type Source =
  | { readonly kind: 'call'; readonly call: number; readonly output: number }
  | { readonly kind: 'external'; readonly index: number }
  | { readonly kind: 'constant'; readonly value: number; readonly dtype: DType }

/** An input of a call, in the shape and type that the call sees: tensors that share data may differ in them. */
export interface Ref extends Form {
  readonly source: Source
}

export interface Form {
  readonly shape: Shape
  readonly dtype: DType
}

/** Name of the only input of kernels that take a list. */
export const LIST = 'tensors'

/** One kernel that was called. */
export interface Call {
  readonly kernel: string
  /** By name. */
  readonly inputs: readonly (readonly [name: string, ref: Ref | readonly Ref[]])[]
  readonly attrs: Readonly<Record<string, unknown>>
  readonly outputs: readonly Form[]
  /** Whether the kernel returns a list. */
  readonly isList: boolean
}

/** All inputs of a call, lists flattened. */
export const refsOf = ({ inputs }: Pick<Call, 'inputs'>): readonly Ref[] =>
  inputs.flatMap(([, ref]): readonly Ref[] => ('source' in ref ? [ref] : ref))

/** Values from outside. An upload is written anew in every recording; the rest is on the device before. */
export interface External extends Form {
  readonly isUpload: boolean
}

/** A value that outlives the recording, and the external whose memory it takes over, if one dies that fits. */
export interface Kept extends Form {
  readonly call: number
  readonly output: number
  readonly donor: number | undefined
}

const sameNumbers = (a: readonly number[], b: readonly number[]): boolean => {
  if (a === b) return true
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

export function sameSource(a: Source, b: Source): boolean {
  if (a === b) return true
  if (a.kind === 'call') return b.kind === 'call' && a.call === b.call && a.output === b.output
  if (a.kind === 'external') return b.kind === 'external' && a.index === b.index
  return b.kind === 'constant' && Object.is(a.value, b.value) && a.dtype === b.dtype
}

const sameForm = (a: Form, b: Form): boolean => a.dtype === b.dtype && sameNumbers(a.shape, b.shape)

export const sameExternal = (a: External, b: External): boolean =>
  a.isUpload === b.isUpload && sameForm(a, b)

/** Whether two sets of attributes, plain data, are equal. */
export function sameData(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  const keys = Object.keys(a)
  if (keys.length !== Object.keys(b).length) return false
  for (const key of keys)
    if (!sameData((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]))
      return false
  return true
}

const sameRef = (a: Ref, b: Ref): boolean => sameSource(a.source, b.source) && sameForm(a, b)

/** Whether `b` calls the same kernel with the same inputs. */
export function sameCall(a: Omit<Call, 'outputs' | 'isList'>, b: typeof a): boolean {
  if (a === b) return true
  if (a.kernel !== b.kernel || a.inputs.length !== b.inputs.length) return false
  for (let i = 0; i < a.inputs.length; i++) {
    const [name, one] = a.inputs[i]!
    const [otherName, other] = b.inputs[i]!
    if (name !== otherName || !sameInput(one, other)) return false
  }
  return sameData(a.attrs, b.attrs)
}

function sameInput(a: Ref | readonly Ref[], b: Ref | readonly Ref[]): boolean {
  if ('source' in a) return 'source' in b && sameRef(a, b)
  return !('source' in b) && a.length === b.length && a.every((ref, i) => sameRef(ref, b[i]!))
}

/** What tells apart recordings of the same calls: which values outlive them, in whose memory. */
export const keptKey = (kept: readonly Kept[]): string =>
  kept.map(({ call, output, donor }) => `${call}.${output}<${donor ?? ''}`).join()

/** A whole recording, and what was made of it. */
export interface Trace {
  readonly calls: readonly Call[]
  readonly externals: readonly External[]
}
