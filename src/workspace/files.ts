// What a workspace holds: files by path, with limits that keep a hostile or huge one from choking the page.
import { newPathProblem } from './path.ts'

/** Text, or bytes of a file that is no text. */
export type FileContent = string | Uint8Array<ArrayBuffer>
/** Files by path. Never changed in place. */
export type Files = ReadonlyMap<string, FileContent>

export const MAX_FILES = 500
/** Longest text file, in characters. */
export const MAX_TEXT_LENGTH = 1_000_000
/** All files together; text counts one byte a character. */
export const MAX_TOTAL_BYTES = 32 * 1024 * 1024

const mebibytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MiB`

/** Size as the limit counts it: bytes, or characters of a text. */
export const sizeOf = (content: FileContent): number => content.length

/** Whether two contents are the same, bytes by their values. */
export const isSameContent = (a: FileContent | undefined, b: FileContent | undefined): boolean =>
  a === b ||
  (a instanceof Uint8Array &&
    b instanceof Uint8Array &&
    a.length === b.length &&
    a.every((byte, i) => byte === b[i]))

/** Says which limit the sizes of `files` go beyond; `undefined` when all is well. */
export function sizeProblem(files: Iterable<readonly [string, FileContent]>): string | undefined {
  let total = 0
  for (const [path, content] of files) {
    if (typeof content === 'string' && content.length > MAX_TEXT_LENGTH) {
      return `${path} has ${content.length} characters; a text file may have ${MAX_TEXT_LENGTH}.`
    }
    total += sizeOf(content)
    if (total > MAX_TOTAL_BYTES) {
      return `A workspace holds at most ${mebibytes(MAX_TOTAL_BYTES)}; ${path} goes beyond that.`
    }
  }
  return undefined
}

/** Says why `path` with `content` cannot be added to `files`, which are in order themselves. */
export function newFileProblem(
  path: string,
  content: FileContent,
  files: Files,
): string | undefined {
  const problem = newPathProblem(path, files.keys())
  if (problem !== undefined) return problem
  if (files.size >= MAX_FILES) return TOO_MANY
  return sizeProblem([...files, [path, content]])
}

const TOO_MANY = `A workspace holds at most ${MAX_FILES} files.`

/** Says why `files` cannot be a workspace; `undefined` when they can. */
export function filesProblem(files: Files): string | undefined {
  if (files.size > MAX_FILES) return TOO_MANY
  const seen = new Set<string>()
  for (const path of files.keys()) {
    const problem = newPathProblem(path, seen)
    if (problem !== undefined) return problem
    seen.add(path)
  }
  return sizeProblem(files)
}

/** Text or bytes: bytes that are valid UTF-8 without NUL count as text. */
export function contentOf(bytes: Uint8Array<ArrayBuffer>): FileContent {
  if (bytes.length > MAX_TEXT_LENGTH || bytes.includes(0)) return bytes
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return bytes
  }
}
