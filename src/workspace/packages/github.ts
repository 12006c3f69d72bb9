// Files of a GitHub repository, at one commit: listed by its API, read as raw files. Both may be asked from any page.
import { z } from '#sdk'
import { contentOf, type FileContent, type Files, MAX_FILES, MAX_TOTAL_BYTES } from '../files.ts'
import { fetchJson, type PackageIo } from './io.ts'

const commitSchema = z.object({ sha: z.string().regex(/^[0-9a-f]{40}$/) })
const treeSchema = z.object({
  truncated: z.boolean().default(false),
  tree: z
    .array(
      z.object({
        path: z.string().max(1000),
        mode: z.string(),
        type: z.string(),
        size: z.number().min(0).optional(),
      }),
    )
    .max(100_000),
})

export interface GitHubFolder {
  owner: string
  repo: string
  /** Branch, tag or commit. */
  ref: string
  /** Folder in the repository, without slashes at its ends; all of it when left out. */
  folder?: string
}

/** What no workspace needs of a repository. */
const IS_LEFT_OUT = /(^|\/)(node_modules|dist|\.[^/]+)(\/|$)/
const SYMLINK = '120000'
/** Requests at a time. */
const LANES = 6

/** Commit of a branch or tag, and its files. Rejects with what is wrong: nothing there, too many files, too large. */
export async function fetchGitHub(
  io: Pick<PackageIo, 'fetch'>,
  { owner, repo, ref, folder = '' }: GitHubFolder,
): Promise<{ commit: string; files: Files }> {
  const api = `https://api.github.com/repos/${owner}/${repo}`
  const { sha } = await fetchJson(io, `${api}/commits/${encodeURIComponent(ref)}`, commitSchema)
  const { tree, truncated } = await fetchJson(io, `${api}/git/trees/${sha}?recursive=1`, treeSchema)
  const what = `${owner}/${repo}${folder === '' ? '' : `/${folder}`}`
  const top = folder === '' ? '' : `${folder}/`
  const wanted = tree.filter(
    ({ type, mode, path }) =>
      type === 'blob' &&
      mode !== SYMLINK &&
      path.startsWith(top) &&
      !IS_LEFT_OUT.test(path.slice(top.length)),
  )
  if (wanted.length === 0) throw new Error(`${what} has no files at ${ref}.`)
  const total = wanted.reduce((sum, { size = 0 }) => sum + size, 0)
  if (truncated || wanted.length > MAX_FILES || total > MAX_TOTAL_BYTES) {
    throw new Error(
      `${what} has ${wanted.length} files of ${Math.ceil(total / 1024)} KiB together; a workspace holds ${MAX_FILES} files and ${MAX_TOTAL_BYTES / 1024} KiB. Name a folder of it.`,
    )
  }
  const files = new Map<string, FileContent>()
  const open = [...wanted]
  const lane = async (): Promise<void> => {
    for (let next = open.shift(); next; next = open.shift()) {
      const address = next.path.split('/').map(encodeURIComponent).join('/')
      const url = `https://raw.githubusercontent.com/${owner}/${repo}/${sha}/${address}`
      const bytes = await io.fetch(url, { maxBytes: MAX_TOTAL_BYTES })
      files.set(next.path.slice(top.length), contentOf(bytes))
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  return { commit: sha, files: new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1))) }
}
