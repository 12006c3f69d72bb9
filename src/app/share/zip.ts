// The whole workspace as a zip, large data files included, and archives that are opened here.
import { type FileContent, type Files, loadRemote } from '#workspace'
import { zip } from 'fflate'
import { toast } from 'sonner'
import { contentFor, fileOf } from '../data/index.ts'
import { download } from '../panels/artefacts/file-name.ts'
import { workspaceStore } from '../workspace/workspace.ts'
import { openDialog } from './dialog-store.ts'

/** Bytes of all files of the open workspace. Rejects where this browser lacks a large data file. */
export async function allBytes(): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  const all = new Map<string, Uint8Array<ArrayBuffer>>()
  for (const path of workspaceStore.getState().files.keys()) {
    const blob = await fileOf(path)
    if (blob) all.set(path, new Uint8Array(await blob.arrayBuffer()))
  }
  return all
}

/** A name for a file, from that of the workspace. */
export const fileNameOf = (name: string): string =>
  name.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[-.]+/, '') || 'workspace'

export async function downloadZip(): Promise<void> {
  const { entry } = workspaceStore.getState()
  const files = Object.fromEntries(await allBytes())
  const bytes = await new Promise<Uint8Array<ArrayBuffer>>((resolve, reject) => {
    zip(files, { level: 6, consume: true }, (error, data) =>
      error ? reject(error) : resolve(data),
    )
  })
  download(`${fileNameOf(entry?.name ?? 'workspace')}.zip`, bytes)
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
