// Notes that stand for data files too large for a workspace and its link: how large they are, and their hash.
import type { FileContent } from './files.ts'

/** A data file that is kept elsewhere: in a browser's storage, or on disk. */
export interface DataPointer {
  /** In bytes. */
  size: number
  /** SHA-256 of the bytes, in hexadecimal digits. */
  sha256: string
}

/** Data files up to this size, in bytes, are part of the workspace, and so of its links. */
export const MAX_INLINE_DATA = 200_000

const NOTE = `# A data file that is too large for the workspace. It is kept beside it, and links carry this note.
`
const FORM = /^(?:#[^\n]*\n)*plugboard-data: 1\nsize: (\d{1,15})\nsha256: ([0-9a-f]{64})\s*$/

/** The note, as the content of the file that it stands for. */
export const pointerText = ({ size, sha256 }: DataPointer): string =>
  `${NOTE}plugboard-data: 1\nsize: ${size}\nsha256: ${sha256}\n`

/** What a file's content stands for; `undefined` when it is the file itself. */
export function pointerOf(content: FileContent | undefined): DataPointer | undefined {
  if (typeof content !== 'string' || content.length > 1000) return undefined
  const match = FORM.exec(content.replaceAll('\r\n', '\n'))
  return match ? { size: Number(match[1]), sha256: match[2]! } : undefined
}

/** What to say to somebody who has the note, but not the file. */
export function missingData(path: string, { size, sha256 }: DataPointer): string {
  const mebibytes = (size / 1024 / 1024).toFixed(1)
  return `this workspace needs ${path} (${mebibytes} MiB, SHA-256 ${sha256.slice(0, 12)}…), which is not here: links carry a note of large data files only`
}
