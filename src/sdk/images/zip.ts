// Zip archives, looked at before anything of them is unpacked.
import { unzipSync, type UnzipFileInfo } from 'fflate'
import { EngineError } from '../errors.ts'

/** A file in an archive; nothing of it was unpacked. */
export interface ZipEntry {
  path: string
  /** Bytes when unpacked, as the archive says. */
  size: number
}

export interface Zip {
  /** Files in the order of the archive, without folders and what systems hide. */
  entries: readonly ZipEntry[]
  /** Unpacks some of them; others of the same path as well. Those that are damaged are left out. */
  unpack(entries: readonly ZipEntry[]): Map<string, Uint8Array>
}

const MAX_FILES = 65_000
/** All files together, unpacked. A small archive can unpack to terabytes. */
const MAX_BYTES = 1 << 30
const IS_HIDDEN = /(^|\/)(\.[^/]*|__MACOSX|Thumbs\.db|desktop\.ini)(\/|$)/
const LEADS_OUT = /(^|[/\\])\.\.([/\\]|$)|^[/\\]|^[A-Za-z]:/

const invalid = (message: string, hint: string, cause?: unknown): EngineError =>
  new EngineError({ code: 'data.invalid', message, hint, cause })

/**
 * Reads the directory of an archive. Throws `data.invalid` for bytes that are no zip, for more files or bytes than the
 * limits allow, and for paths that lead out of it. `name` is the archive's, for messages.
 */
export function openZip(bytes: Uint8Array, name: string): Zip {
  const entries: ZipEntry[] = []
  let [total, files] = [0, 0]
  const look = ({ name: path, originalSize: size }: UnzipFileInfo): boolean => {
    total += size
    if (++files > MAX_FILES)
      throw invalid(`${name} holds more than ${MAX_FILES} files`, 'split it into smaller archives')
    if (total > MAX_BYTES) {
      throw invalid(
        `${name} unpacks to more than ${MAX_BYTES / 2 ** 20} MiB (up to ${path})`,
        'use fewer or smaller files',
      )
    }
    if (LEADS_OUT.test(path)) {
      throw invalid(
        `${name} holds a file ${path}, a path that leads out of the archive`,
        'make the archive anew, from inside the folder',
      )
    }
    if (!path.endsWith('/') && !IS_HIDDEN.test(path)) entries.push({ path, size })
    return false
  }
  readDirectory(bytes, name, look)
  return {
    entries,
    unpack(wanted) {
      const take = (paths: ReadonlySet<string>) =>
        new Map(Object.entries(unzipSync(bytes, { filter: ({ name: path }) => paths.has(path) })))
      try {
        return take(new Set(wanted.map(({ path }) => path)))
      } catch {
        return new Map(wanted.flatMap(({ path }) => wholeOf(() => take(new Set([path])))))
      }
    },
  }
}

function wholeOf<T>(unpack: () => Iterable<T>): T[] {
  try {
    return [...unpack()]
  } catch {
    return []
  }
}

/** Looks at the directory of an archive. */
function readDirectory(
  bytes: Uint8Array,
  name: string,
  look: (file: UnzipFileInfo) => boolean,
): void {
  try {
    unzipSync(bytes, { filter: look })
  } catch (thrown) {
    if (thrown instanceof EngineError) throw thrown
    const reason = thrown instanceof Error ? thrown.message : String(thrown)
    throw invalid(`${name} cannot be read as a zip: ${reason}`, 'it may be cut off', thrown)
  }
}
