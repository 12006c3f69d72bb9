// Events for machines: one line of JSON each.
import type { EventRecord } from '#sdk'

/** JSON has no binary data, no numbers that are not finite, and none beyond 2⁵³. */
function writable(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  if (value instanceof ArrayBuffer) return [...new Uint8Array(value)]
  if (ArrayBuffer.isView(value) && !(value instanceof DataView))
    return [...(value as unknown as Iterable<unknown>)]
  return value
}

/** Plain data as JSON. `NaN`, infinities and bigints are written as texts, typed arrays as lists. */
export const jsonText = (data: unknown): string => JSON.stringify(data, writable)

/** The event as a line. */
export const jsonLine = (event: EventRecord): string => `${jsonText(event)}\n`
