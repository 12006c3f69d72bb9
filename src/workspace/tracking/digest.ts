// Short names for contents: the same for the same text, on every machine. Nothing is kept secret by them.
import type { Files } from '../files.ts'
import { projectOf } from '../project.ts'

const PRIME = 0x100000001b3n
const MASK = 0xffffffffffffffffn

/** FNV-1a of UTF-16 code units, 64 bits (Fowler, Noll, Vo: http://www.isthe.com/chongo/tech/comp/fnv). */
export function fnv64(text: string, basis = 0xcbf29ce484222325n): bigint {
  let hash = basis
  for (let i = 0; i < text.length; i++) {
    hash = ((hash ^ BigInt(text.charCodeAt(i))) * PRIME) & MASK
  }
  return hash
}

/** 32 hexadecimal digits. */
export const hex128 = (text: string): string => {
  const first = fnv64(text)
  const digits = (part: bigint) => part.toString(16).padStart(16, '0')
  return digits(first) + digits(fnv64(text, first))
}

/** Tells contents of workspaces apart, by their paths and the checksums of what they hold. */
export const filesDigest = (files: Files): string =>
  hex128(
    projectOf(files, [])
      .assets.map(({ path, version }) => `${path} ${version}`)
      .toSorted()
      .join('\n'),
  ).slice(0, 12)
