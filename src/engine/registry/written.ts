// Components whose parts are written in a file of their own, not in the project file.
import type { Locate } from '../config/index.ts'
import type { NamedComponent } from './references.ts'

/** A part, where the file has it. */
export interface WrittenComponent extends NamedComponent {
  /** Its settings are not whole yet: they depend on the data. */
  readonly isPartial: boolean
}

/** What a component is made of besides its config. */
export interface Written {
  /** Holds the references to its parts, where the file has them. */
  readonly value: unknown
  readonly locate: Locate
  /** Key beside the settings of a part that names it. */
  readonly nameKey: string
  components(isKind: (kind: string) => boolean): readonly WrittenComponent[]
}

type WrittenOf = (config: unknown) => Written

const known = new WeakMap<object, WrittenOf>()

/** Says of a `create` what it makes its component of, by its parsed config. */
export function markWritten<F extends object>(create: F, written: WrittenOf): F {
  known.set(create, written)
  return create
}

export const writtenOf = (create: object): WrittenOf | undefined => known.get(create)
