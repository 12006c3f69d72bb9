// Share links: a whole workspace, or one plugin, in a URL's hash. Links are for ever: every version can be read.
import { deflateSync, Inflate } from 'fflate'
import { filesProblem } from '../files.ts'
import { fromBase64Url, toBase64Url } from './base64url.ts'
import { crc32 } from './crc32.ts'
import { DICTIONARY_1 } from './dictionary-1.ts'
import { frame, type SharedWorkspace, unframe } from './framing.ts'
import type { LinkKind } from './kind.ts'

const PREFIXES = { workspace: '#w', plugin: '#p' } satisfies Record<LinkKind, string>
const VERSION = 1
/** Longest link, in characters: what browsers and chat programs still carry. */
const MAX_LINK_LENGTH = 500_000
/** Most bytes a link may unpack to. */
const MAX_UNPACKED_BYTES = 16 * 1024 * 1024
/** Deflate makes at most 1032 bytes of one, so a slice never unpacks to more than 4 MiB before the limit is checked. */
const SLICE_BYTES = 4096
/** CRC-32 of the packed bytes and their count, four bytes each. */
const HEADER_BYTES = 8

/** Made when needed: whoever imports the zone for something else does not carry it. */
const dictionary = (): Uint8Array => new TextEncoder().encode(DICTIONARY_1)

export type LinkFailure = 'damaged' | 'cut-off' | 'newer' | 'too-large'
/** `salvaged` holds the files of a cut-off link that arrived whole. */
export type LinkResult =
  | { ok: true; workspace: SharedWorkspace }
  | { ok: false; reason: LinkFailure; message: string; salvaged?: SharedWorkspace }

/** Project file, plugins and models come first: what comes first survives when a link is cut. */
const rank = (path: string): number =>
  path === 'plugboard.yaml' ? 0 : path.startsWith('plugins/') ? 1 : path.startsWith('data/') ? 3 : 2

/** The hash of a link that holds `workspace`. Throws an `Error` that says so when it would be too long. */
export function encodeLink(workspace: SharedWorkspace, kind: LinkKind = 'workspace'): string {
  const files = [...workspace.files].sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1))
  const unpacked = frame({ ...workspace, files: new Map(files) })
  const packed = deflateSync(unpacked, { level: 9, dictionary: dictionary() })
  const bytes = new Uint8Array(HEADER_BYTES + packed.length)
  const header = new DataView(bytes.buffer)
  header.setUint32(0, crc32(packed))
  header.setUint32(4, packed.length)
  bytes.set(packed, HEADER_BYTES)
  const link = `${PREFIXES[kind]}${VERSION}.${toBase64Url(bytes)}`
  if (unpacked.length > MAX_UNPACKED_BYTES || link.length > MAX_LINK_LENGTH) {
    throw new Error(
      `The ${kind} makes a link of ${link.length} characters; ${MAX_LINK_LENGTH} are possible. ` +
        'Remove large files, such as those in data/, and share again.',
    )
  }
  return link
}

/** Unpacks at most `MAX_UNPACKED_BYTES`. With `isCut`, gives what there is instead of throwing at the end. */
function unpack(
  packed: Uint8Array,
  isCut: boolean,
): { bytes: Uint8Array<ArrayBuffer> } | 'too-large' {
  const parts: Uint8Array[] = []
  let total = 0
  const inflate = new Inflate({ dictionary: dictionary() }, (part) => {
    parts.push(part)
    total += part.length
  })
  for (let at = 0; at < packed.length; at += SLICE_BYTES) {
    const isLast = at + SLICE_BYTES >= packed.length
    inflate.push(packed.subarray(at, at + SLICE_BYTES), isLast && !isCut)
    if (total > MAX_UNPACKED_BYTES) return 'too-large'
  }
  const bytes = new Uint8Array(total)
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return { bytes }
}

const failure = (reason: LinkFailure, message: string): LinkResult => ({
  ok: false,
  reason,
  message,
})
const damaged = (): LinkResult =>
  failure(
    'damaged',
    'The link is damaged: some of its characters changed on the way. Ask for it again.',
  )
const tooLarge = (): LinkResult =>
  failure(
    'too-large',
    `The link holds more than the ${MAX_UNPACKED_BYTES / 1024 / 1024} MiB that a link may hold.`,
  )
const CUT_OFF =
  'The link is cut off: its end is missing, as happens when a message breaks a long address. Ask for it again.'

/** Reads a link's hash. Never throws: whatever the text is, the answer is a workspace or a message. */
export function decodeLink(hash: string): LinkResult {
  const match = /^#[wp](\d{1,4})\.(.*)$/s.exec(hash)
  if (!match) return damaged()
  const version = Number(match[1])
  if (version > VERSION) {
    return failure(
      'newer',
      `The link was made by a newer Plugboard (link version ${version}, this one reads up to ${VERSION}). Reload this page to update it.`,
    )
  }
  if (version !== VERSION) return damaged()
  if (hash.length > MAX_LINK_LENGTH) return tooLarge()
  const bytes = fromBase64Url(match[2]!)
  if (!bytes) return damaged()
  if (bytes.length < HEADER_BYTES) return failure('cut-off', CUT_OFF)
  const header = new DataView(bytes.buffer)
  const packed = bytes.subarray(HEADER_BYTES)
  const length = header.getUint32(4)
  if (packed.length > length) return damaged()
  const isCut = packed.length < length
  // Writing it again shows a change in the last character, some bits of which belong to no byte.
  const isIntact = crc32(packed) === header.getUint32(0) && toBase64Url(bytes) === match[2]
  if (!isCut && !isIntact) return damaged()
  return readPacked(packed, isCut)
}

/** Unpacks and checks what a link holds. A cut-off link gives its whole files, if it has any. */
function readPacked(packed: Uint8Array, isCut: boolean): LinkResult {
  try {
    const unpacked = unpack(packed, isCut)
    if (unpacked === 'too-large') return tooLarge()
    const { workspace, isWhole } = unframe(unpacked.bytes)
    const problem = filesProblem(workspace.files)
    if (problem !== undefined) {
      return failure('damaged', `The link holds a file that no workspace can have: ${problem}`)
    }
    if (!isCut) return isWhole ? { ok: true, workspace } : damaged()
    return workspace.files.size === 0
      ? failure('cut-off', CUT_OFF)
      : { ok: false, reason: 'cut-off', message: CUT_OFF, salvaged: workspace }
  } catch {
    return isCut ? failure('cut-off', CUT_OFF) : damaged()
  }
}
