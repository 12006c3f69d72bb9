// State that survives its component: what was filled in, while the panel is out of sight or the next run begins.
import { useEffect, useState } from 'react'

const kept = new Map<string, unknown>()
let owner = ''

/** Forgets what belongs to another owner: the inputs of one workspace's model say nothing to the next. */
export function keepFor(next: string): void {
  if (next !== owner) kept.clear()
  owner = next
}

/** As `useState`; a component that mounts later begins with the last value under the same `key`. */
export function useKept<T>(key: string, first: () => T) {
  const [value, setValue] = useState(() => (kept.has(key) ? (kept.get(key) as T) : first()))
  useEffect(() => {
    kept.set(key, value)
  }, [key, value])
  return [value, setValue] as const
}
