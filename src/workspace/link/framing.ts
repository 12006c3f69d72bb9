// A workspace as one run of bytes: a line of JSON about it, then each file. Lengths come first, so a part can be read.
import type { FileContent, Files } from '../files.ts'

/** What a link carries. */
export interface SharedWorkspace {
  name: string
  files: Files
  /** File that was open. */
  active?: string | undefined
  /** What a run came to, in words, when the sender added it. */
  summary?: string | undefined
}

const encoder = new TextEncoder()

/** A whole number, seven bits a byte, low bits first. */
function pushCount(bytes: number[], count: number): void {
  let rest = count
  while (rest > 127) {
    bytes.push((rest & 127) | 128)
    rest = Math.floor(rest / 128)
  }
  bytes.push(rest)
}

function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

/** Bytes of `workspace`. Files keep their order: what comes first survives a cut. */
export function frame({ name, files, active, summary }: SharedWorkspace): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = []
  const push = (content: FileContent): void => {
    const isText = typeof content === 'string'
    const body = isText ? encoder.encode(content) : content
    const head: number[] = []
    pushCount(head, body.length * 2 + (isText ? 0 : 1))
    parts.push(Uint8Array.from(head), body)
  }
  push(JSON.stringify({ name, active, summary }))
  for (const [path, content] of files) {
    push(path)
    push(content)
  }
  return concat(parts)
}

/** Reads one length-prefixed content at `at`; `undefined` where the bytes end too early. */
function readContent(
  bytes: Uint8Array<ArrayBuffer>,
  at: number,
): { content: FileContent; end: number } | undefined {
  let head = 0
  let scale = 1
  let next = at
  for (;;) {
    const byte = bytes[next++]
    if (byte === undefined || scale > 2 ** 35) return undefined
    head += (byte & 127) * scale
    if (byte < 128) break
    scale *= 128
  }
  const end = next + Math.floor(head / 2)
  if (end > bytes.length) return undefined
  const body = bytes.slice(next, end)
  if (head % 2 === 1) return { content: body, end }
  return { content: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body), end }
}

/** Longest summary, in characters. */
const MAX_SUMMARY = 1000

function readMeta(content: FileContent): Omit<SharedWorkspace, 'files'> {
  const meta: unknown = typeof content === 'string' ? JSON.parse(content) : null
  const field = (key: string, most = 120): string | undefined => {
    const value: unknown =
      typeof meta === 'object' && meta !== null ? Reflect.get(meta, key) : undefined
    return typeof value === 'string' ? value.slice(0, most) : undefined
  }
  const summary = field('summary', MAX_SUMMARY)
  return {
    name: field('name') ?? 'shared',
    active: field('active'),
    ...(summary === undefined ? {} : { summary }),
  }
}

/**
 * Reads what `frame` wrote. `isWhole` is false where the bytes end early: `workspace` then has the files that
 * are complete. Throws for bytes that `frame` cannot have written.
 */
export function unframe(bytes: Uint8Array<ArrayBuffer>): {
  workspace: SharedWorkspace
  isWhole: boolean
} {
  const meta = readContent(bytes, 0)
  if (!meta) return { workspace: { name: 'shared', files: new Map() }, isWhole: false }
  const files = new Map<string, FileContent>()
  const workspace = { ...readMeta(meta.content), files }
  let at = meta.end
  while (at < bytes.length) {
    const path = readContent(bytes, at)
    const file = path && readContent(bytes, path.end)
    if (!file) return { workspace, isWhole: false }
    if (typeof path.content !== 'string' || files.has(path.content)) {
      throw new Error('A file in the link has no name of its own.')
    }
    files.set(path.content, file.content)
    at = file.end
  }
  return { workspace, isWhole: true }
}
