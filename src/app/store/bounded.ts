// A list that keeps its newest items and counts all it ever held.

export interface Bounded<T> {
  readonly items: readonly T[]
  /** Items taken in since the list was made, dropped ones included. */
  readonly total: number
}

export const emptyBounded: Bounded<never> = { items: [], total: 0 }

/** Adds items at the end; the oldest leave when there are more than `limit`. */
export function appendBounded<T>(list: Bounded<T>, added: readonly T[], limit: number): Bounded<T> {
  if (added.length === 0) return list
  const items =
    added.length >= limit
      ? added.slice(-limit)
      : [...list.items.slice(Math.max(0, list.items.length + added.length - limit)), ...added]
  return { items, total: list.total + added.length }
}
