// Where rows come from, carried along while a dataset becomes tables to train on.
import type { RowOrigin, Table } from '#sdk'

const isOf = (origin: RowOrigin | undefined, { length }: Table): origin is RowOrigin =>
  origin?.numbers instanceof Int32Array && origin.numbers.length === length

const counted = (table: Table, source: string): Table => ({
  ...table,
  origin: { source, unit: 'row', numbers: Int32Array.from({ length: table.length }, (_, i) => i) },
})

/** A table of a dataset: its rows are counted, unless it says itself where they come from. */
export const withOrigin = (table: Table, source: string): Table =>
  isOf(table.origin, table) ? table : counted(table, source)

/**
 * What `maker` made of `given`: as many rows are the same ones, unless the maker says which they are; others are new.
 */
export function traced(made: Table, given: Table, maker: string): Table {
  if (isOf(made.origin, made)) return made
  if (!given.origin) return made
  if (made.length === given.length) return { ...made, origin: given.origin }
  return counted(made, `those that ${maker} made`)
}
