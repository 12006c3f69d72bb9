// Tables that tests are made of.
import type { NumberColumn, Table } from 'plugboard'

export const numbers = (values: ArrayLike<number>): NumberColumn => ({
  type: 'number',
  data: Float32Array.from(values),
  shape: [],
  dtype: 'float32',
})

export function tableOf(columns: Readonly<Record<string, ArrayLike<number>>>): Table {
  const made = Object.entries(columns).map(([name, values]) => [name, numbers(values)] as const)
  return { length: made[0]![1].data.length, columns: Object.fromEntries(made) }
}

export const valuesOf = ({ columns }: Table, name: string): number[] =>
  Array.from((columns[name] as NumberColumn).data)
