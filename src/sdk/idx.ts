// The format of MNIST's files.
import { EngineError } from './errors.ts'

/** Values of an IDX file, in row order. */
export interface Idx {
  shape: number[]
  values: Uint8Array
}

/**
 * Reads the IDX format of unsigned bytes: two zero bytes, the type (8), the rank, each size as a big-endian
 * number of 32 bits, then the values. Throws `data.invalid`; `path` is what the message names.
 */
export function readIdx(bytes: Uint8Array, path: string): Idx {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const rank = bytes[3] ?? 0
  const start = 4 + 4 * rank
  if (bytes.length >= start && view.getUint16(0) === 0 && bytes[2] === 8) {
    const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis))
    const count = shape.reduce((a, b) => a * b, 1)
    if (bytes.length === start + count) return { shape, values: bytes.subarray(start) }
  }
  throw new EngineError({
    code: 'data.invalid',
    message: `${path} is no IDX file of bytes, or is cut off at ${bytes.length} bytes`,
    hint: 'IDX begins with 0, 0, 8 and the rank, followed by the sizes and all values',
  })
}
