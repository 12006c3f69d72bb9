// The whole workspace as a zip, large data files included, and archives that are opened here.
import { type FileContent, type Files, loadRemote } from '#workspace'
import { toast } from 'sonner'
import { contentFor, doJob, fileOf } from '../data/index.ts'
import { download } from '../ui/download.ts'
import { workspaceStore } from '../workspace/workspace.ts'
import { openDialog } from './dialog-store.ts'

/** Bytes of a file of the open workspace. Rejects for a large data file that this browser lacks. */
export async function bytesOf(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const blob = await fileOf(path)
  if (!blob) throw new Error(`There is no file ${path} any more.`)
  return new Uint8Array(await blob.arrayBuffer())
}

/** The open workspace as a zip; says which of its large data files this browser lacks. */
export async function downloadZip(): Promise<void> {
  const { entry, files: all } = workspaceStore.getState()
  const files = new Map<string, Uint8Array<ArrayBuffer>>()
  const lacking: string[] = []
  for (const path of all.keys()) {
    try {
      files.set(path, await bytesOf(path))
    } catch {
      lacking.push(path)
    }
  }
  if (lacking.length > 0)
    toast.warning(`Not in the zip, as this browser has them no more: ${lacking.join(', ')}`, {
      duration: 10_000,
    })
  const bytes = await doJob({ kind: 'zip', files })
  download(`${entry?.name ?? 'workspace'}.zip`, bytes, 'application/zip')
}

/** Opens files as a new workspace: the code of somebody, so nothing runs yet. Large data files are kept beside it. */
export async function openAsNew(files: Files, name: string, from: string): Promise<void> {
  const kept = new Map<string, FileContent>()
  for (const [path, content] of files) {
    const isData = path.startsWith('data/') && content instanceof Uint8Array
    kept.set(path, isData ? await contentFor(new Blob([content]), path) : content)
  }
  await workspaceStore
    .getState()
    .newWorkspace({ name, files: kept, origin: { kind: 'link', from } })
}

/** Archives of this computer may hold large data files, which are kept beside the workspace. */
const MAX_LOCAL_BYTES = 512 * 1024 * 1024

/** Opens an archive: a package is shown to be installed, a workspace opens as a new one. What fails is shown. */
export async function openArchive(file: File): Promise<void> {
  try {
    const { archiveFiles, asWorkspace } = await loadRemote()
    const bytes = new Uint8Array(await file.arrayBuffer())
    const files = await archiveFiles(bytes, file.name, MAX_LOCAL_BYTES)
    if (files.has('package.json') && !files.has('plugboard.yaml')) {
      openDialog({ kind: 'packages', archive: file })
      return
    }
    const name = file.name.replace(/\.(zip|tgz|tar\.gz)$/i, '').slice(0, 100)
    await openAsNew(asWorkspace(files, file.name), name, 'a zip')
    toast.success(`Opened ${file.name} as a new workspace`)
  } catch (error) {
    toast.error(error instanceof Error ? error.message : String(error), { duration: 10_000 })
  }
}
