// Tensors as files keep them: values of some type in an array, and their shape.
import { EngineError } from './errors.ts'

/** How each type of values is kept in memory. F16 and BF16 are bit patterns; BOOL is 0 and 1. */
export const storedDtypes = {
  F64: { bytes: 8, array: Float64Array },
  F32: { bytes: 4, array: Float32Array },
  F16: { bytes: 2, array: Uint16Array },
  BF16: { bytes: 2, array: Uint16Array },
  I64: { bytes: 8, array: BigInt64Array },
  I32: { bytes: 4, array: Int32Array },
  I16: { bytes: 2, array: Int16Array },
  I8: { bytes: 1, array: Int8Array },
  U64: { bytes: 8, array: BigUint64Array },
  U32: { bytes: 4, array: Uint32Array },
  U16: { bytes: 2, array: Uint16Array },
  U8: { bytes: 1, array: Uint8Array },
  BOOL: { bytes: 1, array: Uint8Array },
} as const

/** Name of a type of values, as safetensors has it. */
export type StoredDtype = keyof typeof storedDtypes

export interface StoredTensor {
  readonly dtype: StoredDtype
  readonly shape: readonly number[]
  /** Row by row. */
  readonly data: InstanceType<(typeof storedDtypes)[StoredDtype]['array']>
}

/** Values of a tensor on the device, read back, as files keep them. */
export function storedTensor(
  dtype: string,
  shape: readonly number[],
  data: Float32Array | Int32Array | Uint8Array,
): StoredTensor {
  if (dtype === 'float32') return { dtype: 'F32', shape, data: Float32Array.from(data) }
  if (dtype === 'int32') return { dtype: 'I32', shape, data: Int32Array.from(data) }
  if (dtype === 'bool') return { dtype: 'BOOL', shape, data: Uint8Array.from(data) }
  throw new EngineError({
    code: 'file.invalid',
    message: `a tensor of ${dtype} [${shape.join(', ')}] cannot be kept in a file`,
    hint: 'keep float32, int32 or bool',
  })
}

const BITS = new DataView(new ArrayBuffer(4))

/** IEEE 754 half precision: 1 bit of sign, 5 of exponent, 10 of fraction. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Infinity
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

/** bfloat16 is the upper half of a float32. */
function brainToNumber(bits: number): number {
  BITS.setUint32(0, bits << 16)
  return BITS.getFloat32(0)
}

/** The values as float32, whatever type they were kept in: an array of its own. */
export function floatsOf({ dtype, data }: StoredTensor): Float32Array {
  if (dtype === 'F16') return Float32Array.from(data as Uint16Array, halfToNumber)
  if (dtype === 'BF16') return Float32Array.from(data as Uint16Array, brainToNumber)
  return Float32Array.from(data as Iterable<number | bigint>, Number)
}
