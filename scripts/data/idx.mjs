// The IDX format of unsigned bytes: two zero bytes, type 8, rank, then each size as big-endian uint32, then the values.
import { readFile } from 'node:fs/promises'
import { gunzipSync } from 'fflate'

/**
 * Reads an IDX file, gzipped where its name ends in .gzip.
 * @param {string} path
 * @returns {Promise<{ shape: number[], values: Uint8Array }>}
 */
export async function readIdx(path) {
  const raw = await readFile(path)
  const bytes = path.endsWith('.gzip') ? gunzipSync(raw) : new Uint8Array(raw)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const type = view.getUint32(0) >>> 8
  if (type !== 8) throw new Error(`${path}: IDX type ${type}, only 8 (unsigned bytes) is read here`)
  const shape = Array.from({ length: view.getUint8(3) }, (_, axis) => view.getUint32(4 + 4 * axis))
  const values = bytes.subarray(4 + 4 * shape.length)
  const size = shape.reduce((product, length) => product * length, 1)
  if (values.length !== size)
    throw new Error(
      `${path}: ${values.length} values, its shape [${shape.join(', ')}] needs ${size}`,
    )
  return { shape, values }
}

/**
 * @param {number[]} shape
 * @param {Uint8Array} values
 */
export function writeIdx(shape, values) {
  const bytes = new Uint8Array(4 + 4 * shape.length + values.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, 0x0800 | shape.length)
  shape.forEach((length, axis) => {
    view.setUint32(4 + 4 * axis, length)
  })
  bytes.set(values, 4 + 4 * shape.length)
  return bytes
}
