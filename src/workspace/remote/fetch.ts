// Brings the files of an address, as those of a workspace of their own.
import { z } from '#sdk'
import {
  contentOf,
  type FileContent,
  type Files,
  filesProblem,
  MAX_FILES,
  MAX_TOTAL_BYTES,
} from '../files.ts'
import {
  fetchGitHub,
  fetchJson,
  MAX_ARCHIVE_BYTES,
  type PackageIo,
  unpackArchive,
  withoutTop,
} from '../packages/index.ts'
import { allowedName } from '../path.ts'
import { PROJECT_FILE } from '../project.ts'
import type { RemoteWorkspace } from './address.ts'

type Fetcher = Pick<PackageIo, 'fetch'>

const gistSchema = z.object({
  files: z
    .record(
      z.string().max(300),
      z.object({
        filename: z.string().max(300),
        content: z.string().optional(),
        truncated: z.boolean().optional(),
        raw_url: z.url().max(2000),
      }),
    )
    .refine((files) => Object.keys(files).length <= MAX_FILES, 'it has too many files'),
})

/** Gists have no folders: their files go where a workspace has them. `plugins__a.ts` is `plugins/a.ts`. */
function placeOf(name: string): string {
  const path = name.split('__').map(allowedName).join('/')
  if (path.includes('/')) return path
  if (path.endsWith('.test.ts')) return `tests/${path}`
  if (path.endsWith('.ts')) return `plugins/${path}`
  return /\.(md|yaml)$/.test(path) || path === 'package.json' ? path : `data/${path}`
}

async function gistFiles(io: Fetcher, id: string): Promise<Files> {
  const { files } = await fetchJson(io, `https://api.github.com/gists/${id}`, gistSchema)
  const all = new Map<string, FileContent>()
  for (const { filename, content, truncated, raw_url: raw } of Object.values(files)) {
    const isWhole = content !== undefined && truncated !== true
    const bytes = isWhole ? undefined : await io.fetch(raw, { maxBytes: MAX_TOTAL_BYTES })
    all.set(placeOf(filename), bytes ? contentOf(bytes) : content!)
  }
  return all
}

async function filesOf(io: Fetcher, source: RemoteWorkspace): Promise<Files> {
  if (source.kind === 'gist') return gistFiles(io, source.id)
  if (source.kind === 'github') return (await fetchGitHub(io, source)).files
  const bytes = await io.fetch(source.url, { maxBytes: MAX_ARCHIVE_BYTES })
  const isArchive = source.kind === 'archive' || (bytes[0] === 0x50 && bytes[1] === 0x4b)
  if (isArchive) return archiveFiles(bytes, source.url)
  const name = decodeURIComponent(
    source.url
      .replace(/[?#].*$/, '')
      .split('/')
      .at(-1)!,
  )
  return new Map([[placeOf(name), contentOf(bytes)]])
}

/**
 * Files of an archive that holds a workspace, or a folder with one. Rejects naming `what` and the reason; `maxBytes`
 * as for `unpackArchive`.
 */
export async function archiveFiles(
  bytes: Uint8Array<ArrayBuffer>,
  what: string,
  maxBytes?: number,
): Promise<Files> {
  try {
    const files = await unpackArchive(bytes, maxBytes)
    return files.has(PROJECT_FILE) ? files : withoutTop(files)
  } catch (thrown) {
    throw new Error(`${what} cannot be opened: ${(thrown as Error).message}.`, { cause: thrown })
  }
}

/** What a workspace is without a project file. */
const EMPTY_PROJECT = 'plugins:\n  use: {}\n'

/** `files` as a workspace: with a project file, within the limits. Throws an `Error` that names `what`. */
export function asWorkspace(files: Files, what: string): Files {
  const all = files.has(PROJECT_FILE) ? files : new Map([[PROJECT_FILE, EMPTY_PROJECT], ...files])
  const problem = filesProblem(all)
  if (problem !== undefined) throw new Error(`${what} cannot be a workspace: ${problem}`)
  return all
}

/** The files behind an address. Rejects with an `Error` that says what is wrong. */
export async function fetchWorkspace(io: Fetcher, source: RemoteWorkspace): Promise<Files> {
  const what =
    source.kind === 'gist'
      ? `gist ${source.id}`
      : source.kind === 'github'
        ? `${source.owner}/${source.repo}`
        : source.url
  return asWorkspace(await filesOf(io, source), what)
}
