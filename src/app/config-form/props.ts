// What fields and controls of the form are given.
import type { Control, JsonSchema, Path } from '#workspace'

export interface FieldProps {
  readonly path: Path
  readonly schema: JsonSchema
  readonly isRequired?: boolean
  /** In place of its key in words. */
  readonly label?: string
}

export interface ControlProps<K extends Control['kind'] = Control['kind']> {
  readonly path: Path
  /** Without a reference at its top. */
  readonly schema: JsonSchema
  readonly control: Extract<Control, { kind: K }>
  /** As it is written; `undefined` for what is not. */
  readonly value: unknown
  /** Ids of the elements that name and describe it. */
  readonly labelledBy: string
  readonly describedBy: string
  readonly isWrong: boolean
  readonly isRequired: boolean
}

/** Of the control that a click on its name leads to; of an item there is none, as its name is that of its list. */
export const controlId = (labelledBy: string): string | undefined =>
  labelledBy.includes(' ') ? undefined : `${labelledBy}-control`
