// A number that stands for prepared rows, to see whether those of another run are the same.
import type { Table } from '#sdk'

const OFFSET = 0x811c9dc5
const PRIME = 0x01000193

/**
 * FNV-1a (Fowler, Noll, Vo) of names and of values bit for bit, by 32-bit words; the shift spreads their high bits,
 * so that two signs that change don't cancel out. 1 to 5 ms a megabyte, once a run.
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
      const { buffer, byteOffset, byteLength } = column.data
      const bytes = new Uint8Array(buffer, byteOffset, byteLength)
      // Words begin at multiples of four bytes only.
      const aligned = byteOffset % 4 === 0 ? bytes : bytes.slice()
      const words = new Int32Array(aligned.buffer, aligned.byteOffset, byteLength >> 2)
      for (let i = 0; i < words.length; i++) take(words[i]!)
      for (let i = words.length * 4; i < byteLength; i++) take(bytes[i]!)
    }
  }
  return sum >>> 0
}
