// Files out of archives of strangers: zip, tar, tar.gz. Limits hold before anything is unpacked.
import { Gunzip, unzipSync } from 'fflate'
import { unpackTar } from 'modern-tar'
import {
  contentOf,
  type FileContent,
  type Files,
  filesProblem,
  MAX_FILES,
  MAX_TOTAL_BYTES,
} from '../files.ts'

/** Largest archive that is looked into, in bytes. */
export const MAX_ARCHIVE_BYTES = MAX_TOTAL_BYTES
/** Deflate makes at most 1032 bytes of one, so a slice never unpacks to more than 16 MiB before the limit is checked. */
const SLICE_BYTES = 16 * 1024
/** Entries of a zip or tar, folders included; what is left out of a workspace counts as well. */
const MAX_ENTRIES = 4 * MAX_FILES

/** What systems and tools put into archives of folders, and what no workspace has. Never `..`, which is refused. */
const IS_LEFT_OUT = /(^|\/)(node_modules|\.[^./][^/]*|__MACOSX|Thumbs\.db)(\/|$)/

const mebibytes = (bytes: number): string => `${Math.round(bytes / 1024 / 1024)} MiB`
const tooLarge = (maxBytes: number): Error =>
  new Error(`it unpacks to more than the ${mebibytes(maxBytes)} that are taken`)
const tooMany = (): Error => new Error(`it has more than ${MAX_ENTRIES} entries`)

/**
 * Files of an archive by the paths they have in it. Throws an `Error` whose message says what is wrong with it: no
 * archive, too large, too many files, a path that leads out of it, a link, the same file twice. With a larger
 * `maxBytes`, files in data/ may take the room.
 */
export async function unpackArchive(
  bytes: Uint8Array<ArrayBuffer>,
  maxBytes = MAX_TOTAL_BYTES,
): Promise<Files> {
  if (bytes.length > maxBytes) {
    throw new Error(`it has ${mebibytes(bytes.length)}; ${mebibytes(maxBytes)} are looked into`)
  }
  const entries = startsWith(bytes, [0x50, 0x4b])
    ? fromZip(bytes, maxBytes)
    : await fromTar(gunzip(bytes, maxBytes))
  const files = new Map<string, FileContent>()
  for (const [path, content] of entries) {
    if (files.has(path)) throw new Error(`it has ${path} twice`)
    files.set(path, contentOf(content))
  }
  const isBeside = (path: string): boolean => maxBytes > MAX_TOTAL_BYTES && path.startsWith('data/')
  const problem = filesProblem(
    new Map([...files].map(([path, content]) => [path, isBeside(path) ? '' : content])),
  )
  if (problem !== undefined) throw new Error(problem.replace(/\.$/, ''))
  return files
}

type Entries = [path: string, content: Uint8Array<ArrayBuffer>][]

const startsWith = (bytes: Uint8Array, magic: readonly number[]): boolean =>
  magic.every((byte, i) => bytes[i] === byte)

function fromZip(bytes: Uint8Array<ArrayBuffer>, maxBytes: number): Entries {
  const seen = new Set<string>()
  let total = 0
  const unpacked = unzipSync(bytes, {
    // Sizes are those that the directory tells: no more than that is written of a file.
    filter({ name, originalSize }) {
      if (seen.has(name)) throw new Error(`it has ${name} twice`)
      seen.add(name)
      if (seen.size > MAX_ENTRIES) throw tooMany()
      if (name.endsWith('/') || IS_LEFT_OUT.test(name)) return false
      total += originalSize
      if (total > maxBytes) throw tooLarge(maxBytes)
      return true
    },
  })
  // A plain object: an entry named __proto__ would not be among them.
  if (seen.has('__proto__')) throw new Error('it has a file named __proto__')
  return Object.entries(unpacked)
}

/** Unpacks gzip a slice at a time; what is no gzip stays as it is. */
function gunzip(bytes: Uint8Array<ArrayBuffer>, maxBytes: number): Uint8Array<ArrayBuffer> {
  if (!startsWith(bytes, [0x1f, 0x8b])) return bytes
  const parts: Uint8Array[] = []
  let total = 0
  const stream = new Gunzip((part) => {
    total += part.length
    // Headers of tar come on top: 512 bytes and padding for each entry.
    if (total > maxBytes + MAX_ENTRIES * 1024) throw tooLarge(maxBytes)
    parts.push(part)
  })
  for (let at = 0; at < bytes.length; at += SLICE_BYTES) {
    stream.push(bytes.subarray(at, at + SLICE_BYTES), at + SLICE_BYTES >= bytes.length)
  }
  const all = new Uint8Array(total)
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

async function fromTar(bytes: Uint8Array<ArrayBuffer>): Promise<Entries> {
  const isTar = new TextDecoder().decode(bytes.subarray(257, 262)) === 'ustar'
  if (!isTar) throw new Error('it is neither a zip nor a tar.gz')
  let count = 0
  const entries = await unpackTar(bytes, {
    strict: true,
    filter({ name, type = 'file' }) {
      if (++count > MAX_ENTRIES) throw tooMany()
      if (type === 'directory' || type === 'pax-global-header' || IS_LEFT_OUT.test(name))
        return false
      if (type !== 'file') throw new Error(`${name} is a ${type}, and only files are taken`)
      return true
    },
  })
  return entries.map(({ header, data }) => [header.name, data ?? new Uint8Array()])
}

/** The one folder that everything lies in, as `package/` of npm; an empty text when there is none. */
function topFolder(paths: Iterable<string>): string {
  const [first = '', ...rest] = paths
  const top = first.slice(0, first.indexOf('/') + 1)
  return rest.every((path) => path.startsWith(top)) ? top : ''
}

/** `files` without the one folder that they all lie in. */
export function withoutTop(files: Files): Files {
  const top = topFolder(files.keys())
  return new Map([...files].map(([path, content]) => [path.slice(top.length), content]))
}
