// What a command gave, as text and as JSON.

/** JSON has no binary data, no numbers that are not finite, and none beyond 2⁵³. */
function writable(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  if (value instanceof ArrayBuffer) return [...new Uint8Array(value)]
  if (ArrayBuffer.isView(value) && !(value instanceof DataView))
    return [...(value as unknown as Iterable<unknown>)]
  return value
}

/** Plain data as JSON. `NaN`, infinities and bigints are written as texts, typed arrays as lists, nothing as null. */
export const jsonText = (value: unknown, indent?: number): string =>
  JSON.stringify(value, writable, indent) ?? 'null'

/** Longest JSON that stays on one line. */
const MAX_LINE = 100

/** A result to read: a text as it is, nothing as nothing, data as JSON, over several lines when it is long. */
export function resultText(value: unknown): string {
  if (value === undefined) return ''
  if (typeof value === 'string') return value
  const line = jsonText(value)
  return line.length > MAX_LINE ? jsonText(value, 2) : line
}
