// Where values lie that live only while a plan runs: values that are never needed at the same time share memory.

/** Something that needs memory from kernel `first` to kernel `last`, both included. */
export interface Lifetime {
  readonly bytes: number
  readonly first: number
  readonly last: number
}

export interface Layout {
  /** Of each lifetime, in bytes, a multiple of the alignment. */
  readonly offsets: number[]
  /** In all. */
  readonly bytes: number
}

/** What bindings of storage buffers must be aligned to, in bytes. */
export const ALIGNMENT = 256

export const aligned = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT

/** Largest first, each at the lowest place where nothing that lives meanwhile is; within a few percent of the best. */
export function layOut(lifetimes: readonly Lifetime[]): Layout {
  const offsets = lifetimes.map(() => 0)
  const order = lifetimes
    .map((_, i) => i)
    .toSorted((a, b) => lifetimes[b]!.bytes - lifetimes[a]!.bytes)
  const placed: number[] = []
  let bytes = 0
  for (const i of order) {
    const { first, last, bytes: own } = lifetimes[i]!
    const size = aligned(own)
    const taken = placed
      .filter((j) => lifetimes[j]!.first <= last && lifetimes[j]!.last >= first)
      .toSorted((a, b) => offsets[a]! - offsets[b]!)
    let at = 0
    for (const j of taken) {
      if (at + size <= offsets[j]!) break
      at = Math.max(at, offsets[j]! + aligned(lifetimes[j]!.bytes))
    }
    offsets[i] = at
    placed.push(i)
    bytes = Math.max(bytes, at + size)
  }
  return { offsets, bytes }
}
