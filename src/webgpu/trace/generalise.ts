// Two recordings that differ in numbers only: those that changed become inputs.
import type { Recording } from './recording.ts'
import {
  type External,
  type Ref,
  refsOf,
  sameData,
  sameSource,
  type Source,
  type Trace,
} from './trace.ts'

/** A trace that holds for both, and the data that the recording has for its externals. */
export interface Generalised {
  /** The one before, where it holds already. */
  readonly trace: Trace
  readonly ids: readonly object[]
}

/** `undefined` when they differ in more than the values of constants. */
export function generalise(before: Trace, recording: Recording): Generalised | undefined {
  const varying = new Set<Source>()
  if (before.calls.length !== recording.calls.length) return undefined
  for (const [i, call] of recording.calls.entries()) {
    const other = before.calls[i]!
    if (call === other) continue
    if (call.kernel !== other.kernel || !sameData(call.attrs, other.attrs)) return undefined
    const refs = refsOf(call)
    const others = refsOf(other)
    if (refs.length !== others.length) return undefined
    for (const [j, { source, shape, dtype }] of refs.entries()) {
      const one = others[j]!
      if (dtype !== one.dtype || !sameData(shape, one.shape)) return undefined
      if (sameSource(source, one.source)) continue
      if (source.kind !== 'constant' || one.source.kind !== 'constant') return undefined
      varying.add(source)
    }
  }
  if (varying.size === 0) return { trace: before, ids: recording.ids }
  return withInputs(recording, varying)
}

/** The recording with some constants as externals, all numbered by their first use. */
function withInputs(recording: Recording, varying: ReadonlySet<Source>): Generalised {
  const externals: External[] = []
  const ids: object[] = []
  const renamed = new Map<Source, Source>()
  const rename = (ref: Ref): Ref => {
    const { source, shape } = ref
    if (source.kind === 'call' || (source.kind === 'constant' && !varying.has(source))) return ref
    let known = renamed.get(source)
    if (!known) {
      known = { kind: 'external', index: externals.length }
      renamed.set(source, known)
      if (source.kind === 'external') {
        externals.push(recording.externals[source.index]!)
        ids.push(recording.ids[source.index]!)
      } else {
        externals.push({ shape, dtype: source.dtype, isUpload: true })
        ids.push(recording.constantId(source))
      }
    }
    return { ...ref, source: known }
  }
  const calls = recording.calls.map((call) => ({
    ...call,
    inputs: call.inputs.map(
      ([name, ref]) => [name, 'source' in ref ? rename(ref) : ref.map(rename)] as const,
    ),
  }))
  return { trace: { calls, externals }, ids }
}
