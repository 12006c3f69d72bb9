// A folder of the user's computer beside the open workspace: saved to and reloaded from when asked, never by itself.
import { contentOf, type FileContent, type Files, MAX_FILES, MAX_TOTAL_BYTES } from '#workspace'
import { toast } from 'sonner'
import { createStore } from 'zustand/vanilla'
import { contentFor } from '../data/index.ts'
import { workspaceStore } from '../workspace/workspace.ts'
import { openDialog } from './dialog-store.ts'
import { folderOfWorkspace, linkFolder, openId, pickFolder } from './linked-folders.ts'
import { bytesOf, openAsNew } from './zip.ts'

export interface Change {
  path: string
  kind: 'added' | 'changed' | 'removed'
}

/** What reloading from the linked folder would change. */
export const folderReview = createStore<{
  review: { folder: string; changes: Change[]; files: Files } | null
}>(() => ({ review: null }))

const IS_LEFT_OUT = /^(node_modules|\..*|__MACOSX|Thumbs\.db)$/

/** Files of a folder by path. Rejects where there are too many, or they are too large. */
async function readHandle(
  folder: FileSystemDirectoryHandle,
  at = '',
  found = new Map<string, File>(),
): Promise<Map<string, File>> {
  for await (const [name, handle] of folder.entries()) {
    if (IS_LEFT_OUT.test(name)) continue
    if (handle.kind === 'directory') {
      await readHandle(handle as FileSystemDirectoryHandle, `${at}${name}/`, found)
    } else {
      found.set(at + name, await (handle as FileSystemFileHandle).getFile())
    }
    if (found.size > MAX_FILES)
      throw new Error(
        `${folder.name} has more than ${MAX_FILES} files, which a workspace may have.`,
      )
  }
  return found
}

/** Contents as a workspace has them: of large data files a note. */
async function contentsOf(picked: ReadonlyMap<string, File>): Promise<Map<string, FileContent>> {
  const files = new Map<string, FileContent>()
  for (const [path, file] of picked) {
    if (path.startsWith('data/')) files.set(path, await contentFor(file, path))
    else if (file.size > MAX_TOTAL_BYTES)
      throw new Error(
        `${path} has ${file.size} bytes; files outside of data/ may have ${MAX_TOTAL_BYTES}.`,
      )
    else files.set(path, contentOf(new Uint8Array(await file.arrayBuffer())))
  }
  return files
}

const isEqual = (a: FileContent, b: FileContent | undefined): boolean =>
  typeof a === 'string' || typeof b === 'string' || b === undefined
    ? a === b
    : a.length === b.length && a.every((byte, i) => byte === b[i])

export function changesBetween(before: Files, next: Files): Change[] {
  const changes: Change[] = []
  for (const [path, content] of next) {
    const known = before.get(path)
    if (known === undefined) changes.push({ path, kind: 'added' })
    else if (!isEqual(content, known)) changes.push({ path, kind: 'changed' })
  }
  for (const path of before.keys()) if (!next.has(path)) changes.push({ path, kind: 'removed' })
  return changes.toSorted((a, b) => (a.path < b.path ? -1 : 1))
}

/** Writes what differs. Files that the folder has beside the workspace's stay as they are. */
export async function saveToFolder(): Promise<void> {
  const folder = await folderOfWorkspace()
  const before = await readHandle(folder)
  let count = 0
  const paths = [...workspaceStore.getState().files.keys()]
  const all = await Promise.all(paths.map(async (path) => [path, await bytesOf(path)] as const))
  for (const [path, bytes] of all) {
    const known = before.get(path)
    if (known && isEqual(new Uint8Array(await known.arrayBuffer()), bytes)) continue
    const names = path.split('/')
    let parent = folder
    for (const name of names.slice(0, -1)) {
      parent = await parent.getDirectoryHandle(name, { create: true })
    }
    const file = await parent.getFileHandle(names.at(-1)!, { create: true })
    const stream = await file.createWritable()
    await stream.write(bytes)
    await stream.close()
    count++
  }
  toast.success(
    count === 0
      ? `The folder ${folder.name} is up to date`
      : `Saved ${count} ${count === 1 ? 'file' : 'files'} to the folder ${folder.name}`,
  )
}

/** Reads the folder and shows what would change here; nothing does yet. */
export async function compareWithFolder(): Promise<void> {
  const folder = await folderOfWorkspace()
  const files = await contentsOf(await readHandle(folder))
  const changes = changesBetween(workspaceStore.getState().files, files)
  if (changes.length === 0) {
    toast.info(`The folder ${folder.name} holds the same as this workspace`)
    return
  }
  folderReview.setState({ review: { folder: folder.name, changes, files } })
  openDialog({ kind: 'folder' })
}

/** Opens a folder as a new workspace, which stays linked to it where the browser can. */
export async function openFolder(): Promise<void> {
  const handle = await pickFolder()
  await openAsNew(await contentsOf(await readHandle(handle)), handle.name, 'a folder')
  await linkFolder(openId(), handle)
}

/** The same for browsers without such folders, from an `<input webkitdirectory>`. */
export async function openPicked(picked: readonly File[]): Promise<void> {
  const files = new Map<string, File>()
  for (const file of picked) {
    const [, ...names] = file.webkitRelativePath.split('/')
    if (names.some((name) => IS_LEFT_OUT.test(name))) continue
    files.set(names.join('/'), file)
    if (files.size > MAX_FILES)
      throw new Error(`The folder has more than ${MAX_FILES} files, which a workspace may have.`)
  }
  const name = picked[0]?.webkitRelativePath.split('/')[0] ?? 'folder'
  await openAsNew(await contentsOf(files), name, 'a folder')
}
