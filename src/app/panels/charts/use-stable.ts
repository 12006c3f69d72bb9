// Lists that stay the same object while their items are the same.
import { useState } from 'react'

/** The list of the render before, if its items are the same. */
export function useStable<T>(items: readonly T[], isSame: (a: T, b: T) => boolean): readonly T[] {
  const [kept, setKept] = useState(items)
  if (kept.length === items.length && kept.every((item, i) => isSame(item, items[i]!))) return kept
  setKept(items)
  return items
}
