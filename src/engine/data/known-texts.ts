// Texts of columns that hold one of a few, to choose from where people fill in a row.
import { MAX_NAME } from '#protocol'
import type { Table } from '#sdk'

/** More than these are typed, not chosen. */
const MAX_KNOWN = 100

/** The different texts, sorted, of each text column in which few come again and again: at most half as many as rows. */
export function knownTexts({ length, columns }: Table): ReadonlyMap<string, readonly string[]> {
  const most = Math.min(MAX_KNOWN, length / 2)
  const entries = Object.entries(columns).flatMap(([name, column]) => {
    if (column.type !== 'text') return []
    const known = new Set<string>()
    for (const text of column.data) {
      known.add(text)
      if (known.size > most || text.length > MAX_NAME) return []
    }
    return [[name, [...known].toSorted()] as const]
  })
  return new Map(entries)
}
