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
const MAX_LINE = 80

/** A result to read: a text as it is, nothing as nothing, data as JSON, what is long in it over several lines. */
export function resultText(value: unknown): string {
  if (value === undefined) return ''
  return typeof value === 'string' ? value : spread(JSON.parse(jsonText(value)) as unknown, '')
}

/** `json` with what does not fit into a line as a line for each part. */
function spread(json: unknown, indent: string): string {
  const line = JSON.stringify(json)
  if (typeof json !== 'object' || json === null || line.length <= MAX_LINE) return line
  const inner = `${indent}  `
  const isList = Array.isArray(json)
  const parts = Object.entries(json).map(([key, part]) => {
    return inner + (isList ? '' : `${JSON.stringify(key)}: `) + spread(part, inner)
  })
  const [open, close] = isList ? '[]' : '{}'
  return `${open}\n${parts.join(',\n')}\n${indent}${close}`
}
