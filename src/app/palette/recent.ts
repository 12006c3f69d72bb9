// The actions chosen last in the palette, kept in this browser.
import { z } from '#sdk'

const KEY = 'plugboard.recent-actions'
const MOST = 5

const recentSchema = z.array(z.string().max(200)).max(MOST).catch([])

/** Ids, the last one first. */
export function recentIds(): readonly string[] {
  try {
    return recentSchema.parse(JSON.parse(localStorage.getItem(KEY) ?? '[]'))
  } catch {
    // No storage, or no JSON in it.
    return []
  }
}

export function keepRecent(id: string): void {
  try {
    const ids = [id, ...recentIds().filter((each) => each !== id)].slice(0, MOST)
    localStorage.setItem(KEY, JSON.stringify(ids))
  } catch {
    // Without storage nothing is remembered.
  }
}

/** The actions with those of `ids` first, in their order. */
export function recentFirst<T extends { id: string }>(
  actions: readonly T[],
  ids: readonly string[],
): readonly T[] {
  const recent = ids.flatMap((id) => actions.filter((action) => action.id === id))
  return [...recent, ...actions.filter(({ id }) => !ids.includes(id))]
}
