// What plugins saved for the user: known by name, copied while their engine lives.
import { isEngineEvent } from '#protocol'
import type { EventRecord } from '#sdk'

export interface ArtefactCopy {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** The artefact's version that it has. */
  readonly version: number
  readonly takenAt: number
}

export interface Artefact {
  /** As the engine gave it: for reading only, never a path. */
  readonly name: string
  readonly plugin: string | undefined
  readonly type: string
  readonly sizeBytes: number
  readonly savedAt: number
  /** Counts how often it was saved. */
  readonly version: number
  readonly copy: ArtefactCopy | undefined
  /** Its engine is gone: the copy is all there is. */
  readonly isGone: boolean
}

/** By name; the ones saved last come last. */
export type ArtefactsSlice = ReadonlyMap<string, Artefact>

export const MAX_ARTEFACTS = 500
/** Bytes of all copies together; above, those of engines that are gone leave, oldest first. */
const MAX_COPIED_BYTES = 128 * 2 ** 20

export function reduceArtefacts(
  artefacts: ArtefactsSlice,
  records: readonly EventRecord[],
): ArtefactsSlice {
  const next = new Map(artefacts)
  let isChanged = false
  for (const record of records) {
    if (!isEngineEvent(record)) continue
    if (record.type === 'artefact.removed') {
      isChanged = next.delete(record.data.name) || isChanged
    } else if (record.type === 'artefact.saved') {
      const { plugin, time: savedAt, data } = record
      const known = next.get(data.name)
      // One of an engine that is gone is another, of the same name.
      const copy = known?.isGone ? undefined : known?.copy
      next.delete(data.name)
      next.set(data.name, {
        ...data,
        plugin,
        savedAt,
        version: (known?.version ?? 0) + 1,
        copy,
        isGone: false,
      })
      if (next.size > MAX_ARTEFACTS) next.delete(next.keys().next().value!)
      isChanged = true
    }
  }
  return isChanged ? next : artefacts
}

/** Keeps what the engine gave of version `version`. */
export function withCopy(
  artefacts: ArtefactsSlice,
  name: string,
  copy: ArtefactCopy,
): ArtefactsSlice {
  const known = artefacts.get(name)
  if (!known || known.isGone) return artefacts
  const next = new Map(artefacts).set(name, { ...known, copy })
  let copiedBytes = 0
  for (const artefact of next.values()) copiedBytes += artefact.copy?.bytes.length ?? 0
  for (const [gone, artefact] of next) {
    if (copiedBytes <= MAX_COPIED_BYTES) break
    if (!artefact.isGone) continue
    copiedBytes -= artefact.copy?.bytes.length ?? 0
    next.delete(gone)
  }
  return next
}

/** All artefacts as left over from an engine that is gone. */
export function abandonArtefacts(artefacts: ArtefactsSlice): ArtefactsSlice {
  if (artefacts.size === 0) return artefacts
  return new Map([...artefacts].map(([name, artefact]) => [name, { ...artefact, isGone: true }]))
}

/** The copy has all that was saved. */
export const isCopied = ({ copy, version }: Artefact): boolean => copy?.version === version
