// Large data files of a folder stay on disk until the engine asks for them; the workspace has a note of each.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { type DataPointer, pointerText } from '#workspace'

/** Where files lie, by the hash of their bytes. */
const places = new Map<string, string>()

/** The note of the file at `path`, which is remembered as the place of its bytes. */
export async function noteOf(path: string, size: number): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of createReadStream(path)) hash.update(piece as Uint8Array)
  const sha256 = hash.digest('hex')
  places.set(sha256, path)
  return pointerText({ size, sha256 })
}

/** Bytes of the file that a note stands for; `undefined` when no folder that was read has it. */
export async function largeFile({ sha256 }: DataPointer): Promise<ArrayBuffer | undefined> {
  const path = places.get(sha256)
  return path === undefined ? undefined : new Uint8Array(await readFile(path)).buffer
}
