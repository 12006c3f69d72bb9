// Field and control, for parts of the form that hold further ones: modules cannot import each other in a circle.
import type { Control } from '#workspace'
import { type ComponentType, createContext, useContext } from 'react'
import type { ControlProps, FieldProps } from './props.ts'

export type AnyControlProps = Omit<ControlProps, 'control'> & { readonly control: Control }

interface Parts {
  readonly Field: ComponentType<FieldProps>
  readonly ControlOf: ComponentType<AnyControlProps>
}

export const PartsContext = createContext<Parts | undefined>(undefined)

export function useParts(): Parts {
  const parts = useContext(PartsContext)
  if (!parts) throw new Error('A control of the config form stands outside of the form.')
  return parts
}
