// Bytes of a file wherever it lies, and what they say as text: read in pieces, so that its size does not matter.
import { EngineError } from '../errors.ts'

/** A file's bytes, read by range: a buffer in memory, or a file that stays where it is. */
export interface ByteSource {
  readonly size: number
  /** Bytes from `start` up to `end`, both within the file. */
  read(start: number, end: number): Promise<Uint8Array>
}

/** A source over bytes in memory; nothing is copied. */
export function bytesSource(data: ArrayBuffer | Uint8Array): ByteSource {
  const bytes = data instanceof Uint8Array ? data : new Uint8Array(data)
  return { size: bytes.length, read: async (start, end) => bytes.subarray(start, end) }
}

/** How a text file is encoded. Without a byte order mark, UTF-8 where it is valid, else windows-1252. */
export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252'

const PIECE = 1 << 18

export interface TextOptions {
  /** The file, as messages name it, such as `data/story.txt`. */
  name?: string | undefined
  signal?: AbortSignal | undefined
  /** Called before each piece with the share that was read, 0 … 1. */
  onProgress?: ((share: number) => void) | undefined
}

/** Work between two turns, in ms. Browsers make each turn of a timer last 4 ms. */
const TURN_MS = 10

/** Lets messages and signs of life through between two pieces of work, now and then. */
function createPause(): () => Promise<void> {
  let turnedAt = performance.now()
  return async () => {
    if (performance.now() - turnedAt < TURN_MS) return
    await new Promise<void>((resolve) => void setTimeout(resolve, 0))
    turnedAt = performance.now()
  }
}

/** Looks at the whole file where it must: only valid UTF-8 from end to end counts as that. */
export async function detectEncoding(
  source: ByteSource,
  options: TextOptions = {},
): Promise<TextEncoding> {
  const head = await source.read(0, Math.min(source.size, 1024))
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
  const zeros = [0, 0]
  head.forEach((byte, at) => byte === 0 && zeros[at % 2]!++)
  // Of text in western letters, every other byte is a zero.
  if (zeros[1]! > 0.4 * head.length) return 'utf-16le'
  if (zeros[0]! > 0.4 * head.length) return 'utf-16be'
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const pause = createPause()
  try {
    for (let at = 0; at < source.size; at += PIECE) {
      options.signal?.throwIfAborted()
      decoder.decode(await source.read(at, Math.min(source.size, at + PIECE)), { stream: true })
      await pause()
    }
    decoder.decode()
    return 'utf-8'
  } catch (thrown) {
    if (thrown instanceof TypeError) return 'windows-1252'
    throw thrown
  }
}

/**
 * The text in pieces of about 256 KiB, without byte order mark; turns of the event loop pass between them.
 * Throws `data.invalid` for bytes that are no text.
 */
export async function* textPieces(
  source: ByteSource,
  encoding: TextEncoding,
  { name = 'the file', signal, onProgress }: TextOptions = {},
): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding)
  const pause = createPause()
  for (let at = 0; at < source.size; at += PIECE) {
    signal?.throwIfAborted()
    onProgress?.(at / source.size)
    const end = Math.min(source.size, at + PIECE)
    const text = decoder.decode(await source.read(at, end), { stream: end < source.size })
    if (at === 0 && text.includes('\0')) {
      throw new EngineError({
        code: 'data.invalid',
        message: `${name} is no text: it has bytes of value 0`,
        hint: 'save it as text in UTF-8, a table as CSV; a spreadsheet or archive cannot be read as text',
      })
    }
    yield text
    await pause()
  }
}
