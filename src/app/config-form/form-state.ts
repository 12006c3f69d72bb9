// What the form shows: the words searched for, whether only what is written, and the setting to lead to.
import type { Path } from '#workspace'
import { createStore } from 'zustand/vanilla'

interface FormState {
  query: string
  isOnlySet: boolean
  /** Should come into sight and take the focus; a new object for each request. */
  target: { readonly path: Path } | undefined
}

export const formState = createStore<FormState>(() => ({
  query: '',
  isOnlySet: false,
  target: undefined,
}))

/** Ids of fields by their path: of the DOM, and in records of them. */
export const keyOf = (path: Path): string => `config:${path.join('/')}`
