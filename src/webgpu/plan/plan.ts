// What a program does on the device: launches, and where each value lies.
import type { Compiler, DeviceTraits, Halves, Kernel, Shader } from '../fuse/kernel.ts'
import type { Node } from '../graph/node.ts'
import type { Packed } from '../pack/pack.ts'

/**
 * Where a value lies: memory of an external, of what is uploaded, of externals that lie side by side, of tables, of the
 * arena, or of a kept value of its own. Offsets are in bytes.
 */
export type Place =
  | { readonly kind: 'external' | 'kept'; readonly index: number }
  | { readonly kind: 'pack'; readonly index: number; readonly offset: number }
  | { readonly kind: 'upload' | 'table' | 'arena'; readonly offset: number }

export interface Binding {
  readonly place: Place
  readonly bytes: number
}

export interface Launch {
  /** They run side by side. */
  readonly kernels: readonly Kernel[]
  readonly shader: Shader
  /** At binding 0, 1, … */
  readonly bindings: readonly Binding[]
}

export interface Copy {
  readonly from: Place
  readonly to: Place
  readonly bytes: number
}

/** Externals that have to lie side by side. */
export interface PackedExternals {
  readonly bytes: number
  readonly members: readonly { readonly external: number; readonly offset: number }[]
}

export interface Plan {
  readonly packs: readonly PackedExternals[]
  readonly copiesBefore: readonly Copy[]
  readonly launches: readonly Launch[]
  readonly copiesAfter: readonly Copy[]
  readonly arenaBytes: number
  /** Where values may be stored in 16 bits: those that are, and what the arena would take if none were. */
  readonly mixed: { readonly halves: Halves; readonly wholeBytes: number } | undefined
  readonly uploadBytes: number
  /** Externals that are written anew each time, and where. */
  readonly uploads: readonly { readonly external: number; readonly offset: number }[]
  readonly tables: Int32Array
  /** For each kept value, whether it lies in its donor's memory; else it needs memory of its own. */
  readonly isDonated: readonly boolean[]
}

export interface PlanInput extends Packed {
  /** The external of each input of the graph, in order; what comes after them are packs and tables. */
  readonly inputs: readonly {
    readonly node: Node
    readonly external: number
    readonly isUpload: boolean
  }[]
  /** The external whose memory each output may take over. */
  readonly donors: readonly (number | undefined)[]
  readonly traits: DeviceTraits
  /** Values of the arena with so many numbers or more are stored in 16 bits, where kernels can; else none. */
  readonly halveFrom?: number | undefined
  readonly compiler: Compiler
}
