// A number that stands for prepared rows, to see whether those of another run are the same.
import type { Table } from '#sdk'

const OFFSET = 0x811c9dc5
const PRIME = 0x01000193

/**
 * FNV-1a (Fowler, Noll, Vo) of names and of values bit for bit, by 32-bit words; the shift spreads their high bits,
 * so that two signs that change don't cancel out. About 1 ms for a megabyte.
 */
export function checksum(tables: readonly Table[]): number {
  let sum = OFFSET
  const take = (word: number) => {
    sum = Math.imul(sum ^ word, PRIME)
    sum ^= sum >>> 15
  }
  for (const { columns } of tables) {
    for (const [name, column] of Object.entries(columns)) {
      if (column.type !== 'number') continue
      for (let i = 0; i < name.length; i++) take(name.charCodeAt(i))
      const { buffer, byteOffset, byteLength, BYTES_PER_ELEMENT } = column.data
      if (BYTES_PER_ELEMENT === 4)
        for (const word of new Int32Array(buffer, byteOffset, byteLength / 4)) take(word)
      else for (const byte of new Uint8Array(buffer, byteOffset, byteLength)) take(byte)
    }
  }
  return sum >>> 0
}
