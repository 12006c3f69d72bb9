// What the user said of each data file: how it is written, what its columns hold and are for.
import { type ColumnType, type TableForm, tableFormSchema } from '#sdk'
import { createStore } from 'zustand/vanilla'
import { useStore } from 'zustand'

export interface Choices {
  form: TableForm
  /** Types that the user corrected, by column. */
  types: Readonly<Record<string, ColumnType>>
  /** Column to predict; `undefined` until one is chosen. */
  label: string | undefined
}

const initial: Choices = { form: tableFormSchema.parse({}), types: {}, label: undefined }

/** By workspace and path. */
const choices = createStore<Readonly<Record<string, Choices>>>(() => ({}))

export const useChoices = (key: string): Choices => useStore(choices, (all) => all[key] ?? initial)

export function choose(key: string, change: Partial<Choices>): void {
  choices.setState((all) => ({ ...all, [key]: { ...(all[key] ?? initial), ...change } }))
}
