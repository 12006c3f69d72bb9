// Workspaces on disk, for as long as a test file runs.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll } from 'vitest'

const root = await mkdtemp(join(tmpdir(), 'plugboard-'))
let count = 0

afterAll(() => rm(root, { recursive: true, force: true }))

/** A new path, at which there is nothing yet. */
export const freshPath = (name: string): string => join(root, `${++count}-${name}`)

/** Writes files into a new folder. Resolves with its path. */
export async function folderOf(files: Record<string, string>): Promise<string> {
  const folder = freshPath('workspace')
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  return folder
}
