// Types of columns that the user corrected: which of them need another look at the file, and what the others change.
import type { ColumnType, TableProfile } from '#sdk'

type Types = Readonly<Record<string, ColumnType>>

const needsLook = (type: ColumnType): boolean => type === 'number' || type === 'date'

/** Those under which cells may be faulty that were not before: only the file tells. */
export const typesToInspect = (types: Types): Types =>
  Object.fromEntries(Object.entries(types).filter(([, type]) => needsLook(type)))

/** The profile with the others: as category or text, or ignored, a column has no faults. */
export function withTypes(table: TableProfile, types: Types): TableProfile {
  const changed = new Map(Object.entries(types).filter(([, type]) => !needsLook(type)))
  if (changed.size === 0) return table
  const faults = table.faults.filter(({ column }) => column === undefined || !changed.has(column))
  const linesOf = (all: typeof faults): number => new Set(all.map(({ line }) => line)).size
  return {
    ...table,
    columns: table.columns.map((column) => ({
      ...column,
      type: changed.get(column.name) ?? column.type,
    })),
    faults,
    faultyRows: Math.max(0, table.faultyRows - linesOf([...table.faults]) + linesOf(faults)),
  }
}
