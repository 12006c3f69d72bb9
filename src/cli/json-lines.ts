// Events for machines: one line of JSON each.
import type { EventRecord } from '#sdk'

/** JSON has no numbers that are not finite, and no binary data. */
function plain(this: unknown, _key: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  if (typeof value === 'bigint') return String(value)
  if (value instanceof Map || value instanceof Set) return [...value]
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    return Array.from(value as unknown as ArrayLike<number>)
  }
  return value
}

/**
 * The event as a line. `NaN` and infinities are written as texts, typed arrays as lists; data that goes in a
 * circle, which a plugin's own event may have, is replaced by `null`.
 */
export function jsonLine(event: EventRecord): string {
  try {
    return `${JSON.stringify(event, plain)}\n`
  } catch {
    return `${JSON.stringify({ ...event, data: null })}\n`
  }
}
