// How much room a stored value takes.

/** About what `value` takes in bytes: a byte a character, 8 a number, buffers and files as they are. No cycles. */
export function storedSize(value: unknown): number {
  if (typeof value === 'string') return value.length
  if (typeof value === 'number') return 8
  if (value instanceof Blob) return value.size
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return value.byteLength
  if (Array.isArray(value)) return value.reduce((sum: number, it) => sum + storedSize(it), 0)
  if (typeof value !== 'object' || value === null) return 1
  return Object.entries(value).reduce((sum, [key, it]) => sum + key.length + storedSize(it), 0)
}
